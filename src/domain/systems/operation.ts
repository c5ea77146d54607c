import { z } from "zod";

const Url = z.url({ protocol: /^https?$/ });
const Pointer = z.string().regex(/^(\/.*)?$/, "a JSON pointer starts with /");
const Scalar = z.union([z.string(), z.number(), z.boolean()]);
export type Scalar = z.output<typeof Scalar>;

export const Risk = z.enum(["read", "change", "destructive"]);
export type Risk = z.output<typeof Risk>;
/** Which way an operation moves what can be lost. Stopping reduces; whatever can revive trading increases. */
export const Direction = z.enum(["reduces", "neutral", "increases"]);
export type Direction = z.output<typeof Direction>;

/**
 * One HTTP call that changes something. `{name}` in its addresses and in the texts it sends is an argument of the operation.
 * The idempotency key is the request and step, so a repeat has one effect.
 */
export const HttpStep = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  http: z.strictObject({
    method: z.enum(["POST", "PUT", "PATCH", "DELETE"]),
    url: Url,
    json: z.record(z.string(), z.union([Scalar, z.null()])).optional(),
    idempotencyHeader: z.string().default("Idempotency-Key"),
    /** Asked with the idempotency key when the answer was lost: 200 means done, 404 means it never arrived. */
    probe: Url.optional(),
    timeoutMs: z.int().min(100).max(60_000).default(10_000),
  }),
});

export type HttpStep = z.output<typeof HttpStep>;

/** Waits until a reading has a value; an absent or odd answer is unknown, never the value. */
export const WaitStep = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  waitUntil: z.strictObject({
    url: Url,
    path: Pointer,
    /** `empty-array`: a 200 whose value is a JSON array without elements. */
    is: z.union([z.literal("empty-array"), z.strictObject({ equals: Scalar })]),
    /** How many readings in a row. */
    times: z.int().min(1).max(5).default(1),
    everyMs: z.int().min(50).max(60_000).default(1_000),
    withinMs: z.int().min(100).max(600_000).default(30_000),
  }),
});

export type WaitStep = z.output<typeof WaitStep>;

/** A line for the reader that nothing is done for. */
export const NoteStep = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  note: z.string(),
});

export const Step = z.union([HttpStep, WaitStep, NoteStep]);
export type Step = z.output<typeof Step>;

/** An argument of an operation, typed by the person who asks and checked before anything is planned. */
export const Argument = z.strictObject({
  type: z.enum(["text", "integer", "choice"]),
  title: z.string(),
  help: z.string().optional(),
  choices: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  required: z.boolean().default(true),
  /** Of text: one of the entries of this list of the system, as they stand when it is asked for. */
  from: z.string().optional(),
});
export type Argument = z.output<typeof Argument>;

/**
 * What the plan was made on, compared again at the claim. For positions the drift rule is asymmetric: smaller or
 * repriced runs; a new symbol, a side flip or growth beyond `growth` (0.05 is 5 % of the quantity) asks again.
 */
export const Precondition = z.strictObject({ positions: z.strictObject({ growth: z.number().min(0).max(1) }) });
export type Precondition = z.output<typeof Precondition>;

export const Operation = z.strictObject({
  summary: z.string().min(1).max(100),
  risk: Risk.exclude(["read"]),
  direction: Direction.default("neutral"),
  /** What the person who asks must hold: `stop` for what halts a system, which fewer or other people may do. */
  permission: z.enum(["ask", "stop"]).default("ask"),
  /** Also a command of its own: `flatten alphapulse` beside `run alphapulse flatten`. */
  short: z.boolean().default(false),
  arguments: z.record(z.string(), Argument).default({}),
  precondition: Precondition.optional(),
  steps: z.array(Step).min(1),
  /** Read after the steps; only when all hold is it SUCCEEDED. */
  verify: z.array(WaitStep).default([]),
  /** How long a worker may be at it, in ms, before nobody can still act on its behalf. */
  hardDeadlineMs: z.int().min(1_000).max(3_600_000).default(120_000),
});
export type Operation = z.output<typeof Operation>;
