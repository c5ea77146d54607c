import { z } from "zod";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Http } from "../wire/http.ts";
import { endpointOf, evaluate, fault, type Labels, LabelValues, ofServer, seriesName } from "./server.ts";

export const PrometheusHealth = z.strictObject({
  /** With `targets` those that carry these labels have to be up; without it Prometheus itself is judged. */
  prometheus: ofServer({ targets: LabelValues.optional() }),
});

/** So many targets are told by their names. */
const mostNamed = 5;

/** It is ready, and what it is to scrape is up. Throws BackendError. */
export async function checkPrometheus(
  http: Http,
  { prometheus }: z.output<typeof PrometheusHealth>,
  look: Look,
): Promise<Taken<ComponentDetail>> {
  const { targets, ...server } = prometheus;
  const ready = endpointOf(prometheus, { path: "/-/ready" });
  const query = targets ? `up{${seriesName(targets)}}` : "up == 0";
  const [, { result, at, url }] = await Promise.all([
    http.text({ backend: look.system, url: ready, deadlineMs: look.deadlineMs }),
    evaluate(http, { server: { ...server, query } }, look),
  ]);
  const series = result.resultType === "vector" ? result.result : [];
  const down = series.filter(({ value }) => Number(value?.[1]) !== 1).map(({ metric }) => targetName(metric));
  if (!targets) return { value: { detail: down.length === 0 ? "ready" : `ready, ${downWords(down)}` }, at };
  if (series.length === 0) throw fault(url, "missing", `knows no target {${seriesName(targets)}}`);
  if (down.length > 0) throw fault(url, "unwell", `says ${downWords(down, series.length)}`);
  return { value: { detail: series.length === 1 ? "its target is up" : `${series.length} targets are up` }, at };
}

function downWords(down: readonly string[], of?: number): string {
  const more = down.length > mostNamed ? ` and ${down.length - mostNamed} more` : "";
  const count = of === undefined ? `${down.length} down` : `${down.length} of ${of} targets down`;
  return `${count}: ${down.slice(0, mostNamed).join(", ")}${more}`;
}

function targetName(labels: Labels): string {
  const { job, instance } = labels;
  return redact(job !== undefined && instance !== undefined ? `${job} ${instance}` : `{${seriesName(labels)}}`);
}
