import { type Backend, readKindsOf } from "../domain/systems/backend.ts";
import { type Reads, readKindOf } from "../domain/systems/reads.ts";
import { hidesSecret } from "../domain/text/redact.ts";
import { missing, take } from "./wire/reading.ts";

/** Somebody waits for the plan that rests on it; a program that reads it takes seconds where its machine is busy. */
const deadlineMs = 10_000;

/** More than this is no state that people could agree to. */
const mostBytes = 64_000;

/** Reads what plans rest on, each of the backend that knows its kind. */
export function createReads(backends: readonly Backend[]): Reads {
  const kinds = readKindsOf(backends);
  return {
    async read(system, planned, round = {}) {
      const reading = await take(async () =>
        readKindOf(kinds, planned).read(planned.spec, { system, deadlineMs, round }),
      );
      if (!reading.ok) return reading;
      const text = JSON.stringify(reading.value);
      if (text.length > mostBytes)
        return missing(`it answered with more than ${mostBytes / 1_000} kB, which is too much for a plan`);
      // What is planned is kept, shown and executed as it was read: masked it would be another plan.
      if (hidesSecret(text))
        return missing("it holds what looks like a secret, so no plan can rest on it: read less of it");
      return reading;
    },
  };
}
