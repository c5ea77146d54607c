import { BackendError } from "../../domain/failure.ts";
import type { FailedReading, Reading, Taken } from "../../domain/systems/reading.ts";

/** Runs one reading. Whatever goes wrong becomes a failed reading in words fit for a card. Never rejects. */
export async function take<Value>(read: () => Promise<Taken<Value>>): Promise<Reading<Value>> {
  const started = performance.now();
  try {
    const { value, at } = await read();
    return { ok: true, value, at: at ?? Date.now(), latencyMs: performance.now() - started };
  } catch (error) {
    const latencyMs = performance.now() - started;
    if (error instanceof BackendError) return { ...asFailedReading(error), latencyMs };
    // Only BackendError promises to hold no secret, so another error's own words stay out of chat.
    return { ok: false, fault: "broken", detail: "the reading failed inside the bot", at: Date.now(), latencyMs };
  }
}

/** A failure of a backend as a failed reading. */
export function asFailedReading({ fault, message, backend, reason, againMs, emptied }: BackendError): FailedReading {
  const cause = { origin: backend, reason };
  return {
    ok: false,
    fault,
    detail: message,
    cause,
    ...(againMs && { againMs }),
    ...(emptied !== undefined && { emptied }),
    at: Date.now(),
    latencyMs: 0,
  };
}

/** The same failure in other words. */
export function failed(reading: FailedReading, detail: string): FailedReading {
  return { ...reading, detail };
}

/** What is not configured cannot be read. */
export function missing(detail: string): FailedReading {
  return { ok: false, fault: "missing", detail, at: Date.now(), latencyMs: 0 };
}
