import { z } from "zod";
import { type Backend, serve } from "../../domain/systems/backend.ts";
import type { Http } from "../wire/http.ts";
import { PrometheusMetric, readPrometheus } from "./metrics.ts";
import { Scrapes } from "./scrapes.ts";

/** Whatever exposes its metrics as Prometheus reads them. It remembers counters, so that rates can be told. */
export function prometheusTextBackend(http: Http): Backend {
  const scrapes = new Scrapes(http);
  return {
    name: "prometheus-text",
    metric: serve(z.strictObject({ prometheus: PrometheusMetric }), ({ prometheus }, { system }) =>
      readPrometheus(scrapes, system, prometheus),
    ),
  };
}
