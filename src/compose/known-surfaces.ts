import { consoleTraits } from "../bot/console/traits.ts";
import { terminalTraits } from "../bot/terminal/traits.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";
import { discordPlatform } from "./discord.ts";
import type { Platform } from "./platform.ts";
import { slackPlatform } from "./slack.ts";

/** The chat platforms: one line each. */
export const platforms: readonly Platform[] = [slackPlatform, discordPlatform];

/** Every surface there is, whether it runs or not. */
export const knownSurfaces: readonly SurfaceTraits[] = [
  consoleTraits,
  terminalTraits,
  ...platforms.map((platform) => platform.traits),
];
