import type { ActiveAlert } from "./alert.ts";

/** Somebody looks after an alert. It silences nothing. */
export interface Ack {
  /** What the alert is called where people type. */
  readonly code: string;
  readonly system: string;
  readonly summary: string;
  readonly by: { readonly person: string; readonly name: string; readonly account: string };
  readonly at: number;
  /** Nobody has it from then on, store time in ms; until it is over where left out. */
  readonly until?: number;
}

/** Who needs it for longer acknowledges it again, ms. */
export const longestAckMs = 7 * 86_400_000;

/** An alert that tells no time of its own cannot be told from its next episode: it is acknowledged for so long. */
const withoutTimeMs = 12 * 3_600_000;
/** What stops and fires again so soon after it was acknowledged is the same trouble, and sources round their times. */
const sameTroubleMs = 120_000;

/** It was given in this episode: an alert that was over and fires again is nobody's yet. */
export function isStillGiven(ack: Ack, alert: Pick<ActiveAlert, "since">, now: number): boolean {
  if (ack.until !== undefined && now >= ack.until) return false;
  return alert.since === undefined ? now - ack.at < withoutTimeMs : alert.since <= ack.at + sameTroubleMs;
}
