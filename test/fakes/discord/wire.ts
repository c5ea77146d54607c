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

export function channelWire(channel: Channel, world: World): Record<string, unknown> {
  const base = { id: channel.id, type: channel.type, name: channel.name };
  if (channel.type === 1) return { id: channel.id, type: 1, recipients: [userWire(channel.recipient ?? "", world)] };
  if (channel.type === 11)
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
    topic: null,
  };
}

/** What the bot may not do in a channel stands there as an overwrite of its own. */
function overwrites({ permissions }: Channel, world: World): unknown[] {
  const denied = allPermissions & ~permissions;
  return denied === 0n ? [] : [{ id: world.botUser, type: 1, allow: "0", deny: String(denied) }];
}

export function messageWire(message: FakeMessage, world: World): Record<string, unknown> {
  const channel = world.channels.get(message.channel);
  return {
    id: message.id,
    channel_id: message.channel,
    channel_type: channel?.type ?? 0,
    ...(channel?.type !== 1 && { guild_id: world.guild }),
    author: userWire(message.author, world),
    ...(channel?.type !== 1 && { member: memberWire(message.author, world) }),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.edits > 0 ? new Date().toISOString() : null,
    tts: false,
    mention_everyone: false,
    mentions: message.content.includes(`<@${world.botUser}>`) ? [userWire(world.botUser, world)] : [],
    mention_roles: [],
    attachments: message.attachments.map(({ id, name, bytes }) => ({
      id,
      filename: name,
      size: bytes.length,
      url: `http://127.0.0.1/files/${id}`,
      proxy_url: `http://127.0.0.1/files/${id}`,
    })),
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    type: 0,
    flags: message.ephemeralFor === undefined ? 0 : 64,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
  };
}
