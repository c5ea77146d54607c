import { z } from "zod";
import { everySystem } from "../people/policy.ts";
import { Duration } from "../text/duration.ts";
import { span } from "../text/quantities.ts";
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
  /** Two people agreed that it holds back what is never muted as well. */
  readonly worst?: true | undefined;
}

/** So long before its end it is said where what still fires will be told, ms; of one that is hardly longer nothing is. */
export const endsSoonMs = 600_000;

/** Whether it is to be said now that a silence ends soon, wherever it was made. */
export function endsSoon({ from, until }: Pick<Silence, "from" | "until">, now: number): boolean {
  return until > now && until - now <= endsSoonMs && until - from >= 2 * endsSoonMs;
}

/** A silence as one sender's Alertmanager has it, or is to have it. */
export interface SilenceThere {
  readonly sender: string;
  /** Its conditions on the labels that the sender's alerts have. */
  readonly match: string;
  /** What Alertmanager calls it, once it is there. */
  readonly id?: string | undefined;
  /** When the Alertmanagers were started that had it when it was last seen there, in their own words. */
  readonly starts?: readonly string[];
  /** They lost it and it is made again: how often, and when that was last found, store time in ms. */
  readonly lost?: { readonly times: number; readonly at: number };
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

/** Longer ones are forgotten, whoever agreed: what has to be silent for longer is a rule or a route to be changed. */
export const longestSilenceMs = 30 * 86_400_000;

/** What one person may silence alone; the rest would hide what nobody has thought of. */
export const SilencesInFile = z.strictObject({
  /** Of so many alerts at once. */
  mostAlone: z.int().min(0).max(10_000).default(50),
  /** For so long. */
  longestAlone: Duration.prefault("24h"),
});
export type SilencesInFile = z.output<typeof SilencesInFile>;

/** Why it takes two people, as what follows `because`; undefined where one may do it alone. */
export function whyTwoSilence(
  asked: {
    readonly matchers: readonly Matcher[];
    readonly ms: number;
    /** How many alerts it would silence now, and the first of them that is never muted. */
    readonly count: number;
    readonly untouchable: string | undefined;
  },
  { mostAlone, longestAlone }: SilencesInFile,
): string | undefined {
  const { matchers, ms, count, untouchable } = asked;
  if (untouchable !== undefined) return `${untouchable} is never muted`;
  if (ms > longestAlone) return `it would last longer than ${span(longestAlone)}`;
  if (count > mostAlone) return `it would silence ${count} alerts at once`;
  const isNamed = matchers.some(
    ({ label, operator, value }) => operator === "=" && value !== "" && (label === "alertname" || label === "system"),
  );
  return isNamed ? undefined : "it names neither an alertname nor a system by its value";
}

/** The systems that conditions name, by one value or as `a|b`; `everySystem` where they say it in another way, or not at all. */
export function systemsNamed(matchers: readonly Matcher[]): readonly string[] {
  const named = matchers.flatMap(({ label, operator, value }) => {
    if (label !== "system" || !/^[a-z0-9-]+(?:\|[a-z0-9-]+)*$/.test(value)) return [];
    return operator === "=" ? [[value]] : operator === "=~" ? [value.split("|")] : [];
  });
  // Each condition has to be met: the shortest list is all that can be.
  return named.reduce<readonly string[]>(
    (few, each) => (few.includes(everySystem) || each.length < few.length ? [...new Set(each)] : few),
    [everySystem],
  );
}

/** The silence that keeps an alert from people at a time, the one that lasts longest; few do for what is never muted. */
export function silenceFor(
  silences: readonly Silence[],
  { labels, isNeverMuted }: { readonly labels: AlertLabels; readonly isNeverMuted: boolean },
  at: number,
): Silence | undefined {
  return silences
    .filter((each) => !isNeverMuted || each.worst)
    .filter((each) => each.from <= at && at < each.until && unmetBy(labels, each.matchers) === undefined)
    .reduce<Silence | undefined>((best, each) => (best && best.until >= each.until ? best : each), undefined);
}
