import type { ActiveAlert, AlertSource, Alerts } from "../domain/alerts/alert.ts";
import type { AlertRule } from "../domain/alerts/alert-rule.ts";
import { judgeRule } from "../domain/alerts/alert-rule.ts";
import { BackendError } from "../domain/failure.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import type { MetricHistory, MetricReading, Metrics } from "../domain/systems/metrics.ts";
import type { Look, Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { failed, take } from "./wire/reading.ts";

export interface AlertParts {
  readonly backends: readonly Backend[];
  readonly metrics: Metrics;
  /** What was sampled: whether a rule has breached for long enough. */
  readonly history: MetricHistory;
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

/** Asks every alert source of a system of its backend, and judges the rules that are the bot's own. */
export function createAlerts(parts: AlertParts): Alerts {
  return {
    async active(system) {
      const longestGapMs = Math.max(shortestGapMs, 3 * (parts.sampledEveryMs?.() ?? 0));
      const look = { system: system.id, deadlineMs, round: {} };
      const [sources, rules] = await Promise.all([
        Promise.all(system.alerts.map((source) => readSource(parts.backends, source, look))),
        judgeRules({ ...parts, system, longestGapMs }),
      ]);
      return [...sources, ...rules];
    },
  };
}

async function readSource(
  backends: readonly Backend[],
  { id, source }: AlertSource,
  look: Look,
): Promise<SourceReading> {
  const reading = await take(async () => {
    const { value, ...taken } = await serving(backends, source.backend, "alerts").read(source.spec, look);
    return { ...taken, value: value.map((alert) => ({ ...alert, system: look.system, source: id })) };
  });
  return { source: id, reading };
}

/**
 * The rules that could be judged are one source; each that could not is a failed source of its own, so that one metric
 * nobody can read hides neither itself nor what the other rules found.
 */
async function judgeRules(judging: Judging): Promise<SourceReading[]> {
  const { metrics, system } = judging;
  if (system.rules.length === 0) return [];
  const read = await metrics.read(system, [...new Set(system.rules.map((rule) => rule.metric))]);
  const judged = await Promise.all(
    system.rules.map(async (rule) => ({ rule, reading: await judge(judging, rule, read) })),
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

interface Judging extends Pick<AlertParts, "metrics" | "history"> {
  readonly system: System;
  readonly longestGapMs: number;
}

async function judge(
  { history, system, longestGapMs }: Judging,
  rule: AlertRule,
  read: readonly MetricReading[],
): Promise<Reading<readonly ActiveAlert[]>> {
  const reading = read.find((each) => each.id === rule.metric)?.reading;
  if (reading && !reading.ok) return failed(reading, `${rule.metric} could not be read: ${reading.detail}`);
  return take(async () => {
    if (!reading) throw unsure(rule, `the system has no metric ${rule.metric}`);
    const now = { at: reading.at, value: reading.value };
    const past = await history(system.id, rule.metric, now.at - rule.for - lookBackMs);
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
