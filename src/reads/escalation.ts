import type { EscalationShown } from "../domain/escalation/escalation.ts";
import type { EscalationMatrix, MatrixClass, MatrixLevel } from "../domain/escalation/matrix.ts";
import { type Reach, type ReachRules, reachOf } from "../domain/escalation/reach.ts";
import type { Place } from "../domain/messages/place.ts";
import type { Store } from "../domain/store.ts";
import { escalationShown, escalationsOn } from "../records/escalation.ts";
import { bookAt } from "../records/oncall-override.ts";

/** A level with whom it would call now. */
export interface LevelNow {
  readonly level: MatrixLevel;
  readonly reach: Reach;
}

/** A system's matrix, whom it would call now, and what is under way. */
export interface EscalationState {
  readonly system: string;
  readonly classes: readonly { readonly plan: MatrixClass; readonly levels: readonly LevelNow[] }[];
  readonly underWay: readonly EscalationShown[];
}

/** More are told of by `alerts`. */
const mostUnderWay = 200;

/** As it is now. `told`: the channels that alerts of the system are told in. */
export async function escalationState(
  store: Pick<Store, "list">,
  { system, classes }: EscalationMatrix,
  { told, ...rules }: ReachRules & { readonly told: readonly Place[] },
): Promise<EscalationState> {
  const book = await bookAt(store, rules.book, rules.now);
  const { found } = await escalationsOn(store, system, mostUnderWay);
  return {
    system,
    classes: classes.map((plan) => ({
      plan,
      levels: plan.levels.map((level) => ({ level, reach: reachOf(level, told, { ...rules, book }) })),
    })),
    underWay: found.map(escalationShown).filter((each) => each.class !== ""),
  };
}
