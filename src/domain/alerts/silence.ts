import { type AlertLabels, type Matcher, unmetBy } from "./matcher.ts";

/** Alerts that meet its conditions are not told while it holds. */
export interface Silence {
  readonly id: string;
  /** The conditions as they are written, and what they mean. */
  readonly match: string;
  readonly matchers: readonly Matcher[];
  readonly from: number;
  readonly until: number;
  readonly by: { readonly person: string; readonly name: string };
  readonly comment: string;
  /** Codes of the alerts that it silenced when it began, as far as they were looked at. */
  readonly codes: readonly string[];
  /** Where it is to be in Alertmanager as well, one for each sender; none where it is the bot's alone. */
  readonly there?: readonly SilenceThere[];
  /** It was said that it ends soon. */
  readonly warned?: true | undefined;
}

/** So long before its end it is said under what still fires, ms; of one that is hardly longer nothing is. */
const endsSoonMs = 600_000;

/** Whether it is to be said now that a silence ends soon. */
export function isWarnedOf({ from, until, warned }: Silence, now: number): boolean {
  return !warned && until > now && until - now <= endsSoonMs && until - from >= 2 * endsSoonMs;
}

/** A silence as one sender's Alertmanager has it, or is to have it. */
export interface SilenceThere {
  readonly sender: string;
  /** Its conditions on the labels that the sender's alerts have. */
  readonly match: string;
  /** What Alertmanager calls it, once it is there. */
  readonly id?: string | undefined;
  /** It is no longer to be there, and is not. */
  readonly over?: true | undefined;
  /** Why it could not be put there or ended there yet. */
  readonly fault?: string | undefined;
}

/** Times there are whole seconds: an end that is less than this before ours is the same, ms. */
const sameEndMs = 1_000;

/**
 * When a silence ends by what somebody did to it in an Alertmanager, where that is earlier than it would; `there` is what was read
 * of silences there, those that are over among them. Undefined where nobody did: one that is longer there is as long here as was asked.
 */
export function earlierEnd(
  { until, there = [] }: Silence,
  read: readonly { readonly id: string; readonly until: number }[],
): number | undefined {
  const ends = read.filter(({ id }) => there.some((each) => !each.over && each.id === id)).map((each) => each.until);
  const first = Math.min(...ends);
  return first < until - sameEndMs ? first : undefined;
}

/** What stands in the comment of a silence in Alertmanager: one that was made before a process died is found by it. */
export function silenceMark(id: string): string {
  return `(wardroom ${id})`;
}

/** It is yet to be put into some Alertmanager, or to be ended there. */
export function isOwedThere({ until, there = [] }: Silence, now: number): boolean {
  return there.some((each) => !each.over && (until <= now || each.id === undefined));
}

/** Longer silences, and those of more alerts than so many, would hide what nobody has thought of. */
export const longestSilenceMs = 24 * 3_600_000;
export const widestSilence = 50;

/** Why a silence may not be, as the start of a sentence; undefined where it may. */
export function silenceFault(asked: {
  readonly matchers: readonly Matcher[];
  readonly ms: number;
  /** How many alerts it would silence now, and the first of them that nothing may keep from people. */
  readonly count: number;
  readonly untouchable: string | undefined;
}): string | undefined {
  const { matchers, ms, count, untouchable } = asked;
  if (untouchable !== undefined) return `${untouchable} may be kept from nobody`;
  if (ms > longestSilenceMs) return "it would last longer than 24 hours";
  if (count > widestSilence) return `it would silence ${count} alerts at once`;
  if (!matchers.some(({ operator, value }) => operator === "=" && value !== ""))
    return "it names nothing that its alerts have to be, only what they may be";
  return undefined;
}

/** The silence that keeps an alert from people at a time, the one that lasts longest. */
export function silenceFor(silences: readonly Silence[], labels: AlertLabels, at: number): Silence | undefined {
  return silences
    .filter((each) => each.from <= at && at < each.until && unmetBy(labels, each.matchers) === undefined)
    .reduce<Silence | undefined>((best, each) => (best && best.until >= each.until ? best : each), undefined);
}
