import { longestDeadlineMs, type Operation } from "../../domain/systems/operation.ts";
import { budgetsOf, unlookable } from "../../domain/systems/plan-operation.ts";
import type { StepKinds } from "../../domain/systems/steps.ts";
import { showWait } from "../../domain/text/duration.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";

interface Place {
  readonly source: SourceText;
  readonly path: Path;
}

/** What would make of a lost answer a wrong one, and what nobody could ever find out about one. */
export function wrongAboutLostAnswers(kinds: StepKinds, operation: Operation, place: Place): ConfigProblem[] {
  return [...shortDeadline(kinds, operation, place), ...acts(kinds, operation, place)];
}

/** A deadline that ends while a step may still be under way would have its outcome looked up, and settled, too early. */
function shortDeadline(kinds: StepKinds, operation: Operation, { source, path }: Place): ConfigProblem[] {
  const { hardDeadlineMs } = operation;
  const needed = budgetsOf(kinds, operation);
  if (hardDeadlineMs === undefined || hardDeadlineMs >= needed) return [];
  const message = `the deadline of ${showWait(hardDeadlineMs)} is over before its steps and checks are, which may take ${showWait(needed)} together`;
  const shorten = "Leave it out, and it is as long as they need";
  const remedy = needed > longestDeadlineMs ? `${shorten}.` : `Write at least ${needed}. ${shorten}.`;
  return [problemAt(source, [...path, "hardDeadlineMs"], { message, remedy })];
}

/** What is urgent is sent again until it is read back, so that nothing need be looked up. */
function acts(kinds: StepKinds, operation: Operation, { source, path }: Place): ConfigProblem[] {
  if (operation.urgent && operation.verify.length > 0) return [];
  return unlookable(kinds, operation).map(({ index, remedy = "Write it as a step that can be looked up." }) => {
    const message =
      "should the answer to this step be lost, nobody can look up whether it happened: its target then stays locked until two people have settled it with `confirm settle`";
    return problemAt(source, [...path, "steps", index], { severity: "warning", message, remedy });
  });
}
