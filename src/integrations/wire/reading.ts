import { BackendError } from "../../domain/failure.ts";
import type { Reading, Taken } from "../../domain/systems/reading.ts";

/** Runs one reading. Whatever goes wrong becomes a failed reading in words fit for a card. Never rejects. */
export async function take<Value>(read: () => Promise<Taken<Value>>): Promise<Reading<Value>> {
  const started = performance.now();
  try {
    const { value, at } = await read();
    return { ok: true, value, at: at ?? Date.now(), latencyMs: performance.now() - started };
  } catch (error) {
    const latencyMs = performance.now() - started;
    if (error instanceof BackendError)
      return { ok: false, fault: error.fault, detail: error.message, at: Date.now(), latencyMs };
    // Only BackendError promises to hold no secret, so another error's own words stay out of chat.
    return { ok: false, fault: "broken", detail: "the reading failed inside the bot", at: Date.now(), latencyMs };
  }
}

/** The same failure under another value's type. */
export function failed(
  reading: Extract<Reading<unknown>, { ok: false }>,
  detail = reading.detail,
): Extract<Reading<never>, { ok: false }> {
  return { ...reading, detail };
}

/** What is not configured cannot be read. */
export function missing(detail: string): Extract<Reading<never>, { ok: false }> {
  return { ok: false, fault: "missing", detail, at: Date.now(), latencyMs: 0 };
}
