import type { ActiveAlert, AlertSource, Alerts, RulesAsked, SoonAlert, Watched } from "../domain/alerts/alert.ts";
import { type AlertRule, type Course, judgeRule, limitRules } from "../domain/alerts/alert-rule.ts";
import type { OwnReadings } from "../domain/alerts/own-series.ts";
import { withoutTwins } from "../domain/alerts/same-alert.ts";
import { BackendError } from "../domain/failure.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import type { MetricHistory, MetricReading } from "../domain/systems/metrics.ts";
import type { Look } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import type { Promises } from "./promises.ts";
import { failed, take } from "./wire/reading.ts";

export interface AlertParts {
  readonly backends: readonly Backend[];
  /** What was sampled: whether a rule has breached for long enough. */
  readonly history: MetricHistory;
  /** What fires on a system by what was posted to the bot. */
  readonly posted?: (system: string) => Promise<readonly Watched[]>;
  /** Asks what is promised of the newest row of an answer, as of a list of backups; nothing is promised when left out. */
  readonly promises?: Pick<Promises, "watched">;
  /** Since when what rules of files judge holds; each look is the first when left out. */
  readonly holds?: (system: string) => Promise<Pick<RulesAsked, "held" | "now">>;
  /** How far apart samples are kept, in ms: a hole is what is well beyond it. */
  readonly sampledEveryMs?: () => number;
}

const deadlineMs = 3_000;
const shortestGapMs = 60_000;
/** How far before its own time a rule's course is read, so that "since" is told and not cut off. */
const lookBackMs = 3_600_000;

/** Asks every alert source of a system of its backend, and judges the rules that are the bot's own. */
export function createAlerts({ backends, history, posted, promises, holds, sampledEveryMs }: AlertParts): Alerts {
  return {
    async listed(system) {
      const look = { system: system.id, deadlineMs, round: {} };
      const [live, taken, promised] = await Promise.all([
        Promise.all(
          system.alerts
            .filter(({ source }) => !serving(backends, source.backend, "alerts").judge)
            .map((source) => readSource(backends, source, look)),
        ),
        posted ? readPosted(() => posted(system.id)) : [],
        promises?.watched(system) ?? [],
      ]);
      return [...withoutTwins(live, taken), ...promised];
    },
    async judged(system, readings) {
      const { metrics } = readings;
      const longestGapMs = Math.max(shortestGapMs, 3 * (sampledEveryMs?.() ?? 0));
      const judging: Judging = { history, system, longestGapMs, metrics };
      const [rules, limits, ofFiles] = await Promise.all([
        Promise.all(system.rules.map((rule) => judge(judging, rule, "rules"))),
        Promise.all(limitRules(system).map((rule) => judge(judging, rule, "limits"))),
        judgeFiles({ backends, holds }, system, readings),
      ]);
      return [...rules, ...worstOnly(limits), ...ofFiles];
    },
  };
}

async function readSource(backends: readonly Backend[], { id, source }: AlertSource, look: Look): Promise<Watched> {
  const reading = await take(async () => {
    const { value, ...taken } = await serving(backends, source.backend, "alerts").read(source.spec, look);
    return { ...taken, value: value.map((alert) => ({ ...alert, system: look.system, source: id })) };
  });
  return { source: id, reading };
}

/** Every rule of the rule files of a system. */
async function judgeFiles(
  { backends, holds }: { readonly backends: AlertParts["backends"]; readonly holds: AlertParts["holds"] | undefined },
  system: System,
  readings: OwnReadings,
): Promise<readonly Watched[]> {
  const files = system.alerts.flatMap(({ id, source }) => {
    const { judge: judged } = serving(backends, source.backend, "alerts");
    return judged ? [{ id, judged, spec: source.spec }] : [];
  });
  if (files.length === 0) return [];
  const known = await take(async () => ({ value: (await holds?.(system.id)) ?? { held: {}, now: Date.now() } }));
  if (!known.ok) return files.map(({ id }) => ({ source: id, reading: known }));
  const asked = { system, readings, ...known.value };
  return (await Promise.all(files.map(({ judged, spec }) => judged(spec, asked)))).flat();
}

/** What cannot be read of the records is told as a source that cannot be read. */
async function readPosted(read: () => Promise<readonly Watched[]>): Promise<readonly Watched[]> {
  const found = await take(async () => ({ value: await read() }));
  return found.ok ? found.value : [{ source: "what was posted", reading: found }];
}

interface Judging extends Pick<AlertParts, "history"> {
  readonly system: System;
  readonly longestGapMs: number;
  readonly metrics: readonly MetricReading[];
}

/** What one rule says. One whose metric could not be read is a failed reading of its own, and hides nothing of the others. */
async function judge(judging: Judging, rule: AlertRule, of: "rules" | "limits"): Promise<Watched> {
  const { history, system, longestGapMs, metrics } = judging;
  const source = of === "rules" ? `rule ${rule.id}` : `limit ${rule.id}`;
  const read = metrics.find((each) => each.id === rule.metric);
  if (read && !read.reading.ok)
    return {
      source,
      reading: failed(read.reading, `${rule.metric} could not be read: ${read.reading.detail}`),
      rests: true,
    };
  let soon: SoonAlert | undefined;
  const reading = await take(async () => {
    if (!read?.reading.ok) throw unsure(rule, `the system has no metric ${rule.metric}`);
    const now = { at: read.reading.at, value: read.reading.value };
    const course: Course = { now, past: [], longestGapMs, ...(read.isFloor && { isFloor: true }) };
    // What is not past its limit now needs no hours of samples to say so.
    const isQuietNow = judgeRule(rule, course).state === "ok";
    const past = isQuietNow ? [] : await history(system.id, rule.metric, now.at - rule.for - lookBackMs);
    const verdict = judgeRule(rule, { ...course, past });
    switch (verdict.state) {
      case "pending": {
        const { severity, summary } = rule;
        soon = { system: system.id, severity, summary, since: verdict.since, lastsMs: rule.for };
        return { value: [], at: now.at };
      }
      case "ok":
        return { value: [], at: now.at };
      case "firing":
        return { value: [alertOf({ system: system.id, source: of }, rule, verdict.since)], at: now.at };
      case "unsure":
        throw unsure(rule, verdict.detail);
    }
  });
  const isQuiet = reading.ok && reading.value.length === 0;
  return {
    source,
    reading,
    ...(soon && { soon }),
    ...(isQuiet && read?.missing && { missing: read.missing, rests: true }),
  };
}

/** Past its critical limit a metric is past the other too, which says nothing more. */
function worstOnly(limits: readonly Watched[]): readonly Watched[] {
  const critical = new Set(
    limits.flatMap(({ source, reading }) =>
      reading.ok && reading.value.some(({ severity }) => severity === "critical")
        ? [source.replace(/-critical$/, "-warning")]
        : [],
    ),
  );
  return limits.map((each) =>
    each.reading.ok && critical.has(each.source) ? { ...each, reading: { ...each.reading, value: [] } } : each,
  );
}

function alertOf(of: Pick<ActiveAlert, "system" | "source">, rule: AlertRule, since: number): ActiveAlert {
  return {
    ...of,
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
