import { setTimeout as delay } from "node:timers/promises";
import { BackendError, isDefiniteRefusal } from "../domain/failure.ts";
import type { HttpStep, WaitStep } from "../domain/operation.ts";
import type { StepOutcome, StepRunner } from "../domain/ports.ts";
import type { Http } from "./http.ts";
import { describe, readPointer } from "./read-pointer.ts";
import { take } from "./reading.ts";

const probeDeadlineMs = 5_000;
const readDeadlineMs = 3_000;

/** Carries out the steps of a run. A change is sent once, under its idempotency key; what is not known is said so. */
export function createStepRunner(http: Http): StepRunner {
  return {
    async run(step, key) {
      if ("http" in step) return send(http, step, key);
      if ("waitUntil" in step) return waitUntil(http, step);
      return { outcome: "done", detail: step.note };
    },
    async probe(step, key) {
      if ("http" in step) return lookUp(http, step, key);
      if ("waitUntil" in step)
        return waitUntil(http, {
          ...step,
          waitUntil: { ...step.waitUntil, withinMs: step.waitUntil.everyMs * step.waitUntil.times },
        });
      return { outcome: "done", detail: step.note };
    },
  };
}

async function send(http: Http, step: HttpStep, key: string): Promise<StepOutcome> {
  const { method, url, json, idempotencyHeader, timeoutMs } = step.http;
  try {
    const answer = await http.send({
      backend: new URL(url).host,
      url,
      method,
      headers: { [idempotencyHeader]: key },
      ...(json && { json }),
      deadlineMs: timeoutMs,
    });
    return { outcome: "done", detail: `answered ${answer.status}` };
  } catch (error) {
    return { outcome: isDefiniteRefusal(error) ? "refused" : "unknown", detail: wordsOf(error) };
  }
}

/** Asks the target whether the key took effect: 200 that it did, 404 that it never came. Anything else tells nothing. */
async function lookUp(http: Http, step: HttpStep, key: string): Promise<StepOutcome> {
  const { probe, idempotencyHeader } = step.http;
  if (probe === undefined) return { outcome: "unknown", detail: "the target cannot be asked whether it happened" };
  try {
    await http.json({
      backend: new URL(probe).host,
      url: probe,
      headers: { [idempotencyHeader]: key },
      deadlineMs: probeDeadlineMs,
    });
    return { outcome: "done", detail: "the target confirms it by its key" };
  } catch (error) {
    if (error instanceof BackendError && error.status === 404)
      return { outcome: "refused", detail: "the target says it never arrived" };
    return { outcome: "unknown", detail: wordsOf(error) };
  }
}

/** Reads until the value has stood so many times in a row. Not in time is unknown, with what was read last. */
async function waitUntil(http: Http, step: WaitStep): Promise<StepOutcome> {
  const { url, path, is, times, everyMs, withinMs } = step.waitUntil;
  const end = performance.now() + withinMs;
  let inRow = 0;
  let last = "nothing was read";
  for (;;) {
    const reading = await take(async () => {
      const answer = await http.json({ backend: new URL(url).host, url, deadlineMs: readDeadlineMs });
      return { value: readPointer(answer.body, path) };
    });
    last = reading.ok ? `${path} holds ${describe(reading.value)}` : reading.detail;
    inRow = reading.ok && reading.value.present && holds(reading.value.value, is) ? inRow + 1 : 0;
    if (inRow >= times)
      return { outcome: "done", detail: `${last}, read ${times === 1 ? "once" : `${times} times in a row`}` };
    if (performance.now() + everyMs > end)
      return { outcome: "unknown", detail: `${last} after ${Math.round(withinMs / 1_000)} s` };
    await delay(everyMs);
  }
}

function holds(value: unknown, is: WaitStep["waitUntil"]["is"]): boolean {
  return is === "empty-array" ? Array.isArray(value) && value.length === 0 : value === is.equals;
}

/** Only a BackendError promises to hold no secret. */
function wordsOf(error: unknown): string {
  return error instanceof BackendError ? error.message : "the step failed inside the bot";
}
