import { PermissionFlagsBits } from "discord.js";

/** What the bot needs in its channels, and no more. */
export const neededPermissions = {
  "View Channels": PermissionFlagsBits.ViewChannel,
  "Send Messages": PermissionFlagsBits.SendMessages,
  "Create Public Threads": PermissionFlagsBits.CreatePublicThreads,
  "Send Messages in Threads": PermissionFlagsBits.SendMessagesInThreads,
  "Embed Links": PermissionFlagsBits.EmbedLinks,
  "Attach Files": PermissionFlagsBits.AttachFiles,
  "Read Message History": PermissionFlagsBits.ReadMessageHistory,
} as const;

/** What it needs besides where incidents have rooms. */
export const roomPermissions = {
  "Create Private Threads": PermissionFlagsBits.CreatePrivateThreads,
  "Pin Messages": PermissionFlagsBits.PinMessages,
} as const;

/** The link that brings the bot into a server with what it needs. */
export function inviteLink(application: string): string {
  const permissions = Object.values({ ...neededPermissions, ...roomPermissions }).reduce((all, bit) => all | bit, 0n);
  const query = new URLSearchParams({
    client_id: application,
    scope: "bot applications.commands",
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

interface Overwrite {
  readonly id: string;
  readonly allow: string;
  readonly deny: string;
}

/**
 * The names of what a member lacks in a channel, by Discord's rules: what its roles give, then the channel's overwrites
 * for everyone, for its roles together, and for itself. Administrators lack nothing.
 */
export function missingPermissions(where: {
  readonly guild: string;
  readonly member: { readonly id: string; readonly roles: readonly string[] };
  readonly roles: readonly { readonly id: string; readonly permissions: string }[];
  readonly overwrites: readonly Overwrite[];
  /** Incidents have rooms there. */
  readonly hasRooms?: boolean;
}): string[] {
  const { guild, member, roles, overwrites, hasRooms = false } = where;
  const own = roles.filter((role) => role.id === guild || member.roles.includes(role.id));
  let held = own.reduce((all, role) => all | BigInt(role.permissions), 0n);
  if ((held & PermissionFlagsBits.Administrator) !== 0n) return [];
  const apply = (chosen: readonly Overwrite[]): void => {
    held &= ~chosen.reduce((all, each) => all | BigInt(each.deny), 0n);
    held |= chosen.reduce((all, each) => all | BigInt(each.allow), 0n);
  };
  apply(overwrites.filter((each) => each.id === guild));
  apply(overwrites.filter((each) => member.roles.includes(each.id)));
  apply(overwrites.filter((each) => each.id === member.id));
  return Object.entries({ ...neededPermissions, ...(hasRooms && roomPermissions) })
    .filter(([, bit]) => (held & bit) === 0n)
    .map(([name]) => name);
}
