import { z } from "zod";
import { BackendError } from "../domain/failure.ts";
import type { ActiveAlert, Alerts, Metrics, Reading, Sample } from "../domain/ports.ts";
import type { AlertRule, AlertSource, System } from "../domain/system.ts";
import { addressOf } from "./address.ts";
import type { Http } from "./http.ts";
import { describe, readPointer } from "./read-pointer.ts";
import { failed, take } from "./reading.ts";

const deadlineMs = 3_000;
/** Samples further apart than this leave open what happened between them. */
const longestGapMs = 60_000;
const Row = z.record(z.string(), z.unknown());

/** Asks every alert source of a system, and judges the rules that no Prometheus judges for it. */
export function createAlerts(parts: { readonly http: Http; readonly metrics: Metrics }): Alerts {
  return {
    async active(system) {
      const polled = system.alerts.map(async (source) => ({
        source: source.id,
        reading: await poll(parts.http, system, source),
      }));
      const ruled = system.rules.length > 0 ? [judgeRules(parts.metrics, system)] : [];
      return Promise.all([...polled, ...ruled]);
    },
  };
}

function poll(http: Http, system: System, source: AlertSource): Promise<Reading<readonly ActiveAlert[]>> {
  return take(async () => {
    const answer = await http.json({ backend: system.id, url: source.poll, deadlineMs });
    const pointed = readPointer(answer.body, source.list);
    if (!pointed.present || !Array.isArray(pointed.value))
      throw odd(source, `${source.list} holds ${describe(pointed)}, not a list of alerts`);
    const rows: readonly unknown[] = pointed.value;
    return { value: rows.map((row) => alertOf(system, source, row)), at: answer.at };
  });
}

function alertOf(system: System, source: AlertSource, raw: unknown): ActiveAlert {
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(source, "holds something that is not an alert");
  const { fields } = source;
  const text = (name: string): string =>
    typeof row[name] === "string" || typeof row[name] === "number" ? String(row[name]) : "";
  const own = text(fields.severity);
  const since = fields.since === undefined ? undefined : timeOf(row[fields.since]);
  return {
    system: system.id,
    source: source.id,
    id: text(fields.id),
    // A word nobody mapped is still an alert: it is shown, and never taken for harmless.
    severity: source.severities[own] ?? "warning",
    ownSeverity: own === "" ? "no severity" : own,
    summary: text(fields.summary) || "no summary",
    ...(since !== undefined && { since }),
  };
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value < 1e11 ? value * 1_000 : value;
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The bot's own rules are one source: what one of them rests on being unread makes the source unread. */
async function judgeRules(
  metrics: Metrics,
  system: System,
): Promise<{ source: string; reading: Reading<readonly ActiveAlert[]> }> {
  const read = await metrics.read(system, [...new Set(system.rules.map((rule) => rule.metric))]);
  const unread = read.find(({ reading }) => !reading.ok);
  if (unread && !unread.reading.ok)
    return {
      source: "rules",
      reading: failed(unread.reading, `${unread.id} could not be read: ${unread.reading.detail}`),
    };
  const reading = await take(async () => {
    const firing = await Promise.all(
      system.rules.map((rule) =>
        judge(metrics, system, { rule, value: read.find((each) => each.id === rule.metric)?.reading }),
      ),
    );
    return { value: firing.flat() };
  });
  return { source: "rules", reading };
}

async function judge(
  metrics: Metrics,
  system: System,
  on: { rule: AlertRule; value: Reading<number> | undefined },
): Promise<ActiveAlert[]> {
  const { rule, value } = on;
  if (!value?.ok || !breaches(rule, value.value)) return [];
  const past = await metrics.history(system.id, rule.metric, value.at - rule.for - longestGapMs);
  const since = breachedSince(rule, [
    ...past.filter((sample) => sample.at < value.at),
    { at: value.at, value: value.value },
  ]);
  // Pending is not firing: it must have held for the whole of `for`, on samples without a hole.
  if (value.at - since < rule.for) return [];
  return [
    {
      system: system.id,
      source: "rules",
      id: rule.id,
      severity: rule.severity,
      ownSeverity: rule.severity,
      summary: rule.summary,
      since,
      ...(rule.hint !== undefined && { hint: rule.hint }),
    },
  ];
}

/** Since when the newest samples have breached without a break. */
function breachedSince(rule: AlertRule, samples: readonly Sample[]): number {
  let since = samples.at(-1)?.at ?? 0;
  for (const sample of samples.toReversed()) {
    if (!breaches(rule, sample.value) || since - sample.at > longestGapMs) break;
    since = sample.at;
  }
  return since;
}

function breaches(rule: AlertRule, value: number): boolean {
  return (rule.above !== undefined && value > rule.above) || (rule.below !== undefined && value < rule.below);
}

function odd(source: AlertSource, detail: string): BackendError {
  const { host, path } = addressOf(source.poll);
  return new BackendError(host, { fault: "nonsense", detail: `${path} ${detail}` });
}
