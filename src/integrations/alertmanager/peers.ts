import { z } from "zod";
import type { AlertPeer, AlertPeers, PeerAlert, PeerState } from "../../domain/alerts/reconcile.ts";
import { beginningIn } from "../../domain/alerts/reported-alert.ts";
import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { take } from "../wire/reading.ts";

/** Some thirty thousand alerts of the usual size. */
const mostBytes = 32 * 1_048_576;

const Texts = z.record(z.string(), z.string());
const Status = z.object({ uptime: z.string().min(1), cluster: z.object({ status: z.string() }) });
const Listed = z.array(
  z.object({
    fingerprint: z.string().min(1),
    startsAt: z.string(),
    status: z.object({ state: z.enum(["active", "suppressed", "unprocessed"]) }),
    receivers: z.array(z.object({ name: z.string() })),
    labels: Texts,
    annotations: Texts.default({}),
    generatorURL: z.string().default(""),
  }),
);

/** Asks Alertmanagers by their API v2. */
export function createAlertPeers(http: Http): AlertPeers {
  return {
    look: (peer, { system, deadlineMs }) =>
      take(async () => {
        const until = performance.now() + deadlineMs;
        const ask = (path: string) =>
          answerOf(http, { backend: system, url: at(peer, path), deadlineMs: Math.max(1, until - performance.now()) });
        // When it was started is read before and after: a list that another process gave is not this one's.
        const { uptime, cluster } = await ask("/api/v2/status").then((answer) => parsed(Status, answer));
        const alerts = await ask("/api/v2/alerts").then((answer) => parsed(Listed, answer));
        const after = await ask("/api/v2/status").then((answer) => parsed(Status, answer));
        const url = at(peer, "/api/v2/alerts");
        if (after.uptime !== uptime) throw nonsense(url, "was started anew while it was asked");
        const value: PeerState = {
          startedAt: uptime,
          isSettling: cluster.status === "settling",
          alerts: alerts.map((alert) => alertOf(alert, url)),
        };
        return { value };
      }),
  };
}

interface Answer {
  readonly url: Endpoint;
  readonly body: unknown;
}

async function answerOf(
  http: Http,
  call: { readonly backend: string; readonly url: Endpoint; readonly deadlineMs: number },
): Promise<Answer> {
  const { body } = await http.text({ ...call, maxBytes: mostBytes });
  try {
    return { url: call.url, body: JSON.parse(body) };
  } catch {
    throw nonsense(call.url, "answered something that is not JSON");
  }
}

function parsed<Value>(schema: z.ZodType<Value>, { url, body }: Answer): Value {
  const { data } = schema.safeParse(body);
  if (data === undefined) throw nonsense(url, "answered with something that Alertmanager does not answer with");
  return data;
}

/** Throws BackendError: of a list with holes nothing may be over. */
function alertOf(
  { fingerprint, startsAt, status, receivers, labels, annotations, generatorURL }: z.output<typeof Listed>[number],
  url: Endpoint,
): PeerAlert {
  const began = beginningIn(startsAt);
  if (began === undefined) throw nonsense(url, "answered with an alert whose startsAt is no time");
  return {
    fingerprint,
    startsAt: began,
    isActive: status.state === "active",
    receivers: receivers.map(({ name }) => name),
    labels,
    annotations,
    generatorURL,
  };
}

function at(peer: AlertPeer, path: string): Endpoint {
  return typeof peer === "string" ? { base: peer, path } : { ...peer, path };
}

function nonsense(url: Endpoint, said: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault: "nonsense", detail: `GET ${path} ${said}`, reason: said });
}
