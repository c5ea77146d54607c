import { z } from "zod";
import type { FileAlertRule } from "../../domain/alerts/rule-file.ts";
import { BackendError } from "../../domain/failure.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { HttpConnection } from "../../domain/systems/http-connection.ts";
import type { RuleState } from "../../domain/systems/metrics.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import { recordTime } from "../../log-search/time.ts";
import type { Http } from "../wire/http.ts";
import { dataOf, endpointOf, evaluate, fault } from "./server.ts";

const Texts = z.record(z.string(), z.string());
const Rule = z.object({
  type: z.string(),
  name: z.string(),
  query: z.string(),
  labels: Texts.default({}),
  health: z.string().default("ok"),
  lastError: z.string().optional(),
  alerts: z
    .array(
      z.object({
        labels: Texts,
        annotations: Texts.default({}),
        state: z.enum(["inactive", "pending", "firing"]),
        activeAt: z.string().optional(),
      }),
    )
    .default([]),
});
type Rule = z.output<typeof Rule>;
const Rules = z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(Rule) })) });

/** So many are evaluated at once. */
const atOnce = 8;

/**
 * How rules of a file stand, in order: as the server says where it has the very rule, else by what its expression gives now. Throws
 * BackendError where nothing can be asked.
 */
export async function readRuleStates(
  http: Http,
  connection: HttpConnection,
  { rules, ...look }: Look & { readonly rules: readonly FileAlertRule[] },
): Promise<readonly RuleState[]> {
  const url = endpointOf(connection, { path: "/api/v1/rules", parameters: { type: "alert" } });
  const { data } = await dataOf(http, url, Rules, look);
  const known = data.groups.flatMap(({ name, rules: all }) => all.map((rule) => ({ group: name, rule })));
  return inTurns(rules, atOnce, async (rule): Promise<RuleState> => {
    const there = known.find((each) => each.group === rule.group && isSame(each.rule, rule));
    try {
      if (!there) return await evaluated(http, connection, { rule, ...look });
      if (there.rule.health === "err")
        throw fault(
          url,
          "unwell",
          `says of the rule ${rule.name}: ${redact(there.rule.lastError ?? "").slice(0, 200)}`,
        );
      if (there.rule.health === "unknown") throw fault(url, "missing", `has not evaluated the rule ${rule.name} yet`);
      return { kind: "told", alerts: there.rule.alerts.flatMap(toldAlert) };
    } catch (error) {
      if (error instanceof BackendError) return { kind: "failed", error };
      throw error;
    }
  });
}

/** What is loaded there under this name may be an earlier file's. Prometheus writes expressions in a form of its own. */
function isSame({ type, name, query, labels }: Rule, rule: FileAlertRule): boolean {
  if (type !== "alerting" || name !== rule.alert || bare(query) !== bare(rule.expr)) return false;
  const wanted = Object.entries(rule.labels);
  return wanted.length === Object.keys(labels).length && wanted.every(([key, value]) => labels[key] === value);
}

function bare(expression: string): string {
  return expression.replaceAll(/#[^\n]*|\s+/g, "").replaceAll("'", '"');
}

function toldAlert({ labels, annotations, state, activeAt }: Rule["alerts"][number]) {
  if (state === "inactive") return [];
  const since = recordTime(activeAt);
  return [{ labels, annotations, isPending: state === "pending", ...(since !== undefined && { since }) }];
}

async function evaluated(
  http: Http,
  connection: HttpConnection,
  { rule, ...look }: Look & { readonly rule: FileAlertRule },
): Promise<RuleState> {
  const { result, url } = await evaluate(http, { server: { ...connection, query: rule.expr } }, look);
  if (result.resultType === "scalar")
    return { kind: "evaluated", series: [{ labels: {}, value: Number(result.result[1]) }] };
  if (result.resultType !== "vector") throw fault(url, "nonsense", `gave no series for the rule ${rule.name}`);
  return {
    kind: "evaluated",
    series: result.result.map(({ metric, value }) => {
      const { __name__: _, ...labels } = metric;
      return { labels, value: Number((value?.[1] ?? "NaN").replace("Inf", "Infinity")) };
    }),
  };
}
