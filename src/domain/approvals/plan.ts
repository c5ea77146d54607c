import { z } from "zod";
import { ArgumentValue } from "../systems/exact.ts";
import { Next } from "../systems/next.ts";
import { stepsInOrder } from "../systems/steps.ts";

/**
 * One step as it will be carried out: its arguments in place, described and priced when it was planned. `spec` belongs to
 * the kind of step, which its backend has checked; nothing else looks inside.
 */
export const PlannedStep = z.object({
  id: z.string(),
  title: z.string(),
  /** The name that later steps give to what it brings. */
  as: z.string().exactOptional(),
  /** It is begun once what the others do was read back, and says nothing of how they end. */
  once: z.literal("read-back").exactOptional(),
  /** What earlier steps bring that it names as `{name}`: put in place when they have run, just before it is begun. */
  awaits: z.array(z.string()).exactOptional(),
  /** The kind of step, for example `http`, `wait`, `note`. */
  kind: z.string(),
  /** The backend that carries it out. */
  backend: z.string(),
  spec: z.json(),
  /** What is sent or read, fit for a card: `POST /flatten`. Empty when the title says it all. */
  description: z.string(),
  /** Longest it may take, in ms. */
  budgetMs: z.number(),
});
export type PlannedStep = z.output<typeof PlannedStep>;

/**
 * What the plan rests on: something read from the system when it was made, read and compared again before the run.
 * `kind` names how it is read, compared and shown, for example `positions`.
 */
export const SealedReading = z.object({
  kind: z.string(),
  /** Of what is read as data: the name that conditions and steps give it. */
  name: z.string().exactOptional(),
  takenAt: z.number(),
  value: z.json(),
  /** What the operation allows to have changed, in the kind's own words, for example `{ growth: 0.05 }`. */
  terms: z.json(),
});
export type SealedReading = z.output<typeof SealedReading>;

/** Something that is read as data while it is planned and again before it starts, with its arguments in place. */
export const PlannedRead = z.object({ kind: z.string(), spec: z.json(), description: z.string() });
export type PlannedRead = z.output<typeof PlannedRead>;

const OtherOperation = z.object({
  operation: z.string(),
  arguments: z.record(z.string(), ArgumentValue),
});

/** An operation resolved to exact steps: what people approve and what is executed. */
export const Plan = z.object({
  summary: z.string(),
  steps: z.array(PlannedStep),
  /** Read after the steps; only when all hold is the run SUCCEEDED. */
  verify: z.array(PlannedStep),
  /** What is read as data, by its name. */
  reads: z.record(z.string(), PlannedRead).exactOptional(),
  /** What changes, in words. */
  effect: z.string().exactOptional(),
  /** The name that whoever approves has to type. */
  typedName: z.string().exactOptional(),
  /** Parts and facts of the system, by id: whether it leaves each down, or not as expected. */
  explains: z.record(z.string(), z.boolean()).exactOptional(),
  /** The operation of the same system that undoes it. */
  inverse: OtherOperation.exactOptional(),
  /** The operation of the same system that it comes to the very same as. */
  amountsTo: OtherOperation.exactOptional(),
  /** It leaves a stop of its system as it is, though it may set something going. */
  keepsStop: z.literal(true).exactOptional(),
  /** What inside the system it concerns; left out where it is the whole system. */
  targets: z.array(z.string()).exactOptional(),
  /** What to do when its target does not answer: another operation of the system, or words. */
  fallback: OtherOperation.partial().extend({ text: z.string().exactOptional() }).exactOptional(),
  /** What is asked for once it has started, or only once it is done. */
  followUp: OtherOperation.extend({
    once: z.literal("done").exactOptional(),
    reason: z.string().exactOptional(),
    /** What is asked for in its place once this was undone. */
    instead: z.string().exactOptional(),
  }).exactOptional(),
  /** What people do once it is done. */
  next: Next.exactOptional(),
  /** How long a worker may be at it, in ms, before nobody can still act on its behalf. */
  hardDeadlineMs: z.number(),
  /** The system's file says so, who knows how long the target may be at it: no earlier is nobody acting, whoever has died. */
  ownDeadline: z.literal(true).exactOptional(),
});
export type Plan = z.output<typeof Plan>;

/** Every step of a plan in order: what verifies after what acts, and last what tells of both. */
export function allSteps({ steps, verify }: Pick<Plan, "steps" | "verify">): readonly PlannedStep[] {
  return stepsInOrder({ steps, verify });
}
