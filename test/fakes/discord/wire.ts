import { allPermissions, type Channel, type FakeMessage, type World } from "./world.ts";

/** Things of the world as Discord puts them on the wire. */
export function userWire(id: string, world: World): Record<string, unknown> {
  const user = world.users.get(id);
  return {
    id,
    username: user?.name ?? "gone",
    discriminator: "0",
    avatar: null,
    bot: user?.bot ?? false,
    global_name: user?.name ?? null,
  };
}

export function memberWire(id: string, world: World): Record<string, unknown> {
  return {
    user: userWire(id, world),
    roles: world.members.get(id) ?? [],
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    permissions: "2147483647",
    deaf: false,
    mute: false,
    flags: 0,
  };
}

export function roleWire(id: string, world: World): Record<string, unknown> {
  const everyone = id === world.guild;
  return {
    id,
    name: everyone ? "@everyone" : world.roles.get(id),
    permissions: everyone ? String(allPermissions) : "0",
    position: everyone ? 0 : 1,
    color: 0,
    hoist: false,
    managed: false,
    mentionable: world.mentionableRoles.has(id),
    flags: 0,
  };
}

export function rolesWire(world: World): Record<string, unknown>[] {
  return [world.guild, ...world.roles.keys()].map((id) => roleWire(id, world));
}

export function channelWire(channel: Channel, world: World): Record<string, unknown> {
  const base = { id: channel.id, type: channel.type, name: channel.name };
  if (channel.type === 1) return { id: channel.id, type: 1, recipients: [userWire(channel.recipient ?? "", world)] };
  if (channel.type === 11 || channel.type === 12)
    return {
      ...base,
      guild_id: world.guild,
      parent_id: channel.parent,
      owner_id: world.botUser,
      message_count: 0,
      member_count: 1,
      thread_metadata: {
        archived: channel.archived ?? false,
        auto_archive_duration: 60,
        archive_timestamp: "2026-01-01T00:00:00.000Z",
        locked: channel.locked ?? false,
      },
    };
  return {
    ...base,
    guild_id: world.guild,
    position: 0,
    permission_overwrites: overwrites(channel, world),
    parent_id: null,
    topic: channel.topic ?? null,
  };
}

/** What the bot may not do in a channel stands there as an overwrite of its own. */
function overwrites({ permissions }: Channel, world: World): unknown[] {
  const denied = allPermissions & ~permissions;
  return denied === 0n ? [] : [{ id: world.botUser, type: 1, allow: "0", deny: String(denied) }];
}

const ephemeralFlag = 64;
const loadingFlag = 128;

/** A message; `fresh` when it answers its own making or tells of it, which is the only time its nonce is shown. */
export function messageWire(message: FakeMessage, world: World, { fresh = false } = {}): Record<string, unknown> {
  const direct = world.channels.get(message.channel)?.type === 1;
  const people = message.mentions.filter((id) => world.users.has(id));
  return {
    id: message.id,
    channel_id: message.channel,
    channel_type: world.channels.get(message.channel)?.type ?? 0,
    ...(!direct && { guild_id: world.guild }),
    author: userWire(message.author, world),
    ...(!direct && { member: memberWire(message.author, world) }),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.edits > 0 ? new Date(world.now()).toISOString() : null,
    tts: false,
    mention_everyone: message.mentions.includes("everyone") || message.mentions.includes("here"),
    mentions: people.map((id) => userWire(id, world)),
    mention_roles: message.mentions.filter((id) => world.roles.has(id)),
    attachments: message.attachments.map(({ id, name, bytes }) => ({
      id,
      filename: name,
      size: bytes.length,
      url: `http://127.0.0.1/files/${id}`,
      proxy_url: `http://127.0.0.1/files/${id}`,
    })),
    embeds: message.embeds,
    components: message.components,
    pinned: message.pinned,
    type: message.reference === undefined ? 0 : 19,
    flags:
      message.flags | (message.ephemeralFor === undefined ? 0 : ephemeralFlag) | (message.thinking ? loadingFlag : 0),
    ...(message.reference !== undefined && {
      message_reference: {
        type: 0,
        message_id: message.reference,
        channel_id: message.channel,
        ...(!direct && { guild_id: world.guild }),
      },
    }),
    ...(message.answers && { application_id: world.application, ...interactionWire(message.answers, world) }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map((name) => ({
        count: 1,
        count_details: { burst: 0, normal: 1 },
        me: true,
        me_burst: false,
        burst_colors: [],
        emoji: { id: null, name },
      })),
    }),
    ...(fresh && message.nonce !== undefined && { nonce: message.nonce }),
  };
}

function interactionWire(
  { interaction: { id, type, user, source }, follows }: NonNullable<FakeMessage["answers"]>,
  world: World,
): Record<string, unknown> {
  return {
    interaction_metadata: {
      id,
      type,
      user: userWire(user, world),
      authorizing_integration_owners: {},
      ...(follows !== undefined && { original_response_message_id: follows }),
      ...(type === 3 && source !== undefined && { interacted_message_id: source }),
    },
  };
}

/** Who came into a thread, as the gateway tells it. */
export function threadMembersWire(thread: Channel, added: readonly string[], world: World): Record<string, unknown> {
  return {
    id: thread.id,
    guild_id: world.guild,
    member_count: Math.min(50, thread.members?.size ?? 0),
    added_members: added.map((user) => ({
      id: thread.id,
      user_id: user,
      join_timestamp: new Date(world.now()).toISOString(),
      flags: 1,
      member: memberWire(user, world),
      presence: null,
    })),
    removed_member_ids: [],
  };
}

/** What an application without the message content intent is shown of a message that does not concern it. */
export function withoutContent(
  wire: Readonly<Record<string, unknown>>,
  message: FakeMessage,
  world: World,
): Record<string, unknown> {
  const concerns =
    message.author === world.botUser ||
    message.mentions.includes(world.botUser) ||
    world.channels.get(message.channel)?.type === 1;
  return concerns ? { ...wire } : { ...wire, content: "", embeds: [], attachments: [], components: [] };
}
