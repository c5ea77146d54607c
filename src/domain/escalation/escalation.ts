import { flapMs } from "../alerts/group.ts";
import { type MatrixClass, type MatrixLevel, nextDaily } from "./matrix.ts";

/** What became of a level: told, passed over because a higher one was due as well, or covered by what was told before it was planned. */
export type RungState = "paged" | "missed" | "covered";

export interface Rung {
  readonly level: number;
  readonly state: RungState;
  /** When, store time in ms; of one that comes back the last time. */
  readonly at: number;
  /** The page that told it. */
  readonly page?: string;
}

/** Why nobody is called for an alert now. */
export interface EscalationHold {
  readonly why: "acknowledged" | "silenced";
  /** Whose it is. */
  readonly name: string;
  readonly at: number;
}

/** How far an alert has been taken while nobody had it. Times are store times in ms. */
export interface Escalation {
  /** What people type to name the alert. */
  readonly code: string;
  readonly system: string;
  readonly summary: string;
  /** The key of the episode that it is about. */
  readonly episode: string;
  /** When the alert began. */
  readonly since: number;
  /** The class that it is planned by; empty where it is of none any more. */
  readonly class: string;
  /** When it would have been told first, had it been nobody's ever since: each level is due so long after. */
  readonly anchor: number;
  /** When it last went on, after it was somebody's or over. */
  readonly resumedAt: number;
  readonly hold?: EscalationHold;
  readonly endedAt?: number;
  readonly rungs: readonly Rung[];
  /** Ids of the groups that it is told in. */
  readonly groups: readonly string[];
}

/** With what comes next, as it was planned last. */
export interface EscalationShown extends Escalation {
  readonly next?: { readonly at: number; readonly level?: number };
}

/** The next thing to happen by time alone. */
export interface DueLevel {
  readonly level: MatrixLevel;
  readonly at: number;
}

/** When each level is due that is yet to come, in their order; nothing while somebody has the alert, or it is over. */
export function levelsToCome(escalation: Escalation, { levels }: Pick<MatrixClass, "levels">): readonly DueLevel[] {
  if (escalation.hold || escalation.endedAt !== undefined) return [];
  return levels.flatMap((level) => {
    const at = dueOf(escalation, level);
    return at === undefined ? [] : [{ level, at }];
  });
}

function dueOf({ anchor, resumedAt, rungs }: Escalation, level: MatrixLevel): number | undefined {
  const rung = rungs.find((each) => each.level === level.number);
  const from = Math.max(anchor, resumedAt, rung?.at ?? 0);
  if (level.daily) return nextDaily(level.daily, from);
  if (!rung) return anchor + (level.afterMs ?? 0);
  return level.everyMs === undefined ? undefined : from + level.everyMs;
}

/** The first moment at which there is something to do; undefined where there is nothing more. */
export function nextDue(escalation: Escalation, plan: Pick<MatrixClass, "levels">): DueLevel | undefined {
  return levelsToCome(escalation, plan).toSorted((one, other) => one.at - other.at)[0];
}

/** What is to be told at a time: the highest level that is due, and those below it that nobody was told of. */
export interface EscalationStep {
  readonly level: MatrixLevel;
  readonly missed: readonly MatrixLevel[];
}

/** Undefined where nothing is due. What was slept through is told once, by the highest level of it. */
export function stepOf(
  escalation: Escalation,
  plan: Pick<MatrixClass, "levels">,
  now: number,
): EscalationStep | undefined {
  const due = levelsToCome(escalation, plan).filter(({ at }) => at <= now);
  const level = due.at(-1)?.level;
  return level && { level, missed: due.slice(0, -1).map((each) => each.level) };
}

/** Once the step was taken: the page tells its level. */
export function afterStep(
  escalation: Escalation,
  { level, missed }: EscalationStep,
  { now, page }: { readonly now: number; readonly page: string },
): Escalation {
  const taken: readonly Rung[] = [
    ...missed.map((each): Rung => ({ level: each.number, state: "missed", at: now })),
    { level: level.number, state: "paged", at: now, page },
  ];
  const rest = escalation.rungs.filter((rung) => !taken.some((each) => each.level === rung.level));
  return { ...escalation, rungs: [...rest, ...taken].toSorted((one, other) => one.level - other.level) };
}

/** Somebody has it, or it is kept from people: nobody is called from then on. The first hold stands. */
export function putOnHold(escalation: Escalation, hold: EscalationHold): Escalation {
  if (escalation.endedAt !== undefined || escalation.hold?.why === "acknowledged") return escalation;
  const at = escalation.hold?.at ?? Math.max(hold.at, escalation.anchor);
  return { ...escalation, hold: { ...hold, at } };
}

/** Nobody has it any more: it goes on where it was, and the time in between does not count. */
export function resumed(escalation: Escalation, now: number): Escalation {
  const { hold, ...rest } = escalation;
  return hold ? { ...rest, anchor: rest.anchor + Math.max(0, now - hold.at), resumedAt: now } : escalation;
}

/** The alert is over. */
export function endedAt(escalation: Escalation, now: number): Escalation {
  return escalation.endedAt === undefined ? { ...resumed(escalation, now), endedAt: now } : escalation;
}

/** The same alert as it fires now. */
export type EscalationNow = Pick<Escalation, "code" | "system" | "summary" | "episode" | "since" | "groups">;

/** A plan for an alert that nobody was called for. */
export function begun(alert: EscalationNow, plan: MatrixClass, now: number): Escalation {
  return { ...alert, class: plan.id, anchor: now, resumedAt: now, rungs: [] };
}

/**
 * What stands of an alert once it is told again. One that comes back soon after it was over is the same trouble and goes on where it
 * was; later, it begins anew. One of another class is planned anew from when it was first told: a worse one has everything yet to
 * come, and of a milder one what is due already counts as told.
 */
export function escalationAfter(
  before: Escalation | undefined,
  alert: EscalationNow,
  { plan, isWorse, now }: { readonly plan: MatrixClass | undefined; readonly isWorse: boolean; readonly now: number },
): Escalation | undefined {
  const standing = before && revived(before, alert, now);
  if (!standing) return plan && begun(alert, plan, now);
  const { code, system, summary, episode, since, groups } = alert;
  const told = { ...standing, code, system, summary, episode, since, groups };
  if (!plan) return { ...told, class: "", rungs: [] };
  if (plan.id === standing.class) return told;
  const anew: Escalation = { ...told, class: plan.id, rungs: [] };
  if (isWorse || standing.class === "") return anew;
  const { hold, ...free } = anew;
  // While somebody has it no time passes.
  const by = hold?.at ?? now;
  const covered = levelsToCome(free, plan).filter(({ level, at }) => level.daily === undefined && at <= by);
  return {
    ...anew,
    rungs: covered.map(({ level }): Rung => ({ level: level.number, state: "covered", at: now })),
  };
}

/** Undefined where what was before is another trouble. */
function revived(before: Escalation, { episode }: EscalationNow, now: number): Escalation | undefined {
  const { endedAt: over, ...rest } = before;
  if (over === undefined) return before.episode === episode ? before : resumed(before, now);
  if (now - over >= flapMs) return undefined;
  return { ...rest, anchor: rest.anchor + (now - over), resumedAt: now };
}
