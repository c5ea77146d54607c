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
}

/** The silence that keeps an alert from people at a time, the one that lasts longest. */
export function silenceFor(silences: readonly Silence[], labels: AlertLabels, at: number): Silence | undefined {
  return silences
    .filter((each) => each.from <= at && at < each.until && unmetBy(labels, each.matchers) === undefined)
    .reduce<Silence | undefined>((best, each) => (best && best.until >= each.until ? best : each), undefined);
}
