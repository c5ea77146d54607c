import { z } from "zod";
import type { FoundAlert } from "../../domain/alerts/alert.ts";
import { alertOfRule } from "../../domain/alerts/rule-alert.ts";
import { SeverityWords } from "../../domain/alerts/severity.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { recordTime } from "../../log-search/time.ts";
import type { Http } from "../wire/http.ts";
import { dataOf, endpointOf, type Labels, LabelValues, ofServer } from "./server.ts";

export const PrometheusAlerts = z.strictObject({
  prometheus: ofServer({
    /** Only alerts that carry these labels, as `{ team: trading }`. */
    match: LabelValues.optional(),
    /** Those that are not firing yet, too: each is told as pending, and is never more than an information. */
    pending: z.literal(true).optional(),
    severities: SeverityWords.default({ critical: "critical", warning: "warning", info: "info" }),
  }),
});
type PrometheusAlerts = z.output<typeof PrometheusAlerts>;

const Texts = z.record(z.string(), z.string());
const Listed = z.object({
  alerts: z.array(
    z.object({
      labels: Texts,
      annotations: Texts.optional(),
      state: z.enum(["inactive", "pending", "firing"]),
      activeAt: z.string().optional(),
    }),
  ),
});
type Listed = z.output<typeof Listed>["alerts"][number];

/** The alerts of its rules. Whether Alertmanager holds one silent is not known here. Throws BackendError. */
export async function readRuleAlerts(
  http: Http,
  { prometheus }: PrometheusAlerts,
  look: Look,
): Promise<Taken<readonly FoundAlert[]>> {
  const { match = {}, pending = false } = prometheus;
  const { data, at } = await dataOf(http, endpointOf(prometheus, { path: "/api/v1/alerts" }), Listed, look);
  const wanted = data.alerts.filter(
    ({ labels, state }) => carries(labels, match) && (state === "firing" || (pending && state === "pending")),
  );
  return { value: wanted.map((alert) => alertOf(alert, prometheus.severities)), at };
}

function carries(labels: Labels, match: Labels): boolean {
  return Object.entries(match).every(([name, value]) => labels[name] === value);
}

function alertOf(
  { labels, annotations = {}, state, activeAt }: Listed,
  words: z.output<typeof SeverityWords>,
): FoundAlert {
  const since = recordTime(activeAt);
  const alert = alertOfRule({ labels, annotations, ...(since !== undefined && { since }) }, words);
  if (state !== "pending") return alert;
  // What is pending was sent to nobody yet, and is no more than its name says.
  const { labels: _, ...unsent } = alert;
  return {
    ...unsent,
    severity: "info",
    ownSeverity: `pending, ${alert.ownSeverity}`,
    summary: `Pending: ${alert.summary}`,
  };
}
