import { z } from "zod";
import type { Plan, PlannedRead, PlannedStep } from "../approvals/plan.ts";
import { leaseMarginMs } from "../approvals/run.ts";
import { ownValue } from "../own-value.ts";
import { type ArgumentValue, textOfDatum } from "./exact.ts";
import type { Operation } from "./operation.ts";
import {
  type ArgumentValues,
  argumentsIn,
  fillText,
  fillValue,
  type Placeholder,
  type PlanValues,
} from "./placeholders.ts";
import { type ReadKinds, readKindOf } from "./reads.ts";
import type { Step, StepKind, StepKinds } from "./steps.ts";

type Given<Key extends "fallback" | "followUp"> = NonNullable<Operation[Key]>;
type Planned<Key extends "fallback" | "followUp"> = NonNullable<Plan[Key]>;

/** Makes plans of operations, with the kinds of step that there are. */
export interface Planner {
  /** What is read as data for it, with its arguments in place. */
  reads(operation: Operation, values: ArgumentValues): Readonly<Record<string, PlannedRead>>;
  /** `values`: its arguments, and what was read, by name. */
  plan(operation: Operation, values: PlanValues): Plan;
}

/** A planner with the kinds of step and of reading that there are. */
export function createPlanner({ steps, reads }: { readonly steps: StepKinds; readonly reads: ReadKinds }): Planner {
  return {
    reads: (operation, values) => planReads(reads, operation, values),
    plan: (operation, values) => planOperation(steps, operation, values),
  };
}

/** The operation with its arguments in place, described and priced: what people approve and what is executed. */
export function planOperation(kinds: StepKinds, operation: Operation, values: PlanValues): Plan {
  const planned = (step: Step): PlannedStep => {
    const kind = kindOf(kinds, step);
    const spec = z.json().parse(kind.resolve(step.spec, values));
    return { ...step, spec, description: kind.describe(spec), budgetMs: kind.budgetMs(spec) };
  };
  const { summary, steps, verify } = operation;
  const targets = targetsOf(operation, values);
  return {
    summary,
    steps: steps.map(planned),
    verify: verify.map(planned),
    hardDeadlineMs: operation.hardDeadlineMs ?? deadlineFor(kinds, operation),
    ...(targets.length > 0 && { targets }),
    ...(operation.effect !== undefined && { effect: textOfDatum(fillText(operation.effect, values)) ?? "" }),
    ...(operation.inverse && { inverse: inverseOf(operation.inverse, values) }),
    ...(operation.fallback && { fallback: fallbackOf(operation.fallback, values) }),
    ...(operation.followUp && { followUp: followUpOf(operation.followUp, values) }),
  };
}

/** What an operation reads as data, with its arguments in place. */
function planReads(
  kinds: ReadKinds,
  { read }: Pick<Operation, "read">,
  values: ArgumentValues,
): Readonly<Record<string, PlannedRead>> {
  return Object.fromEntries(
    Object.entries(read).map(([name, each]) => {
      const kind = readKindOf(kinds, each);
      const spec = z.json().parse(kind.resolve(each.spec, values));
      return [name, { kind: each.kind, spec, description: kind.describe(spec) }];
    }),
  );
}

/** Nobody is thought to be done earlier than this, in ms. */
const leastDeadlineMs = 120_000;

/** As long as its steps may take, with what an executor may be silent beyond each. */
function deadlineFor(kinds: StepKinds, operation: Operation): number {
  const margins = leaseMarginMs * (operation.steps.length + operation.verify.length);
  return Math.max(leastDeadlineMs, budgetsOf(kinds, operation) + margins);
}

/** Longest that an operation's steps and checks may take together, in ms. */
export function budgetsOf(kinds: StepKinds, { steps, verify }: Operation): number {
  return [...steps, ...verify].reduce((sum, step) => sum + kindOf(kinds, step).budgetMs(step.spec), 0);
}

/** Which steps of an operation change something of which nobody can look up whether it happened, by their place. */
export function unlookable(kinds: StepKinds, { steps }: Operation): readonly number[] {
  return steps.flatMap((step, index) => {
    const kind = kindOf(kinds, step);
    return kind.does === "changes" && kind.canProbe?.(step.spec) !== true ? [index] : [];
  });
}

function fallbackOf({ operation, arguments: given, text }: Given<"fallback">, values: PlanValues): Planned<"fallback"> {
  return {
    ...(operation !== undefined && { operation, arguments: filled(given, values) }),
    ...(text !== undefined && { text }),
  };
}

function followUpOf(
  { operation, arguments: given, reason }: Given<"followUp">,
  values: PlanValues,
): Planned<"followUp"> {
  return { operation, arguments: filled(given, values), ...(reason !== undefined && { reason }) };
}

function inverseOf(
  { operation, arguments: given }: NonNullable<Operation["inverse"]>,
  values: PlanValues,
): NonNullable<Plan["inverse"]> {
  return { operation, arguments: filled(given, values) };
}

/** What names an argument that was left out is left out. */
function filled(given: ArgumentValues, values: PlanValues): Record<string, ArgumentValue> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const whole = fillValue(value, values);
      return whole === undefined || typeof whole === "boolean" ? [] : [[name, whole]];
    }),
  );
}

/** Where an argument that a target is named by was left out, it is the whole system that is concerned. */
function targetsOf({ targets }: Operation, values: PlanValues): string[] {
  if (targets.flatMap(argumentsIn).some((name) => ownValue(values, name) === undefined)) return [];
  return targets.map((target) => textOfDatum(fillText(target, values)) ?? target);
}

/** The arguments that the operation's steps and targets refer to, and whether an address does. */
export function placeholdersIn(kinds: StepKinds, operation: Operation): readonly Placeholder[] {
  return [
    ...[...operation.steps, ...operation.verify].flatMap((step) => kindOf(kinds, step).placeholders(step.spec)),
    ...[...operation.targets, operation.effect].flatMap(argumentsIn).map(outsideAddress),
    ...(operation.precondition?.holds ?? []).flatMap((each) => argumentsIn(each.else)).map(outsideAddress),
    ...[operation.fallback, operation.followUp, operation.inverse]
      .flatMap((other) => Object.values(other?.arguments ?? {}))
      .flatMap(argumentsIn)
      .map(outsideAddress),
  ];
}

function outsideAddress(name: string): Placeholder {
  return { name, inAddress: false };
}

/** The arguments that have to be entries of a list of the system, with what they name. */
export function listedArguments(
  operation: Pick<Operation, "arguments">,
  values: ArgumentValues,
): readonly { readonly title: string; readonly list: string; readonly value: string }[] {
  return Object.entries(operation.arguments).flatMap(([name, { title, from }]) => {
    const value = textOfDatum(ownValue(values, name));
    return from === undefined || value === undefined ? [] : [{ title, list: from, value }];
  });
}

function kindOf(kinds: StepKinds, step: Step): StepKind {
  const kind = kinds.get(step.kind);
  if (!kind) throw new Error(`no backend carries out steps of the kind ${step.kind}`);
  return kind;
}
