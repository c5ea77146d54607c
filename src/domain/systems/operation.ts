import { z } from "zod";
import { Condition, type NamedTypes } from "../conditions/condition.ts";
import { Id } from "../people/person.ts";
import { Next } from "./next.ts";
import { Read, type ReadKinds, readSchema } from "./reads.ts";
import { ReadName, Step, type StepKinds, stepSchema } from "./steps.ts";

export const Risk = z.enum(["read", "change", "destructive"]);
export type Risk = z.output<typeof Risk>;
/** Which way an operation moves what can be lost. Stopping reduces; whatever can revive trading increases. */
export const Direction = z.enum(["reduces", "neutral", "increases"]);
export type Direction = z.output<typeof Direction>;

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
  /** Of one from a list: a list of the system that has what is offered, where more than that is taken. */
  offers: z.string().optional(),
});
export type Argument = z.output<typeof Argument>;

/** As a file writes the risk of what destroys only as its system stands. */
const RiskByState = z.strictObject({
  default: z.literal("change"),
  /** When it destroys, in CEL over its arguments and what was read: `n == 0 || n * 2 < now[service]`. */
  destructive: Condition,
});

/** As a file writes the direction of what may set its system going only with some arguments, or as its system stands. */
const DirectionByState = z.strictObject({
  default: z.literal("neutral"),
  /** When it may set its system going, in CEL over its arguments and what was read: `mode == "live"`. */
  increases: Condition,
});

/** What has to hold for it to make sense, and what is said where it does not. */
const Holds = z.strictObject({ when: Condition, else: z.string().min(1).max(200) });

/**
 * What the plan was made on, compared again at the claim. For positions the drift rule is asymmetric: smaller or
 * repriced runs; a new symbol, a side flip or growth beyond `growth` (0.05 is 5 % of the quantity) asks again.
 */
export const Precondition = z.strictObject({
  positions: z.strictObject({ growth: z.number().min(0).max(1) }).optional(),
  /** Names of what was read that has to be as it was when people agreed. */
  unchanged: z.array(ReadName).min(1).optional(),
  holds: z.array(Holds).min(1).optional(),
});
export type Precondition = z.output<typeof Precondition>;

/** Another operation of the same system. Its arguments may name this one's, as `{name}`. */
const Other = z.strictObject({
  operation: Id,
  arguments: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

/** What is asked for as soon as this has been started, or once it is done, in the name of whoever asked for this. */
const FollowUp = Other.extend({
  /** Where what this does has to be there first: what was not done is followed by nothing. */
  once: z.literal("done").exactOptional(),
  reason: z.string().min(5).max(300).optional(),
  /** What people ask for in its place once this was undone, and what follows it is over. */
  instead: Id.optional(),
});

/** What there is while the target does not answer: another operation, one press away, or words on what to do by hand. */
const Fallback = Other.partial({ operation: true }).extend({ text: z.string().min(1).max(300).optional() });

/** The name that whoever approves has to type, so that nobody says yes by a slip: always, or when this holds, in CEL. */
const Typed = z.strictObject({ name: z.string().min(1).max(100), when: Condition.exactOptional() });

/** Longest that a file may give an operation. */
export const longestDeadlineMs = 72 * 3_600_000;

export const Operation = z.strictObject({
  summary: z.string().min(1).max(100),
  /** The most it may be: how it is judged as its system stands is said below. */
  risk: Risk.exclude(["read"]),
  /** It destroys only when this holds, in CEL, and is a change otherwise. What cannot be judged destroys. */
  destructiveWhen: Condition.optional(),
  /** The most it may do to what can be lost: how it is judged with its arguments, as its system stands, is said below. */
  direction: Direction.default("neutral"),
  /** It increases only when this holds, in CEL, and is neutral otherwise. What cannot be judged increases. */
  increasesWhen: Condition.optional(),
  /** Of what increases: a stop of its system stays as it is, and who stopped it and why is told until something else lifts that. */
  keepsStop: z.boolean().default(false),
  /** Of what destroys: a yes to it takes the name of what it is done to, as `{service}`. */
  typed: Typed.exactOptional(),
  /** What the person who asks must hold: `stop` for what halts a system, which fewer or other people may do. */
  permission: z.enum(["ask", "stop"]).default("ask"),
  /**
   * One person may do it at once, and nothing holds it up: no lock, no twin, no limit, no platform that is silent. Sent again
   * under the same key until its verification holds.
   */
  urgent: z.boolean().default(false),
  /** Told where it is refused because nothing answers, and on its card while its outcome is open. An operation: of what is urgent. */
  fallback: Fallback.optional(),
  followUp: FollowUp.optional(),
  /** What the manual's checklist has around it, in its order, each line with who does it here: told by `help`. */
  guide: z.array(z.string().min(1).max(300)).min(1).max(20).exactOptional(),
  /** What people do once it is done, told on its card; what follows it by itself may be among it. */
  next: Next.optional(),
  /**
   * What inside the system it concerns, for example `service/{service}`: runs whose targets differ do not wait for each
   * other. None: the whole system.
   */
  targets: z.array(z.string().min(1).max(200)).max(10).default([]),
  /** Also a command of its own: `flatten alphapulse` beside `run alphapulse flatten`. */
  short: z.boolean().default(false),
  arguments: z.record(z.string(), Argument).default({}),
  /** Read while it is planned, by the name that conditions and steps give it, and read again before it starts. */
  read: z.record(ReadName, Read).default({}),
  precondition: Precondition.optional(),
  /** What changes, for whoever approves: `{service}: {now[service]} to {n} replicas`. */
  effect: z.string().min(1).max(1_000).optional(),
  /**
   * Parts and facts of its system, by id: whether it leaves each down, or not as expected (`{ instance-3: n < 3 }`, in CEL, or true or
   * false). `status` names the newest request that says so, with who asked and why. What steps of compose and Kubernetes scale, stop
   * and start need not be said.
   */
  explains: z.record(Id, z.union([z.boolean(), Condition])).default({}),
  /** The operation that undoes it, with what was read put in: offered on its card. */
  inverse: Other.optional(),
  /**
   * The operation that this comes to the very same as, with what was read put in: it undoes what that would undo, so that it need
   * not wait for what stopped half-way and is taken back by it.
   */
  amountsTo: Other.optional(),
  /** The backends that it goes through, by name: what it says names them, and then holds how they are reached instead. */
  through: z.array(Id).exactOptional(),
  steps: z.array(Step).min(1),
  /** Read after the steps; only when all hold is it SUCCEEDED. */
  verify: z.array(Step).default([]),
  /**
   * How long a worker may be at it, in ms, before nobody can still act on its behalf: at least as long as its steps and checks
   * may take together. As long as they need, and two minutes at least, when left out. What is urgent is tried for a minute at least.
   */
  hardDeadlineMs: z.int().min(1_000).max(longestDeadlineMs).optional(),
});
export type Operation = z.output<typeof Operation>;

/** An operation as a system's file writes it, with the kinds of step and of reading there are. */
export function operationSchema(kinds: StepKinds, reads: ReadKinds) {
  const { destructiveWhen: _when, increasesWhen: _increases, through: _through, ...written } = Operation.shape;
  return z
    .strictObject({
      ...written,
      risk: z.union([Risk.exclude(["read"]), RiskByState]),
      direction: z.union([Direction, DirectionByState]).default("neutral"),
      read: z.record(ReadName, readSchema(reads)).prefault({}),
      steps: z.array(stepSchema([...kinds.values()])).min(1),
      verify: z.array(stepSchema([...kinds.values()].filter((kind) => kind.does === "reads"))).prefault([]),
    })
    .transform(({ risk, direction, ...rest }): unknown => ({
      ...rest,
      ...(typeof risk === "string" ? { risk } : { risk: "destructive", destructiveWhen: risk.destructive }),
      ...(typeof direction === "string"
        ? { direction }
        : { direction: "increases", increasesWhen: direction.increases }),
    }))
    .pipe(Operation);
}

/** How many positions are open, by the name that conditions give it: of an operation whose plan rests on them. */
export const openPositions = "open_positions";

/** What the conditions and steps of an operation may name, and of what type it is. */
export function namedIn(operation: Pick<Operation, "arguments" | "read" | "precondition">): NamedTypes {
  return {
    ...(operation.precondition?.positions && { [openPositions]: "integer" as const }),
    ...Object.fromEntries(Object.entries(operation.arguments).map(([name, each]) => [name, namedType(each)] as const)),
    ...Object.fromEntries(Object.keys(operation.read).map((name) => [name, "data"] as const)),
  };
}

/** One that may be left out may be nothing. */
function namedType({ type, required }: Argument): NamedTypes[string] {
  if (!required) return "data";
  return type === "integer" ? "integer" : "text";
}
