import type { EscalationShown } from "../domain/escalation/escalation.ts";
import type { CardField } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";

/** How far one alert has been taken, and what comes next: `level 1 told 14:00:02 UTC, level 2 due 14:15:02 UTC (in 12 min)`. */
export function escalationWords({ rungs, hold, endedAt, next }: EscalationShown, now: number): string {
  const done = rungs.map(({ level, state, at }) =>
    state === "paged"
      ? `level ${level} told ${clock(at, now)}`
      : state === "missed"
        ? `level ${level} missed`
        : `level ${level} covered by what was told before`,
  );
  if (endedAt !== undefined) return [...done, `over ${clock(endedAt, now)}`].join(", ");
  if (hold)
    return [...done, hold.why === "acknowledged" ? `${hold.name} has it` : `silenced by ${hold.name}`].join(", ");
  if (next?.level === undefined)
    return done.length > 0 ? `${done.join(", ")}, nobody is left to tell` : "nobody is told of it by time";
  const due = next.at > now ? `${clock(next.at, now)} (in ${span(next.at - now)})` : "now";
  const isAgain = rungs.some(({ level, state }) => level === next.level && state === "paged");
  return [...done, `level ${next.level} ${isAgain ? "again" : "due"} ${due}`].join(", ");
}

/** One line for a message of several alerts: of the one that is the furthest. */
export function escalationFields(escalations: readonly EscalationShown[], now: number): readonly CardField[] {
  const [furthest] = escalations
    .filter((each) => each.class !== "" && each.endedAt === undefined)
    .toSorted(
      (one, other) => Number(one.hold !== undefined) - Number(other.hold !== undefined) || top(other) - top(one),
    );
  if (!furthest) return [];
  return [{ name: "Escalation", value: `${furthest.class}: ${escalationWords(furthest, now)}` }];
}

function top({ rungs }: EscalationShown): number {
  return Math.max(0, ...rungs.map(({ level }) => level));
}
