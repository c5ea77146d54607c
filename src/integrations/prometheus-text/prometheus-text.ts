import { z } from "zod";
import { type Backend, serve } from "../../domain/systems/backend.ts";
import { specReader } from "../../domain/systems/spec.ts";
import type { Http } from "../wire/http.ts";
import { exposedSeries, PrometheusMetric, readPrometheus } from "./metrics.ts";
import { Scrapes } from "./scrapes.ts";

const Written = z.strictObject({ prometheus: PrometheusMetric });
const readSpec = specReader(Written);

/** Whatever exposes its metrics as Prometheus reads them. It remembers counters, so that rates can be told. */
export function prometheusTextBackend(http: Http): Backend {
  const scrapes = new Scrapes(http);
  return {
    name: "prometheus-text",
    metric: {
      ...serve(Written, ({ prometheus }, { system }) => readPrometheus(scrapes, system, prometheus)),
      exposed: (spec) => exposedSeries(readSpec(spec).prometheus),
    },
  };
}
