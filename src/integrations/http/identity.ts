import { z } from "zod";
import { provenBy } from "../../domain/systems/backend.ts";
import type { Identity } from "../../domain/systems/health.ts";
import { readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { addressOf } from "../wire/address.ts";
import { Endpoint, EndpointPath } from "../wire/endpoint.ts";
import { differences, Expectation } from "./expectation.ts";
import type { Rounds } from "./rounds.ts";

export const HttpIdentity = z.strictObject({
  http: Endpoint,
  expect: Expectation,
  /** Whether who is not proven yet is shown the credential of the address: it is when left out. */
  credential: z.boolean().exactOptional(),
});

/** `{ path: /health, expect: { /system: radar } }` below a declared backend. */
export const httpProof = provenBy(
  // What sits at the port of another is given no token before it has said who it is.
  z.strictObject({ path: EndpointPath, expect: Expectation, credential: z.boolean().default(false) }),
  "{ path: /health, expect: { /system: radar } }",
  (backend, { path, expect, credential }) => ({ http: { backend, path }, expect, credential }),
);

/** An answer that says something else contradicts; one that says nothing of it leaves it open. Throws BackendError. */
export async function identify(
  rounds: Rounds,
  { http, expect, credential }: z.output<typeof HttpIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const url = credential === false ? withoutCredential(http) : http;
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

function withoutCredential(endpoint: Endpoint): Endpoint {
  if (typeof endpoint === "string" || "backend" in endpoint) return endpoint;
  const { auth: _, ...open } = endpoint;
  return open;
}
