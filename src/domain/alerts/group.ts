import type { CardAction, Tone } from "../messages/card.ts";
import type { Called } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";
import type { ActiveAlert } from "./alert.ts";
import { severityRank } from "./firing.ts";
import type { AlertLabels } from "./matcher.ts";
import type { RouteVerbosity } from "./routing.ts";
import type { Snooze } from "./snooze.ts";

type Severity = ActiveAlert["severity"];

/** Whose course is drawn for an alert: a rule of its system, or what its source links to, where that is a rule of a known backend. */
export type AlertGraph =
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "link"; readonly link: string };

/** What helps whoever reads of an alert: as the configuration had it when the alert came. */
export interface AlertGuide {
  readonly graph?: AlertGraph;
  readonly hint?: string;
  readonly links: readonly { readonly name: string; readonly value: string }[];
  readonly actions: readonly CardAction[];
}

/** Alerts that share one message of one channel, from its first alert until all of them are over. */
export interface AlertGroup extends AlertGuide {
  /** Where it is told and what its alerts have in common: the next message of the same is of the same group. */
  readonly id: string;
  /** When its message began, store time in ms: with the id, what one message is told from the next by. */
  readonly opened: number;
  /** Counts what became of it; a message shows one of these. */
  readonly rev: number;
  /** The route that brought it here; empty where none did. */
  readonly route: string;
  /** The id of the configured channel. */
  readonly channel: string;
  readonly place: Place;
  readonly labels: AlertLabels;
  readonly system: string;
  readonly tone: Tone;
  readonly owners: readonly string[];
  readonly calls: readonly Called[];
  readonly verbosity: RouteVerbosity;
  /** How long its first post waits for others, in ms, where nothing in it is critical. */
  readonly waitMs: number;
  /** When the storm began into whose summary it is folded: it has no message of its own while that lasts. */
  readonly folded?: number;
  /** It waits with what is urgent. */
  readonly urgent: boolean;
  readonly firing: number;
  readonly critical: number;
  readonly over: number;
  readonly worst: Severity;
  /** When the first of its alerts began, and when the last was over, ms. */
  readonly since: number;
  readonly endedAt?: number;
  /** When its message, and what is said under it, are due at the latest, store time in ms. */
  readonly owedAt: number;
  readonly changesAt: number;
  /** When it last changed. */
  readonly at: number;
}

/** What last became of an alert of a group. */
export type MemberChange =
  | "new"
  | "again"
  | "over"
  | "acknowledged"
  | "unacknowledged"
  /** The time is over for which somebody had it. */
  | "lapsed"
  | "silenced"
  | "unsilenced"
  /** It is more severe than it was. */
  | "worse"
  /** The time is over for which it was snoozed, and it fires on. */
  | "awake";

/** One alert in a group, whatever number of times it fired. */
export interface GroupMember {
  /** The message that it is in: the group's id and when it opened. */
  readonly group: string;
  readonly opened: number;
  /** Of all episodes of the alert: 64 hex digits. */
  readonly alert: string;
  /** What people type to name it. */
  readonly code: string;
  readonly severity: Severity;
  readonly ownSeverity: string;
  readonly summary: string;
  readonly link?: string;
  readonly since: number;
  readonly state: "firing" | "over";
  readonly endedAt?: number;
  /** Its end was never sent: it was found by looking at its sender. */
  readonly unsent?: true;
  /** How often it began to fire. */
  readonly comings: number;
  readonly ack?: { readonly name: string; readonly at: number } | undefined;
  /** Until when a silence for it holds, store time in ms. */
  readonly silencedUntil?: number | undefined;
  /** From whom notifications of it are withheld here; some may be over. */
  readonly snoozes?: readonly Snooze[];
  /** What last became of it that people are to be told, when, and at which revision of its group. */
  readonly change: {
    readonly what: MemberChange;
    readonly at: number;
    readonly rev: number;
    /** Of those who are called for it these alone (`surface:id`). */
    readonly only?: readonly string[];
  };
}

/** What comes again so soon after it was over is the same trouble, in the same message, ms. */
export const flapMs = 300_000;

/** How long an edit may wait for others, by the worst severity in it, ms: Slack takes 50 edits a minute of a whole workspace. */
const editWaitMs = { critical: 2_000, warning: 10_000, info: 30_000 } as const;
/** How long what is said under a message may wait for more, ms. */
const changesWaitMs = { critical: 5_000, warning: 20_000, info: 45_000 } as const;

export function worseOf(a: Severity, b: Severity): Severity {
  return severityRank[a] <= severityRank[b] ? a : b;
}

/**
 * When a message is due: at once where something critical begins, else together with what comes meanwhile. `isWaiting`: what it
 * showed last is not all that was so before, and what comes later holds that up no longer.
 */
export function dueAt(
  group: Pick<AlertGroup, "rev" | "owedAt" | "worst" | "critical" | "waitMs">,
  { now, isWaiting }: { readonly now: number; readonly isWaiting: boolean },
): number {
  const isFirst = group.rev === 0;
  const waitMs = isFirst ? (group.critical > 0 ? 0 : group.waitMs) : editWaitMs[group.worst];
  return isWaiting ? Math.min(group.owedAt, now + waitMs) : now + waitMs;
}

/** When what is said under it is due. */
export function changesDueAt({ changesAt, worst }: Pick<AlertGroup, "changesAt" | "worst">, now: number): number {
  const due = now + changesWaitMs[worst];
  return changesAt > now ? Math.min(changesAt, due) : due;
}

/** Which kind of event a change is, as the verbosity of routes has them. */
export function verbosityOf(verbosity: RouteVerbosity, change: MemberChange): RouteVerbosity["firing"] {
  switch (change) {
    case "new":
    // Nobody looks after it any more, or it is worse than people know: that is as much news as that it began.
    case "lapsed":
    case "worse":
    case "awake":
      return verbosity.firing;
    case "again":
      return verbosity.flapping;
    case "over":
      return verbosity.resolved;
    case "acknowledged":
    case "unacknowledged":
      return verbosity.acknowledged;
    case "silenced":
    case "unsilenced":
      return verbosity.silenced;
  }
}

/** The group once one of its alerts was so before and is so now. */
export function withMember(group: AlertGroup, before: GroupMember | undefined, after: GroupMember): AlertGroup {
  const counts = {
    firing: group.firing - isFiring(before) + isFiring(after),
    critical: group.critical - isCritical(before) + isCritical(after),
    over: group.over - (before ? 1 - isFiring(before) : 0) + (1 - isFiring(after)),
  };
  const { endedAt, ...rest } = group;
  const ended = after.state === "over" ? Math.max(endedAt ?? 0, after.endedAt ?? 0) : endedAt;
  return {
    ...rest,
    ...counts,
    worst: worseOf(group.worst, after.severity),
    since: Math.min(group.since, after.since),
    ...(ended !== undefined && { endedAt: ended }),
  };
}

function isFiring(member: GroupMember | undefined): number {
  return member?.state === "firing" ? 1 : 0;
}

function isCritical(member: GroupMember | undefined): number {
  return member?.state === "firing" && member.severity === "critical" ? 1 : 0;
}
