import { z } from "zod";
import type { Plan, PlannedStep } from "../domain/approvals/plan.ts";
import { Request, Sealed } from "../domain/approvals/request.ts";
import { Run } from "../domain/approvals/run.ts";

// What the release before wrote down, frozen as it was. The run stood in the request itself, and what was sealed was the
// operation as a system's file writes it.

const HttpStep = z.object({
  id: z.string(),
  title: z.string(),
  http: z.looseObject({ method: z.string(), url: z.string(), timeoutMs: z.number() }),
});
const WaitStep = z.object({ id: z.string(), title: z.string(), waitUntil: z.looseObject({ withinMs: z.number() }) });
const NoteStep = z.object({ id: z.string(), title: z.string(), note: z.string() });
const Step = z.union([HttpStep, WaitStep, NoteStep]);

const Operation = z.object({
  summary: z.string(),
  permission: z.enum(["ask", "stop"]),
  steps: z.array(Step),
  verify: z.array(WaitStep),
  hardDeadlineMs: z.number(),
});

const Positions = z.object({
  takenAt: z.number(),
  currency: z.string(),
  growth: z.number(),
  positions: z.array(z.json()),
});

/** What was sealed: the bytes stay as they are for as long as the request is kept. */
export const SealedFormat1 = Sealed.omit({ plan: true, readings: true, permission: true }).extend({
  format: z.literal("wardroom-request-1"),
  plan: Operation,
  preconditions: z.object({ positions: Positions.exactOptional() }),
});

/** The document of a request, its run included. */
export const RequestFormat1 = Request.extend({ format: z.literal(1), run: Run.exactOptional() });

/** What was sealed, as this release says it. */
export function sealedFromFormat1(sealed: z.output<typeof SealedFormat1>): Sealed {
  const { format: _, plan, preconditions, ...rest } = sealed;
  const { positions: snapshot } = preconditions;
  const readings = snapshot ? [readingOf(snapshot)] : [];
  return { ...rest, permission: plan.permission, plan: planOf(plan), readings };
}

function readingOf({ takenAt, currency, positions, growth }: z.output<typeof Positions>): Sealed["readings"][number] {
  return { kind: "positions", takenAt, value: { currency, positions }, terms: { growth } };
}

function planOf({ summary, steps, verify, hardDeadlineMs }: z.output<typeof Operation>): Plan {
  return { summary, steps: steps.map(plannedStep), verify: verify.map(plannedStep), hardDeadlineMs };
}

function plannedStep(step: z.output<typeof Step>): PlannedStep {
  const { id, title } = step;
  if ("http" in step) {
    const { method, url, timeoutMs } = step.http;
    const description = `${method} ${new URL(url).pathname}`;
    return { id, title, kind: "http", backend: "http", spec: specOf(step.http), description, budgetMs: timeoutMs };
  }
  if ("waitUntil" in step) {
    const { withinMs } = step.waitUntil;
    const spec = specOf(step.waitUntil);
    return { id, title, kind: "wait", backend: "http", spec, description: "", budgetMs: withinMs };
  }
  return { id, title, kind: "note", backend: "note", spec: step.note, description: "", budgetMs: 1_000 };
}

function specOf(written: unknown): PlannedStep["spec"] {
  return z.json().parse(written);
}
