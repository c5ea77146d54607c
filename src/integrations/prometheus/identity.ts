import { z } from "zod";
import { provenBy } from "../../domain/systems/backend.ts";
import { Datum, isSameDatum } from "../../domain/systems/exact.ts";
import type { Identity } from "../../domain/systems/health.ts";
import { describe } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { addressOf } from "../wire/address.ts";
import type { Http } from "../wire/http.ts";
import { Query, readDatum } from "./query.ts";
import { endpointOf, ofServer } from "./server.ts";

/** The label of the one series that a query gives, or its number, that only this server has. */
const PromqlProof = z.strictObject({ query: Query, label: z.string().min(1).optional(), is: Datum });
export const PromqlIdentity = z.strictObject({ prometheus: ofServer(PromqlProof.shape) });

export const promqlProof = provenBy(
  PromqlProof,
  '{ query: "radar_build_info", label: system, is: radar }',
  (backend, told) => ({ prometheus: { backend, ...told } }),
);

/** A query that gives no series says nothing of who answers. Throws BackendError. */
export async function identifyPrometheus(
  http: Http,
  { prometheus }: z.output<typeof PromqlIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const { is, ...asked } = prometheus;
  const { value } = await readDatum(http, { prometheus: asked }, look);
  if (isSameDatum(value, is)) return { value: { is: "proven" } };
  const said = `${asked.label ?? asked.query} is ${describe({ present: true, value })}`;
  const who = addressOf(endpointOf(asked, { path: "/" })).host;
  return {
    value: { is: "contradicted", why: `${who} says ${said}, not ${describe({ present: true, value: is })}` },
  };
}
