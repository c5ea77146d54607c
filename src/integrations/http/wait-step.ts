import { z } from "zod";
import { Datum, isSameDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillValue } from "../../domain/systems/placeholders.ts";
import { describe, type Pointed, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Reading } from "../../domain/systems/reading.ts";
import type { StepCall, StepEnd, StepKindOf, StepOutcome } from "../../domain/systems/steps.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { showWait } from "../../domain/text/duration.ts";
import { addressOf, wholeAddress } from "../wire/address.ts";
import { Endpoint, endpointArguments, fillEndpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { lookThrough, readWords } from "../wire/look-through.ts";
import { take } from "../wire/reading.ts";

/** Waits until a reading has a value; an absent or odd answer is unknown, never the value. */
export const WaitStep = z.strictObject({
  url: Endpoint,
  path: Pointer,
  /** `empty-array`: a 200 whose value is a JSON array without elements. */
  is: z.union([z.literal("empty-array"), z.strictObject({ equals: Datum })]),
  /** How many readings in a row. */
  times: z.int().min(1).max(5).default(1),
  everyMs: z.int().min(50).max(60_000).default(1_000),
  withinMs: z.int().min(100).max(600_000).default(30_000),
});
export type WaitStep = z.output<typeof WaitStep>;

/**
 * Waits for what a JSON document says. It only reads, so it may verify what other steps did. Only plans that are kept have such
 * steps: files write `watch`.
 */
export function waitStep(http: Http): StepKindOf<WaitStep> {
  return {
    kind: "wait",
    schema: WaitStep,
    does: "reads",
    placeholders: ({ url, is }) => [
      ...endpointArguments(url).map((name) => ({ name, inAddress: true })),
      ...argumentsIn(is === "empty-array" ? undefined : is.equals).map((name) => ({ name, inAddress: false })),
    ],
    resolve: (step, values) => ({
      ...step,
      url: fillEndpoint(step.url, values),
      is: step.is === "empty-array" ? step.is : { equals: fillValue(step.is.equals, values) ?? step.is.equals },
    }),
    describe: (step) => `GET ${wholeAddress(step.url)} ${wantedWords(step)}`,
    budgetMs: ({ withinMs }) => withinMs,
    run: (step, call) => look(http, step, call),
    probe: (step) => lookNow(http, step),
  };
}

/** What has to hold, how often, and for how long that is waited for. */
function wantedWords({ path, is, times, everyMs, withinMs }: WaitStep): string {
  const value = is === "empty-array" ? "an empty array" : describe({ present: true, value: is.equals });
  const apart = times === 1 ? "" : `, ${showWait(everyMs)} apart`;
  return `until ${path === "" ? "the answer" : path} is ${value}, ${readWords(times)}${apart}, within ${showWait(withinMs)}`;
}

/** One reading may take this long; a hanging target must leave time for another. */
const readDeadlineMs = 3_000;
/** Even the last reading gets this long, or it would fail by its haste. */
const shortestReadMs = 250;

/** How many readings in a row have shown the value so far. */
const InRow = z.int().min(0).catch(0);

/** Reads once. Only a value that has stood so many times in a row is done; not in time is unknown, with what was read last. */
async function look(http: Http, step: WaitStep, { elapsedMs, progress }: Omit<StepCall, "key">): Promise<StepOutcome> {
  const { is, times, everyMs, withinMs } = step;
  const started = performance.now();
  const reading = await readOnce(http, step, Math.min(readDeadlineMs, Math.max(shortestReadMs, withinMs - elapsedMs)));
  const held = reading.ok && reading.value.present && holds(reading.value.value, is);
  const inRow = held ? InRow.parse(progress) + 1 : 0;
  const last = wordsOf(step, reading);
  if (inRow >= times) return { outcome: "done", detail: `${last}, ${readWords(times)}` };
  const waitedMs = elapsedMs + performance.now() - started;
  if (waitedMs + everyMs > withinMs) return { outcome: "unknown", detail: `${last}, after ${showWait(waitedMs)}` };
  return { outcome: "waiting", detail: last, progress: inRow, againInMs: everyMs };
}

/** What the value is now, looked at as often as the step asks and no longer. Never rejects. */
async function lookNow(http: Http, step: WaitStep): Promise<StepEnd> {
  const { times, everyMs } = step;
  const brief = { ...step, withinMs: times * (everyMs + shortestReadMs) };
  return lookThrough((call) => look(http, brief, call));
}

function readOnce(http: Http, step: WaitStep, deadlineMs: number): Promise<Reading<Pointed>> {
  const { url, path } = step;
  return take(async () => {
    const answer = await http.json({ backend: addressOf(url).host, url, deadlineMs });
    return { value: readPointer(answer.body, path) };
  });
}

function wordsOf(step: WaitStep, reading: Reading<Pointed>): string {
  return reading.ok ? `${step.path} is ${describe(reading.value)}` : reading.detail;
}

function holds(value: unknown, is: WaitStep["is"]): boolean {
  return is === "empty-array" ? Array.isArray(value) && value.length === 0 : isSameDatum(value, is.equals);
}
