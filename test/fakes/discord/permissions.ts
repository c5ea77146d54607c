import { refuse } from "./refusal.ts";
import { type Channel, permissionBits, type World } from "./world.ts";

type Permission = keyof typeof permissionBits;

export function holds(world: World, channel: Channel, permission: Permission): boolean {
  return (world.permissionsIn(channel) & permissionBits[permission]) !== 0n;
}

/** A channel that the bot may see. Without that it is told nothing of it but that it lacks access. */
export function seenChannel(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) refuse(404, 10_003, "Unknown Channel");
  if (!holds(world, channel, "viewChannel")) refuse(403, 50_001, "Missing Access");
  return channel;
}

export function needs(world: World, channel: Channel, permissions: readonly Permission[]): void {
  if (permissions.some((each) => !holds(world, channel, each))) refuse(403, 50_013, "Missing Permissions");
}

/** Passes when the bot may write what it wants to write: files and embeds have rights of their own. */
export function mayWrite(
  world: World,
  channel: Channel,
  what: { readonly embeds: boolean; readonly files: boolean; readonly reply: boolean },
): void {
  needs(world, channel, [
    channel.type === 11 || channel.type === 12 ? "sendMessagesInThreads" : "sendMessages",
    ...(what.embeds ? (["embedLinks"] as const) : []),
    ...(what.files ? (["attachFiles"] as const) : []),
  ]);
  if (what.reply && !holds(world, channel, "readMessageHistory"))
    refuse(400, 160_002, "Cannot reply without permission to read message history");
  const recipient = channel.recipient === undefined ? undefined : world.users.get(channel.recipient);
  const reachable = recipient && !recipient.closed && !recipient.bot && world.members.has(recipient.id);
  if (channel.type === 1 && !reachable) refuse(403, 50_007, "Cannot send messages to this user");
  if (channel.locked) refuse(403, 160_005, "Thread is locked");
}
