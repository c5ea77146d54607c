import type { Pace } from "../chat/pacing.ts";

/** Discord allows a bot 50 calls a second in all and 5 messages in 5 s to a channel; its headers say what holds now. */
export const discordOverall: Pace = { perSecond: 40, burst: 40 };
export const discordInChannel: Pace = { perSecond: 1, burst: 5 };
