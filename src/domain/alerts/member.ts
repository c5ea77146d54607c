import { severityRank } from "./firing.ts";
import { flapMs, type GroupMember, type MemberChange } from "./group.ts";
import type { Snooze } from "./snooze.ts";

/** An alert as it is now, wherever it is told. */
export interface AlertNow
  extends Pick<
    GroupMember,
    "alert" | "code" | "severity" | "ownSeverity" | "summary" | "link" | "since" | "state" | "endedAt" | "unsent"
  > {
  /** Who looks after it, where that was so before it was told. */
  readonly ack?: GroupMember["ack"] | undefined;
  /** From whom notifications of it are withheld, wherever that is. */
  readonly snoozes?: readonly Snooze[];
}

interface InGroup {
  readonly group: string;
  readonly opened: number;
  readonly at: number;
}

/** An alert in a group after something was told of it, and what that is to people; nothing where only words changed. */
export interface MemberStep {
  readonly member: Omit<GroupMember, "change">;
  readonly what?: MemberChange;
  /** Of those who are called for it these alone (`surface:id`). */
  readonly only?: readonly string[];
}

/** Undefined where what was told is of an episode before the one that stands: it is known to be over. */
export function memberStep(
  before: GroupMember | undefined,
  now: AlertNow,
  { group, opened, at }: InGroup,
): MemberStep | undefined {
  const member = { ...now, group, opened };
  if (!before) return { member: { ...member, comings: 1 }, what: now.state === "over" ? "over" : "new" };
  if (now.since < before.since) return undefined;
  const { comings, ack = now.ack, silencedUntil } = before;
  const isSoon = before.endedAt === undefined || at - before.endedAt < flapMs;
  if (now.since > before.since) {
    const what = now.state === "over" ? "over" : isSoon ? "again" : "new";
    return { member: { ...member, comings: comings + 1 }, what };
  }
  const kept = {
    ...member,
    comings,
    ...(ack && { ack }),
    ...(silencedUntil !== undefined && { silencedUntil }),
  };
  if (before.state === now.state) {
    const isWorse = now.state === "firing" && severityRank[now.severity] < severityRank[before.severity];
    return { member: kept, ...(isWorse && { what: "worse" as const }) };
  }
  return now.state === "over"
    ? { member: kept, what: "over" }
    : { member: { ...kept, comings: comings + 1 }, what: isSoon ? "again" : "new" };
}
