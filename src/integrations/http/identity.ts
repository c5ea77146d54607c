import { z } from "zod";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Url } from "../../domain/systems/values.ts";
import { addressOf } from "../wire/address.ts";
import { differences, Expectation } from "./expectation.ts";
import type { Rounds } from "./rounds.ts";

export const HttpIdentity = z.strictObject({ http: Url, expect: Expectation });

/** Undefined when the answer proves who answers. Throws BackendError. */
export async function identify(
  rounds: Rounds,
  { http: url, expect }: z.output<typeof HttpIdentity>,
  look: Look,
): Promise<Taken<string | undefined>> {
  const answer = await rounds.document(url, look);
  const odd = differences(answer.body, expect);
  return { value: odd.length === 0 ? undefined : `${addressOf(url).host} says ${odd.join(", ")}` };
}
