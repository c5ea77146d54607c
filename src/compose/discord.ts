import { discordTraits } from "../bot/discord/traits.ts";
import { commandsFor } from "./configuration.ts";
import { namedOn } from "./named-on.ts";
import type { Platform } from "./platform.ts";

export const discordPlatform: Platform = {
  traits: discordTraits,
  async open(shared, { access: { discord }, config }) {
    if (!discord) return undefined;
    const { createDiscordSurface } = await import("../bot/discord/surface.ts");
    const hasRooms = namedOn("discord", config).rooms.length > 0;
    return createDiscordSurface(shared, { ...discord, ...config.discord, hasRooms });
  },
  async examine({ discord }, config, { channels, groups, rooms }) {
    if (!discord) return undefined;
    const { examineDiscord } = await import("../bot/discord/doctor.ts");
    return examineDiscord({ ...discord, channels, rooms, roles: groups, commands: commandsFor(config) });
  },
};
