import { z } from "zod";
import { noTarget } from "../approvals/lock.ts";
import type { Plan, PlannedRead, PlannedStep } from "../approvals/plan.ts";
import { leaseMarginMs } from "../approvals/run.ts";
import { judge } from "../conditions/condition.ts";
import { UserError } from "../failure.ts";
import { ownValue } from "../own-value.ts";
import { type ArgumentValue, textOfDatum } from "./exact.ts";
import type { Operation } from "./operation.ts";
import {
  type ArgumentValues,
  argumentsIn,
  filling,
  fillText,
  fillValue,
  isExpression,
  type Placeholder,
  type PlanValues,
  wordsIn,
} from "./placeholders.ts";
import { type ReadKinds, readKindOf } from "./reads.ts";
import {
  askedName,
  type Left,
  type Step,
  type StepKind,
  type StepKinds,
  type StepValue,
  stepsInOrder,
} from "./steps.ts";
import { typedNameOf } from "./typed-name.ts";

type Given<Key extends "fallback" | "followUp"> = NonNullable<Operation[Key]>;
type Planned<Key extends "fallback" | "followUp"> = NonNullable<Plan[Key]>;

/** Makes plans of operations, with the kinds of step that there are. */
export interface Planner {
  /** What is read as data for it, with its arguments in place. */
  reads(operation: Operation, values: ArgumentValues): Readonly<Record<string, PlannedRead>>;
  /** `values`: its arguments, and what was read, by name. */
  plan(operation: Operation, values: PlanValues): Plan;
  /** A step with what earlier steps brought in place. Throws UserError for what was not brought, or is no single value. */
  complete(step: PlannedStep, values: PlanValues, brought: Brought): PlannedStep;
  /** What a planned step leaves of what it scales, stops or starts; nothing of one that does none of it or that nobody knows any more. */
  leaves(step: PlannedStep): Readonly<Record<string, Left>>;
}

/** What steps brought, by the names of their results. */
export type Brought = Readonly<Record<string, StepValue>>;

/** A planner with the kinds of step and of reading that there are. */
export function createPlanner({ steps, reads }: { readonly steps: StepKinds; readonly reads: ReadKinds }): Planner {
  return {
    reads: (operation, values) => planReads(reads, operation, values),
    plan: (operation, values) => planOperation(steps, operation, values),
    complete: (step, values, brought) => completeStep(steps, step, { values, brought }),
    leaves: ({ kind, spec }) => steps.get(kind)?.leaves?.(spec) ?? {},
  };
}

/** The operation with its arguments in place, described and priced: what people approve and what is executed. */
export function planOperation(kinds: StepKinds, operation: Operation, values: PlanValues): Plan {
  const { summary, steps, verify } = operation;
  const brought = resultsOf([...steps, ...verify]);
  const planned = (step: Step): PlannedStep => {
    const kind = kindOf(kinds, step);
    const results = step.once === undefined ? brought : [...brought, askedName];
    const leaves = (name: string): boolean => wordsIn(name).some((word) => results.includes(word));
    const spec = z
      .json()
      .parse(kind.resolve(step.spec, results.length > 0 ? { ...values, [filling]: { leaves } } : values));
    const awaits = results.filter((name) => namesOf(kind, spec).has(name));
    // What proves its target is looked up in the system as it is configured when it is sent.
    const { through: _through, reaches: _reaches, ...written } = step;
    const described = { ...written, ...(awaits.length > 0 && { awaits }), spec };
    return { ...described, description: kind.describe(spec), budgetMs: kind.budgetMs(spec) };
  };
  const targets = targetsOf(operation, values);
  const typedName = typedNameOf(operation, values);
  return {
    summary,
    steps: steps.map(planned),
    verify: verify.map(planned),
    hardDeadlineMs: operation.hardDeadlineMs ?? deadlineFor(kinds, operation),
    ...(operation.hardDeadlineMs !== undefined && { ownDeadline: true }),
    ...(operation.keepsStop && { keepsStop: true }),
    ...(targets.length > 0 && { targets }),
    ...(operation.effect !== undefined && { effect: textOfDatum(fillText(operation.effect, values)) ?? "" }),
    ...(typedName !== undefined && { typedName }),
    ...explained(operation, values),
    ...(operation.inverse && { inverse: otherOf(operation.inverse, values) }),
    ...(operation.amountsTo && { amountsTo: otherOf(operation.amountsTo, values) }),
    ...(operation.fallback && { fallback: fallbackOf(operation.fallback, values) }),
    ...(operation.next && { next: operation.next }),
    ...(operation.followUp && { followUp: followUpOf(operation.followUp, values) }),
  };
}

/** The names under which steps bring something. */
export function resultsOf(steps: readonly Pick<Step, "as">[]): string[] {
  return steps.flatMap(({ as }) => as ?? []);
}

/** All that what a step says may be about. */
function namesOf(kind: StepKind, spec: unknown): ReadonlySet<string> {
  return new Set([...kind.placeholders(spec).map(({ name }) => name), ...(kind.names?.(spec) ?? [])].flatMap(wordsIn));
}

function completeStep(
  kinds: StepKinds,
  step: PlannedStep,
  { values, brought }: { readonly values: PlanValues; readonly brought: Brought },
): PlannedStep {
  const { awaits = [] } = step;
  if (awaits.length === 0) return step;
  const missing = awaits.find((name) => ownValue(brought, name) === undefined);
  if (missing !== undefined) throw new UserError(`No step before it brought ${missing}.`);
  const kind = kindOf(kinds, step);
  const leaves = (name: string): boolean => !wordsIn(name).some((word) => awaits.includes(word));
  const spec = z.json().parse(kind.resolve(step.spec, { ...values, ...brought, [filling]: { leaves, whole: true } }));
  return { ...step, spec, description: kind.describe(spec) };
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
export function unlookable(
  kinds: StepKinds,
  { steps }: Operation,
): readonly { readonly index: number; readonly remedy: string | undefined }[] {
  return steps.flatMap((step, index) => {
    const kind = kindOf(kinds, step);
    return kind.does === "changes" && kind.canProbe?.(step.spec) !== true ? [{ index, remedy: kind.probeRemedy }] : [];
  });
}

function fallbackOf({ operation, arguments: given, text }: Given<"fallback">, values: PlanValues): Planned<"fallback"> {
  return {
    ...(operation !== undefined && { operation, arguments: filled(given, values) }),
    ...(text !== undefined && { text }),
  };
}

function followUpOf(
  { operation, arguments: given, reason, instead, once }: Given<"followUp">,
  values: PlanValues,
): Planned<"followUp"> {
  return {
    operation,
    arguments: filled(given, values),
    ...(reason !== undefined && { reason }),
    ...(instead !== undefined && { instead }),
    ...(once !== undefined && { once }),
  };
}

function otherOf(
  { operation, arguments: given }: NonNullable<Operation["inverse"]>,
  values: PlanValues,
): NonNullable<Plan["inverse"]> {
  return { operation, arguments: filled(given, values) };
}

/** What cannot be judged explains nothing, and is no end of what explained it before. */
function explained({ explains }: Operation, values: PlanValues): Pick<Plan, "explains"> {
  const judged = Object.entries(explains).flatMap(([id, when]) => {
    if (typeof when === "boolean") return [[id, when] as const];
    const told = judge(when, values);
    return told.ok ? [[id, told.holds] as const] : [];
  });
  return judged.length === 0 ? {} : { explains: Object.fromEntries(judged) };
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
  const names = targets.flatMap(argumentsIn).filter((name) => !isExpression(name));
  if (names.some((name) => ownValue(values, name) === undefined)) return [];
  const filledIn = targets.map((target) => textOfDatum(fillText(target, values)) ?? target);
  // That it concerns nothing is said by the file alone, and by nothing that somebody types.
  return filledIn.includes(noTarget) && !targets.includes(noTarget) ? [] : filledIn;
}

/** What the operation's steps, targets and words refer to, whether in an address, and which results it may name there. */
export function placeholdersIn(
  kinds: StepKinds,
  operation: Operation,
): readonly (Placeholder & { readonly results: readonly string[] })[] {
  const steps = stepsInOrder(operation);
  const inSteps = steps.flatMap((step, at) => {
    const results = [...resultsOf(steps.slice(0, at)), ...(step.once === undefined ? [] : [askedName])];
    return kindOf(kinds, step)
      .placeholders(step.spec)
      .map((each) => ({ ...each, results }));
  });
  return [...inSteps, ...outsideSteps(operation).map((each) => ({ ...each, results: [] }))];
}

function outsideSteps(operation: Operation): readonly Placeholder[] {
  return [
    ...[...operation.targets, operation.effect, operation.typed?.name].flatMap(argumentsIn).map(outsideAddress),
    ...(operation.precondition?.holds ?? []).flatMap((each) => argumentsIn(each.else)).map(outsideAddress),
    ...[operation.fallback, operation.followUp, operation.inverse, operation.amountsTo]
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
): readonly { readonly name: string; readonly title: string; readonly list: string; readonly value: string }[] {
  return Object.entries(operation.arguments).flatMap(([name, { title, from }]) => {
    const value = textOfDatum(ownValue(values, name));
    return from === undefined || value === undefined ? [] : [{ name, title, list: from, value }];
  });
}

function kindOf(kinds: StepKinds, step: Step): StepKind {
  const kind = kinds.get(step.kind);
  if (!kind) throw new Error(`no backend carries out steps of the kind ${step.kind}`);
  return kind;
}
