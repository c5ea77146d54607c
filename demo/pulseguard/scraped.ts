import type { Rule } from "../prometheus/rules.ts";
import type { Exposed, Target } from "../prometheus/scrape.ts";
import type { Random } from "../random.ts";
import { exposition } from "./exposition.ts";
import { Instance } from "./instance.ts";

/** The manual's two rules, with the query that it means and the severity that it does not say. */
export const rules: readonly Rule[] = [
  {
    alert: "HighLatency",
    expr: "histogram_quantile(0.95, sum by (le) (rate(pg_api_latency_seconds_bucket[5m]))) > 0.1",
    forMs: 120_000,
    labels: { severity: "warning" },
    annotations: { summary: "PulseGuard P95 latency > 100ms" },
  },
  {
    alert: "HighQueueLag",
    expr: "max(pg_queue_lag) > 1000",
    forMs: 60_000,
    labels: { severity: "warning" },
    annotations: { summary: "PulseGuard queue lag too high" },
  },
];

/**
 * An instance as Prometheus scrapes it: by itself, never through the balancer. One that misbehaves or does not run is not
 * scraped.
 */
export function targetOf(instance: Instance, isReached: () => boolean, random: Random): Target {
  return {
    job: "pulseguard",
    instance: instance.id,
    read: (at) => (isReached() ? exposition(instance, at) : undefined),
    *past({ from, to, everyMs }): Generator<Exposed> {
      const before = new Instance({ id: instance.id, now: from }, random.fork(`${instance.id} ${to - from}`));
      for (let at = from; at < to; at += 1_000) {
        if ((at - from) % everyMs === 0) yield { at, text: () => exposition(before, at) };
        before.tick(at);
      }
      yield { at: to, text: () => exposition(before, to) };
    },
  };
}
