import { readFile } from "node:fs/promises";

/** The user and group that a program runs as; the bot's own when empty. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

type Found = { readonly ok: true; readonly as: RunAs } | { readonly ok: false; readonly why: string };

/** A user of this machine by name, for whom only root may start something. */
export async function userOf(name: string | undefined): Promise<Found> {
  if (name === undefined) return { ok: true, as: {} };
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  const entry = users.split("\n").find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = entry?.split(":") ?? [];
  if (!/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? ""))
    return { ok: false, why: `this machine has no user ${name}: add it, or name another as user` };
  const own = process.getuid?.();
  if (own === Number(uid)) return { ok: true, as: {} };
  if (own !== 0)
    return { ok: false, why: `only root may start something as ${name}: run the bot as ${name}, or leave user out` };
  return { ok: true, as: { uid: Number(uid), gid: Number(gid) } };
}
