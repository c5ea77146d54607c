import { z } from "zod";
import { Place } from "../messages/place.ts";
import { unnumbered } from "../text/alike.ts";
import type { AlertGroup, GroupMember } from "./group.ts";
import { labelIn } from "./matcher.ts";

/** More messages of a channel in a minute than these are a storm: Slack takes about one a second of a channel, and edits are scarcer. */
const mostRoots = 15;
/** What is critical has messages of its own for longer, up to so many a minute. */
const mostUrgentRoots = 10;
const minuteMs = 60_000;
/** A storm is over once nothing new came for so long, ms. */
export const calmMs = 120_000;
/** How often the summary of a storm is brought up to date, ms. */
const summaryEveryMs = 6_000;
/** A summary is brought to the end of its channel once so many messages stand below it, and so seldom, ms. */
const mostBelow = 5;
const movedEveryMs = 60_000;
/** So many kinds of alerts are told apart in a summary. */
const mostNames = 40;

const Storm = z.object({
  /** Store time in ms: with the channel, what one storm is told from the next by. */
  began: z.number(),
  rev: z.number(),
  /** When the last alert was folded. */
  lastAt: z.number(),
  /** Alerts and groups of them that were folded. */
  alerts: z.number(),
  groups: z.number(),
  firing: z.number(),
  critical: z.number(),
  /** How many of them fire, by what they are called. */
  names: z.record(z.string(), z.number()),
  since: z.number(),
  owedAt: z.number(),
  overAt: z.number().exactOptional(),
  /** Its summary is brought to the end of the channel now and then: how often it was, when that was last, and how many messages stand below it. */
  part: z.number().default(0),
  partAt: z.number().default(0),
  below: z.number().default(0),
});
export type Storm = Readonly<z.output<typeof Storm>>;

/** How much has been posted in a channel lately, and the storm that it is in. */
export const Weather = z.object({
  channel: z.string(),
  place: Place,
  /** When messages about alerts began there, within a minute, store time in ms. */
  roots: z.array(z.number()),
  urgentRoots: z.array(z.number()),
  storm: Storm.exactOptional(),
});
export type Weather = Readonly<z.output<typeof Weather>>;

/** One more message is to begin in a channel: whether it does, or is folded into the summary of a storm. */
export function oneMoreRoot(
  before: Weather | undefined,
  of: Pick<Weather, "channel" | "place"> & { readonly isUrgent: boolean },
  now: number,
): { readonly weather: Weather; readonly folds: boolean } {
  const { isUrgent, channel, place } = of;
  const within = (times: readonly number[] = []): number[] => times.filter((at) => now - at < minuteMs);
  const [roots, urgentRoots] = [within(before?.roots), within(before?.urgentRoots)];
  const standing = before?.storm?.overAt === undefined ? before?.storm : undefined;
  const isStorm = standing !== undefined || roots.length >= mostRoots;
  const folds = isStorm && !(isUrgent && urgentRoots.length < mostUrgentRoots);
  if (!folds) {
    const last = before?.storm && { storm: withBelow(before.storm, 1) };
    const next = { roots: [...roots, now], urgentRoots: isUrgent ? [...urgentRoots, now] : urgentRoots };
    return { folds, weather: { channel, place, ...next, ...last } };
  }
  const storm = { ...(standing ?? newStorm(now)), lastAt: now };
  return { folds, weather: { channel, place, roots, urgentRoots, storm: { ...storm, groups: storm.groups + 1 } } };
}

function newStorm(began: number): Storm {
  const counts = { alerts: 0, groups: 0, firing: 0, critical: 0, part: 0, below: 0 };
  return { began, rev: 0, lastAt: began, ...counts, names: {}, since: began, owedAt: 0, partAt: began };
}

/** The storm once so many more messages about alerts stand below its summary. */
export function withBelow(storm: Storm, more: number): Storm {
  return { ...storm, below: storm.below + more };
}

/** The storm once an alert of a folded group was so before and is so now. */
export function foldedInto(
  storm: Storm,
  group: Pick<AlertGroup, "system" | "labels">,
  { before, after }: { readonly before: GroupMember | undefined; readonly after: GroupMember },
): Storm {
  const more = firing(after) - firing(before);
  // A rule for each stream or disk has a name for each; they are one kind of trouble.
  const name = unnumbered(`${group.system}: ${labelIn(group.labels, "alertname") || after.summary}`).slice(0, 100);
  const called = Object.hasOwn(storm.names, name) || Object.keys(storm.names).length < mostNames ? name : "others";
  return {
    ...storm,
    alerts: storm.alerts + (before ? 0 : 1),
    firing: storm.firing + more,
    critical: storm.critical + (after.severity === "critical" ? more : 0),
    names: { ...storm.names, [called]: (storm.names[called] ?? 0) + more },
    since: Math.min(storm.since, after.since),
  };
}

/** The storm as it is written in a commit: its summary is due at once when it begins, then now and then. */
export function stormWritten(storm: Storm, now: number): Storm {
  const due = storm.rev === 0 ? now : Math.max(now, storm.owedAt + summaryEveryMs);
  const next = { ...storm, rev: storm.rev + 1, owedAt: storm.owedAt > now ? storm.owedAt : due };
  const isLow = storm.below >= mostBelow && now - storm.partAt >= movedEveryMs;
  // That it is over is read where people look last.
  const isMoved = isLow || (storm.overAt === now && storm.below > 0);
  return isMoved ? { ...next, part: storm.part + 1, partAt: now, below: 0 } : next;
}

function firing(member: GroupMember | undefined): number {
  return member?.state === "firing" ? 1 : 0;
}
