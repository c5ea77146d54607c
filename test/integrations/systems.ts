import type { z } from "zod";
import type { Log } from "../../src/domain/log.ts";
import type { MetricHistory, Metrics, Sample } from "../../src/domain/systems/metrics.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { SystemFile } from "../fakes/backends.ts";

/** A system with what a test is about, as its YAML would give it. */
export function systemWith(parts: Partial<z.input<typeof SystemFile>>): System {
  return SystemFile.parse({
    id: "trader",
    title: "Trader",
    health: [{ id: "api", http: "http://127.0.0.1:9/health" }],
    ...parts,
  });
}

/** For metrics that no expression is asked of. */
export const asksNothing: Pick<Metrics, "askable" | "ask" | "ruleBehind"> = {
  ruleBehind: async () => undefined,
  askable: () => [],
  ask: async (_system, backend) => ({
    ok: false,
    fault: "missing",
    detail: `no backend ${backend}`,
    at: 0,
    latencyMs: 0,
  }),
};

/** Metrics by hand: what is read now, and what was sampled before. */
export function metricsOf(parts: {
  readonly now: Readonly<Record<string, Sample | "unread">>;
  readonly past?: Readonly<Record<string, readonly Sample[]>>;
}): { readonly metrics: Metrics; readonly history: MetricHistory } {
  const metrics: Metrics = {
    course: async () => undefined,
    ...asksNothing,
    read: (_system, ids) =>
      Promise.resolve(
        (ids ?? Object.keys(parts.now)).flatMap((id) => {
          const now = parts.now[id];
          if (now === undefined) return [];
          return [
            {
              id,
              reading:
                now === "unread"
                  ? {
                      ok: false as const,
                      fault: "timeout" as const,
                      detail: "gave no answer within 3 s",
                      at: 0,
                      latencyMs: 0,
                    }
                  : { ok: true as const, ...now, latencyMs: 1 },
            },
          ];
        }),
      ),
  };
  return {
    metrics,
    history: (_system, metric, from) =>
      Promise.resolve((parts.past?.[metric] ?? []).filter((sample) => sample.at >= from)),
  };
}

export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
