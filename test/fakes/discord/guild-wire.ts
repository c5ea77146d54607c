import { channelWire, memberWire, rolesWire } from "./wire.ts";
import { permissionBits, type World } from "./world.ts";

/** The flag of a channel whose name and topic are withheld: since 2026-11-16, what a bot may not view. */
const obfuscated = 1 << 17;

/** The guild as a session is told of it at its start: with every channel, and the threads that the bot may see. */
export function guildWire(world: World): Record<string, unknown> {
  const seen = [...world.channels.values()].filter(
    (channel) => (world.permissionsIn(channel) & permissionBits.viewChannel) !== 0n,
  );
  const ofType = (type: number) => seen.filter((each) => each.type === type).map((each) => channelWire(each, world));
  const hidden = [...world.channels.values()]
    .filter((channel) => channel.type === 0 && !seen.includes(channel))
    .map((channel) => ({ ...channelWire(channel, world), name: "___hidden___", topic: null, flags: obfuscated }));
  return {
    id: world.guild,
    name: "Fake",
    owner_id: "1",
    roles: rolesWire(world),
    channels: [...ofType(0), ...hidden],
    threads: [...ofType(11), ...ofType(12)].filter((thread) => !world.channels.get(String(thread["id"]))?.archived),
    members: [memberWire(world.botUser, world)],
    member_count: world.members.size,
    emojis: [],
    stickers: [],
    features: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    large: false,
    unavailable: false,
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    preferred_locale: "en-US",
    premium_tier: 0,
    nsfw_level: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    system_channel_flags: 0,
    afk_timeout: 300,
    application_id: null,
    description: null,
    icon: null,
  };
}
