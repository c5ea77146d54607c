import type { z } from "zod";
import type { AlertPeer } from "../../domain/alerts/reconcile.ts";
import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Call, Http } from "../wire/http.ts";

/** Some thirty thousand alerts of the usual size. */
const mostBytes = 32 * 1_048_576;

export interface PeerAnswer {
  readonly url: Endpoint;
  readonly body: unknown;
}

/** What an Alertmanager answers, as JSON. Throws BackendError. */
export async function askedOf(http: Http, call: Call): Promise<PeerAnswer> {
  const { body } = await http.text({ ...call, maxBytes: mostBytes });
  try {
    return { url: call.url, body: JSON.parse(body) };
  } catch {
    throw peerNonsense(call.url, "answered something that is not JSON");
  }
}

/** Throws BackendError. */
export function readAs<Value>(schema: z.ZodType<Value>, { url, body }: PeerAnswer): Value {
  const { data } = schema.safeParse(body);
  if (data === undefined) throw peerNonsense(url, "answered with something that Alertmanager does not answer with");
  return data;
}

export function peerPath(peer: AlertPeer, path: string): Endpoint {
  return typeof peer === "string" ? { base: peer, path } : { ...peer, path };
}

export function peerNonsense(url: Endpoint, said: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault: "nonsense", detail: `GET ${path} ${said}`, reason: said });
}
