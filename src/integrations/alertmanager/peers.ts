import { z } from "zod";
import type { AlertPeers, PeerAlert, PeerState } from "../../domain/alerts/reconcile.ts";
import { beginningIn } from "../../domain/alerts/reported-alert.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { take } from "../wire/reading.ts";
import { askedOf, peerNonsense, peerPath, peerStatus, readAs } from "./ask.ts";
import { peerSilences } from "./silences.ts";

const Texts = z.record(z.string(), z.string());
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
        const left = (): number => Math.max(1, until - performance.now());
        // When it was started is read before and after: a list that another process gave is not this one's.
        const { uptime, cluster } = await peerStatus(http, peer, { system, deadlineMs: left() });
        const url = peerPath(peer, "/api/v2/alerts");
        const alerts = readAs(Listed, await askedOf(http, { backend: system, url, deadlineMs: left() }));
        const { holding, ended } = await peerSilences(http, peer, { system, deadlineMs: left() });
        const after = await peerStatus(http, peer, { system, deadlineMs: left() });
        if (after.uptime !== uptime) throw peerNonsense(url, "was started anew while it was asked");
        const value: PeerState = {
          startedAt: uptime,
          isSettling: cluster.status === "settling",
          alerts: alerts.map((alert) => alertOf(alert, url)),
          silences: holding,
          ended,
        };
        return { value };
      }),
  };
}

/** Throws BackendError: of a list with holes nothing may be over. */
function alertOf(
  { fingerprint, startsAt, status, receivers, labels, annotations, generatorURL }: z.output<typeof Listed>[number],
  url: Endpoint,
): PeerAlert {
  const began = beginningIn(startsAt);
  if (began === undefined) throw peerNonsense(url, "answered with an alert whose startsAt is no time");
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
