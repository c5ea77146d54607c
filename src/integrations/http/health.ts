import { z } from "zod";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Url } from "../../domain/systems/values.ts";
import { bodyJson } from "../wire/http.ts";
import { documentFault } from "./document-fault.ts";
import { differences, Expectation } from "./expectation.ts";
import type { Rounds } from "./rounds.ts";

export const HttpHealth = z.strictObject({
  http: Url,
  /** What a well answer holds, by JSON pointer. A 2xx alone is well when this is left out. */
  expect: Expectation.optional(),
});

/** A 2xx is well, and what it holds has to be as expected. Throws BackendError. */
export async function checkHealth(
  rounds: Rounds,
  { http: url, expect }: z.output<typeof HttpHealth>,
  look: Look,
): Promise<Taken<ComponentDetail>> {
  const answer = await rounds.answer(url, look);
  const odd = expect ? differences(bodyJson({ url }, answer.body), expect) : [];
  if (odd.length > 0) throw documentFault(url, "broken", `: ${odd.join(", ")}`);
  return { value: { detail: `answered ${answer.status}` }, at: answer.at };
}
