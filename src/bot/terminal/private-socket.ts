import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";

export const terminalSocketName = "terminal.sock";

/**
 * Why a socket may not be given a token; undefined when it may. It and its folder have to belong to this user, or for root
 * to one and the same user, and nobody else may be let into the folder: else another's listener could stand there. Throws
 * the system's error when it is not there.
 */
export function distrustOf(socket: string): string | undefined {
  const [folder, itself] = [lstatSync(dirname(socket)), lstatSync(socket)];
  const user = process.getuid?.();
  if (!itself.isSocket()) return `${socket} is not a socket.`;
  if (!folder.isDirectory()) return `${dirname(socket)} is not a folder.`;
  if (user === undefined) return undefined;
  if (itself.uid !== folder.uid || !isOwn(folder, user))
    return `${socket} belongs to another user: it would learn your token.`;
  return (folder.mode & 0o077) === 0
    ? undefined
    : `${dirname(socket)} lets others in: one of them could learn your token.`;
}

function isOwn({ uid }: Stats, user: number): boolean {
  return uid === user || user === 0;
}
