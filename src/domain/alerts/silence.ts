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
