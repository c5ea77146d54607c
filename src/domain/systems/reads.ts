import { z } from "zod";
import type { Shape } from "../conditions/shape.ts";
import type { Placeholder, PlanValues } from "./placeholders.ts";
import type { Look, Reading, Taken } from "./reading.ts";
import { oneOf } from "./sources.ts";
import { specReader } from "./spec.ts";
import type { StepValue } from "./steps.ts";

/** Something that is read as data: below the key of its kind stands what, and only the kind looks into it. */
export const Read = z.strictObject({ kind: z.string(), spec: z.json() });
export type Read = z.output<typeof Read>;

/** One way to read something as data, for a plan to rest on and for a watch to judge. */
interface ReadKindOf<Spec> {
  /** The key under which a system's file writes it; it names the kind in plans that are kept. */
  readonly kind: string;
  /** What stands under that key. What it gives is JSON, and read again it gives the same. */
  readonly schema: z.ZodType<Spec>;
  placeholders(spec: Spec): readonly Placeholder[];
  /** With the arguments in place: exactly what is read. */
  resolve(spec: Spec, values: PlanValues): Spec;
  /** What is read and where, fit for a card: `GET /metrics at /portfolio`. */
  describe(spec: Spec): string;
  /** What is known of what it gives, for conditions; undefined where that may be anything. */
  shape?(spec: Spec): Shape | undefined;
  /** What was read, in words for a card that follows it; undefined where the kind has no better ones than the data itself. */
  words?(value: StepValue): string | undefined;
  /** Throws BackendError, whose words hold no secret. What is not there is an error, never an empty value. */
  read(spec: Spec, look: Look): Promise<Taken<StepValue>>;
}

/** A kind whose spec nobody but itself looks into. What is not written as the kind wants it is an exception. */
export type ReadKind = ReadKindOf<unknown>;

/** Kinds of reading by the key they are written under. */
export type ReadKinds = ReadonlyMap<string, ReadKind>;

/** A kind with its spec closed: each spec is checked against the kind's own schema before it is used. */
export function closeReadKind<Spec>(kind: ReadKindOf<Spec>): ReadKind {
  const { schema } = kind;
  const known = specReader(schema);
  return {
    kind: kind.kind,
    schema,
    placeholders: (spec) => kind.placeholders(known(spec)),
    resolve: (spec, values) => kind.resolve(known(spec), values),
    describe: (spec) => kind.describe(known(spec)),
    ...(kind.shape && { shape: (spec: unknown) => kind.shape?.(known(spec)) }),
    ...(kind.words && { words: (value: StepValue) => kind.words?.(value) }),
    read: async (spec, look) => kind.read(known(spec), look),
  };
}

/** A reading as a system's file writes it: `{ json: { url, path } }`. */
export function readSchema(kinds: ReadKinds): z.ZodType<Read> {
  const forms = [...kinds.values()].map(({ kind, schema }) =>
    z
      .strictObject({ [kind]: schema })
      .transform(({ [kind]: spec }): unknown => ({ kind, spec }))
      .pipe(Read),
  );
  return oneOf(forms);
}

/** The kind of a reading. That there is none is an exception: no file that says so is taken. */
export function readKindOf(kinds: ReadKinds, { kind }: Pick<Read, "kind">): ReadKind {
  const found = kinds.get(kind);
  if (!found) throw new Error(`no backend reads ${kind}`);
  return found;
}

/** Reads what plans rest on. */
export interface Reads {
  /**
   * A live reading. What is not there is a failed reading, never an empty value. `round`: the same object for what is to be of one
   * moment. Never rejects.
   */
  read(system: string, planned: Read, round?: object): Promise<Reading<StepValue>>;
}
