import { z } from "zod";
import type { Identity } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { addressOf } from "../wire/address.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { readPointer } from "../wire/read-pointer.ts";
import { differences, Expectation } from "./expectation.ts";
import type { Rounds } from "./rounds.ts";

export const HttpIdentity = z.strictObject({ http: Endpoint, expect: Expectation });

/** An answer that says something else contradicts; one that says nothing of it leaves it open. Throws BackendError. */
export async function identify(
  rounds: Rounds,
  { http: url, expect }: z.output<typeof HttpIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const answer = await rounds.document(url, look);
  const odd = differences(answer.body, expect);
  if (odd.length === 0) return { value: { is: "proven" } };
  const told = Object.entries(expect).filter(([path]) => {
    const pointed = readPointer(answer.body, path);
    return pointed.present && pointed.value !== null;
  });
  const is = differences(answer.body, Object.fromEntries(told)).length > 0 ? "contradicted" : "unread";
  return { value: { is, why: `${addressOf(url).host} says ${odd.join(", ")}` } };
}
