import type { Pace } from "../chat/pacing.ts";

/**
 * Discord allows a bot 50 calls a second in all and 5 messages in 5 s to a channel; its headers say what holds now. Its client learns of a
 * bucket from the first answer, so that what a new process sends at once has to fit without that; a call is a little under way.
 */
export const discordOverall: Pace = { perSecond: 40, burst: 40 };
export const discordInChannel: Pace = { perSecond: 1, burst: 5, withinMs: 5_250 };
