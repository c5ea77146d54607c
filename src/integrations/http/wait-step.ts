import { setTimeout as delay } from "node:timers/promises";
import type { WaitStep } from "../../domain/systems/operation.ts";
import type { Reading } from "../../domain/systems/reading.ts";
import type { StepOutcome } from "../../domain/systems/steps.ts";
import { addressOf, showWait } from "../wire/address.ts";
import type { Http } from "../wire/http.ts";
import { describe, type Pointed, readPointer } from "../wire/read-pointer.ts";
import { take } from "../wire/reading.ts";

/** One reading may take this long; a hanging target must leave time for another. */
const readDeadlineMs = 3_000;
/** Even the last reading gets this long, or it would fail by its haste. */
const shortestReadMs = 250;

/** Reads until the value has stood so many times in a row. Not in time is unknown, with what was read last. Never rejects. */
export async function waitUntil(http: Http, step: WaitStep): Promise<StepOutcome> {
  const { is, times, everyMs, withinMs } = step.waitUntil;
  const started = performance.now();
  let inRow = 0;
  for (;;) {
    const leftMs = withinMs - (performance.now() - started);
    const reading = await readOnce(http, step, Math.min(readDeadlineMs, Math.max(shortestReadMs, leftMs)));
    inRow = reading.ok && reading.value.present && holds(reading.value.value, is) ? inRow + 1 : 0;
    const last = wordsOf(step, reading);
    if (inRow >= times)
      return { outcome: "done", detail: `${last}, read ${times === 1 ? "once" : `${times} times in a row`}` };
    const waitedMs = performance.now() - started;
    if (waitedMs + everyMs > withinMs) return { outcome: "unknown", detail: `${last} after ${showWait(waitedMs)}` };
    await delay(everyMs);
  }
}

/** What the value is now, looked at as often as the step asks and no longer. Never rejects. */
export function lookOnce(http: Http, step: WaitStep): Promise<StepOutcome> {
  const { times, everyMs } = step.waitUntil;
  return waitUntil(http, { ...step, waitUntil: { ...step.waitUntil, withinMs: times * (everyMs + shortestReadMs) } });
}

function readOnce(http: Http, step: WaitStep, deadlineMs: number): Promise<Reading<Pointed>> {
  const { url, path } = step.waitUntil;
  return take(async () => {
    const answer = await http.json({ backend: addressOf(url).host, url, deadlineMs });
    return { value: readPointer(answer.body, path) };
  });
}

function wordsOf(step: WaitStep, reading: Reading<Pointed>): string {
  return reading.ok ? `${step.waitUntil.path} is ${describe(reading.value)}` : reading.detail;
}

function holds(value: unknown, is: WaitStep["waitUntil"]["is"]): boolean {
  return is === "empty-array" ? Array.isArray(value) && value.length === 0 : value === is.equals;
}
