import type { ActiveAlert, Alerts } from "../domain/alerts/alert.ts";
import { BackendError } from "../domain/failure.ts";
import type { MetricReading, Metrics } from "../domain/systems/metrics.ts";
import type { Reading } from "../domain/systems/reading.ts";
import type { AlertRule, System } from "../domain/systems/system.ts";
import { judgeRule } from "./alert-rule.ts";
import { alertsIn } from "./http/alert-rows.ts";
import type { Http } from "./wire/http.ts";
import { failed, take } from "./wire/reading.ts";

export interface AlertParts {
  readonly http: Http;
  readonly metrics: Metrics;
  /** How far apart samples are kept, in ms: a hole is what is well beyond it. */
  readonly sampledEveryMs?: () => number;
}

/** Reading of one source, as the port tells it. */
interface SourceReading {
  readonly source: string;
  readonly reading: Reading<readonly ActiveAlert[]>;
}

const deadlineMs = 3_000;
const shortestGapMs = 60_000;
/** How far before its own time a rule's course is read, so that "since" is told and not cut off. */
const lookBackMs = 3_600_000;

/** Asks every alert source of a system, and judges the rules that no Prometheus judges for it. */
export function createAlerts(parts: AlertParts): Alerts {
  return {
    async active(system) {
      const longestGapMs = Math.max(shortestGapMs, 3 * (parts.sampledEveryMs?.() ?? 0));
      const polled = system.alerts.map(async (source): Promise<SourceReading> => {
        const reading = await take(async () => {
          const answer = await parts.http.json({ backend: system.id, url: source.poll, deadlineMs });
          return { value: alertsIn(answer.body, system, source), at: answer.at };
        });
        return { source: source.id, reading };
      });
      const [sources, rules] = await Promise.all([
        Promise.all(polled),
        judgeRules(parts.metrics, system, longestGapMs),
      ]);
      return [...sources, ...rules];
    },
  };
}

/**
 * The rules that could be judged are one source; each that could not is a failed source of its own, so that one metric
 * nobody can read hides neither itself nor what the other rules found.
 */
async function judgeRules(metrics: Metrics, system: System, longestGapMs: number): Promise<SourceReading[]> {
  if (system.rules.length === 0) return [];
  const read = await metrics.read(system, [...new Set(system.rules.map((rule) => rule.metric))]);
  const judged = await Promise.all(
    system.rules.map(async (rule) => ({ rule, reading: await judge({ metrics, system, longestGapMs }, rule, read) })),
  );
  const known = judged.flatMap(({ reading }) => (reading.ok ? [reading] : []));
  const unknown = judged.flatMap(({ rule, reading }): SourceReading[] =>
    reading.ok ? [] : [{ source: `rule ${rule.id}`, reading }],
  );
  if (known.length === 0) return unknown;
  const firing: Reading<readonly ActiveAlert[]> = {
    ok: true,
    value: known.flatMap(({ value }) => value),
    at: Math.min(...known.map(({ at }) => at)),
    latencyMs: Math.max(...known.map(({ latencyMs }) => latencyMs)),
  };
  return [{ source: "rules", reading: firing }, ...unknown];
}

interface Judging {
  readonly metrics: Metrics;
  readonly system: System;
  readonly longestGapMs: number;
}

async function judge(
  { metrics, system, longestGapMs }: Judging,
  rule: AlertRule,
  read: readonly MetricReading[],
): Promise<Reading<readonly ActiveAlert[]>> {
  const reading = read.find((each) => each.id === rule.metric)?.reading;
  if (reading && !reading.ok) return failed(reading, `${rule.metric} could not be read: ${reading.detail}`);
  return take(async () => {
    if (!reading) throw unsure(rule, `the system has no metric ${rule.metric}`);
    const now = { at: reading.at, value: reading.value };
    const past = await metrics.history(system.id, rule.metric, now.at - rule.for - lookBackMs);
    const verdict = judgeRule(rule, { now, past, longestGapMs });
    switch (verdict.state) {
      case "ok":
      case "pending":
        return { value: [], at: now.at };
      case "firing":
        return { value: [alertOf(system, rule, verdict.since)], at: now.at };
      case "unsure":
        throw unsure(rule, verdict.detail);
    }
  });
}

function alertOf(system: System, rule: AlertRule, since: number): ActiveAlert {
  return {
    system: system.id,
    source: "rules",
    id: rule.id,
    severity: rule.severity,
    ownSeverity: rule.severity,
    summary: rule.summary,
    since,
    ...(rule.hint !== undefined && { hint: rule.hint }),
  };
}

function unsure(rule: AlertRule, detail: string): BackendError {
  return new BackendError(rule.id, { fault: "missing", detail });
}
