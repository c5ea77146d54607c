import { consoleTraits } from "../bot/console/traits.ts";
import { discordTraits } from "../bot/discord/traits.ts";
import { slackTraits } from "../bot/slack/traits.ts";
import { terminalTraits } from "../bot/terminal/traits.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";

/** Every surface there is, whether it runs or not. */
export const knownSurfaces: readonly SurfaceTraits[] = [consoleTraits, terminalTraits, slackTraits, discordTraits];
