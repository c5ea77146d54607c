import { BackendError } from "../../domain/failure.ts";

/** Faults of who is asked about something else, as an engine about its containers. */
const ownFaults = new Set<string>(["unreachable", "timeout", "broken", "overloaded"]);

/** What is wrong with who is asked about a part tells nothing of that part: it is unknown then, and not down. Throws BackendError. */
export async function toldBySomebodyElse<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof BackendError) || !ownFaults.has(error.fault)) throw error;
    throw new BackendError(error.backend, { fault: "missing", detail: error.reason });
  }
}
