import { z } from "zod";
import type { PlannedStep } from "../approvals/plan.ts";
import type { NamedTypes } from "../conditions/condition.ts";
import type { Placeholder, PlanValues } from "./placeholders.ts";
import { oneOf } from "./sources.ts";
import { specReader } from "./spec.ts";

/** Under this name conditions and steps refer to what was read, and to what a step brought. */
export const ReadName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "a name is of a-z, 0-9 and _, and begins with a letter");

/** One step. What it does stands under the key of its kind: that is its `spec`, which nothing but the kind looks into. */
export const Step = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  /** The name that later steps and checks give to what it brings. */
  as: ReadName.exactOptional(),
  /**
   * Of what is urgent: it is begun once that was read back, and tells of it, so that neither is the one held up by the other nor
   * its end judged by it. Its words may name who asked, when and why: `{asked.reason}`.
   */
  once: z.literal("read-back").exactOptional(),
  /** The kind of step, for example `http`. */
  kind: z.string(),
  /** The backend that carries it out. */
  backend: z.string(),
  spec: z.json(),
  /** The backends that it goes through, by name: its spec names them, and then holds how they are reached instead. */
  through: z.array(z.string()).exactOptional(),
  /** Further backends, by name, that it reaches by itself, as a script its cluster: each has to prove itself before it is sent. */
  reaches: z.array(z.string()).min(1).max(10).exactOptional(),
});
export type Step = z.output<typeof Step>;

/** Every step of an operation in the order in which they are begun: what verifies after what acts, and last what tells of both. */
export function stepsInOrder<Each extends Pick<Step, "once">>(of: {
  readonly steps: readonly Each[];
  readonly verify: readonly Each[];
}): readonly Each[] {
  const tells = of.steps.filter(({ once }) => once !== undefined);
  return [...of.steps.filter(({ once }) => once === undefined), ...of.verify, ...tells];
}

/** The name by which what tells of something urgent refers to who asked for that, when and why. */
export const askedName = "asked";

/** What a step brings, or has come to so far: JSON, in the words of its kind. */
export const StepValue = z.json();
export type StepValue = z.output<typeof StepValue>;

/**
 * How one step ended. `refused`: the target said no before any effect. `unknown`: it may or may not have happened.
 * `value` is what it brought, for steps that bring something.
 */
export type StepEnd =
  /** `unseen`: it is as it was to be, and nothing runs of it that could show whether it is well. */
  | { readonly outcome: "done"; readonly detail: string; readonly value?: StepValue; readonly unseen?: true }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "unknown"; readonly detail: string };

/** It has not come to its end yet and is looked at again; `progress` is handed in then. Only what reads may wait. */
export interface StepWaits {
  readonly outcome: "waiting";
  /** How it stands. */
  readonly detail: string;
  readonly progress: StepValue;
  readonly againInMs: number;
  /** Nothing could be read just now: that says nothing of how it is. */
  readonly unread?: true;
}

export type StepOutcome = StepEnd | StepWaits;

/** Under what circumstances a step is done or looked at again. */
export interface StepCall {
  /** The idempotency key: the same step of the same request always has the same. */
  readonly key: string;
  /** How long ago it was begun: 0 at first. */
  readonly elapsedMs: number;
  /** What the look before came to; undefined at first. */
  readonly progress?: StepValue | undefined;
  /** Handed what tells the last that was printed, masked and fit for a card: it is asked now and then until the step has ended. */
  readonly follow?: ((printed: () => string) => void) | undefined;
}

/** What a step leaves of something: so many of it, or as many as there were, none of which runs or all of which do. */
export type Left = number | "stopped" | "started";

/** What is wrong inside a spec, and at which key. */
export interface SpecFault {
  readonly key: string;
  readonly fault: string;
}

/** All there is to know of one kind of step. A backend brings one record for each kind that it carries out. */
export interface StepKindOf<Spec> {
  /** Names the kind in plans that are kept. */
  readonly kind: string;
  /** The key under which a system's file writes a step of this kind. Left out by kinds that only plans that are kept still have. */
  readonly key?: string;
  /** What stands under that key. What it gives is JSON, and read again it gives the same. */
  readonly schema: z.ZodType<Spec>;
  /** Only what changes something is looked up when its answer was lost, and only what reads may verify. */
  readonly does: "changes" | "reads" | "tells";
  placeholders(spec: Spec): readonly Placeholder[];
  /** Does it bring something, which a later step may name? Left out by kinds that bring nothing. */
  readonly brings?: true;
  /** What the conditions in it may refer to. Left out by kinds that have none. */
  names?(spec: Spec): readonly string[];
  /** What is wrong with the conditions in it, which may name these: where, and what. Left out by kinds that have none. */
  faults?(spec: Spec, named: NamedTypes): readonly SpecFault[];
  /** With the arguments in place: exactly what will be done. */
  resolve(spec: Spec, values: PlanValues): Spec;
  /** What is sent, fit for a card: `POST /flatten`. Empty when the title says it all. */
  describe(spec: Spec): string;
  /** Longest it may take, in ms. */
  budgetMs(spec: Spec): number;
  /** Does it, or looks once more at what it waits for. Never rejects. */
  run(spec: Spec, call: StepCall): Promise<StepOutcome>;
  /**
   * Reads, never acts: did the step with this key, begun so many ms ago, take effect? `unknown` when nobody can tell. When it
   * was begun is left out where that is not on record. Never rejects.
   */
  probe(spec: Spec, key: string, elapsedMs?: number): Promise<StepEnd>;
  /** What shows that the step with this key is still being done, in words; undefined for nothing. Left out by kinds that cannot see it. Never rejects. */
  stillRuns?(spec: Spec, key: string): Promise<string | undefined>;
  /** What it leaves of what it scales, stops or starts, by the name that `scaled` of a part gives that. Left out by kinds that do none of it. */
  leaves?(spec: Spec): Readonly<Record<string, Left>>;
  /** Does the target offer a way to ask? Left out by kinds that can always be asked, or never. */
  canProbe?(spec: Spec): boolean;
  /** What its file has to say so that there is one, as a remedy. Left out by kinds that have no way to say it. */
  readonly probeRemedy?: string;
  /** Left out by kinds whose target cannot be asked beforehand. */
  readonly rehearsal?: Rehearsal<Spec>;
}

/** How a target is asked, while a step is planned, whether it would take it, by a call that changes nothing. */
interface Rehearsal<Spec> {
  /** What the step is done to: of several steps on one thing only the first finds it as it is now. */
  at(spec: Spec): string;
  /** Why it would not be taken, in words; undefined where it would. Never rejects. */
  refusal(spec: Spec): Promise<string | undefined>;
}

/** A kind of step whose spec nobody but itself looks into. What is not written as the kind wants it is an exception. */
export interface StepKind extends StepKindOf<unknown> {
  readonly backend: string;
}

/** Kinds of step by their name. */
export type StepKinds = ReadonlyMap<string, StepKind>;

/** A kind with its spec closed: each spec is checked against the kind's own schema before it is used. */
export function closeStepKind<Spec>(backend: string, kind: StepKindOf<Spec>): StepKind {
  const { schema, rehearsal, ...of } = kind;
  const read = specReader(schema);
  return {
    ...of,
    backend,
    schema,
    placeholders: (spec) => kind.placeholders(read(spec)),
    ...(kind.names && { names: (spec: unknown) => kind.names?.(read(spec)) ?? [] }),
    ...(kind.faults && { faults: (spec: unknown, named: NamedTypes) => kind.faults?.(read(spec), named) ?? [] }),
    resolve: (spec, values) => kind.resolve(read(spec), values),
    describe: (spec) => kind.describe(read(spec)),
    budgetMs: (spec) => kind.budgetMs(read(spec)),
    run: async (spec, call) => kind.run(read(spec), call),
    probe: async (spec, key, elapsedMs) => kind.probe(read(spec), key, elapsedMs),
    ...(rehearsal && {
      rehearsal: {
        at: (spec: unknown) => rehearsal.at(read(spec)),
        refusal: async (spec: unknown) => rehearsal.refusal(read(spec)),
      },
    }),
    ...(kind.stillRuns && { stillRuns: async (spec: unknown, key: string) => kind.stillRuns?.(read(spec), key) }),
    ...(kind.leaves && { leaves: (spec: unknown) => kind.leaves?.(read(spec)) ?? {} }),
    ...(kind.canProbe && { canProbe: (spec: unknown) => kind.canProbe?.(read(spec)) ?? false }),
  };
}

/** A step that its target would not take, and why. */
export interface RehearsedRefusal {
  readonly step: PlannedStep;
  readonly why: string;
}

/** Asks targets beforehand. */
export interface Rehearsals {
  /** The first of these steps that would not be taken as things stand; undefined where none is known of. Never rejects. */
  refusalOf(steps: readonly PlannedStep[]): Promise<RehearsedRefusal | undefined>;
}

/** Carries out the steps of a plan. */
export interface StepRunner {
  /** Never rejects. */
  run(step: PlannedStep, call: StepCall): Promise<StepOutcome>;
  /** Did the step with this key, begun so many ms ago, take effect? `unknown` when the target cannot tell. Never rejects. */
  probe(step: PlannedStep, key: string, elapsedMs?: number): Promise<StepEnd>;
  /** Does its system's file say where the target is asked whether it happened? */
  canProbe(step: PlannedStep): boolean;
  /** What has no effect is not looked up when its answer was lost. A kind that nobody knows is never carried out. */
  does(step: PlannedStep): StepKind["does"];
}

/** Looks steps up and reads what they wait for, for people who are about to say how it stands. */
export interface StepReadings extends Pick<StepRunner, "probe" | "does"> {
  /** How it stands at this moment, from a few looks in a row; undefined of a step that does not read, and where it cannot be read. Never rejects. */
  now(step: PlannedStep): Promise<StepEnd | undefined>;
  /** What shows that the step with this key is still being done, in words; undefined for nothing that can be seen. Never rejects. */
  stillRuns(step: PlannedStep, key: string): Promise<string | undefined>;
}

/** A step as a system's file writes it: its body stands under the key of its kind. */
export function stepSchema(kinds: readonly StepKind[]): z.ZodType<Step> {
  return oneOf(kinds.flatMap((kind) => (kind.key === undefined ? [] : [stepOf(kind, kind.key)])));
}

function stepOf({ kind, backend, schema }: StepKind, key: string): z.ZodType<Step> {
  const { id, title, as, once, reaches } = Step.shape;
  return z
    .strictObject({ id, title, as, once, reaches, [key]: schema })
    .transform(({ [key]: spec, ...named }): unknown => ({ ...named, kind, backend, spec }))
    .pipe(Step);
}
