import { z } from "zod";
import type { PeerLook } from "../../domain/alerts/mirrored-silence.ts";
import type { AlertPeer } from "../../domain/alerts/reconcile.ts";
import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Call, Http } from "../wire/http.ts";

/** Some thirty thousand alerts of the usual size. */
const mostBytes = 32 * 1_048_576;

const Status = z.object({ uptime: z.string().min(1), cluster: z.object({ status: z.string() }) });

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

/** When it was started, in its own words, and how it is with its cluster. Throws BackendError. */
export async function peerStatus(
  http: Http,
  peer: AlertPeer,
  { system, deadlineMs }: PeerLook,
): Promise<z.output<typeof Status>> {
  return readAs(Status, await askedOf(http, { backend: system, url: peerPath(peer, "/api/v2/status"), deadlineMs }));
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
