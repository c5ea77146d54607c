import type { ActiveAlert, SoonAlert, Watched } from "../alerts/alert.ts";
import { limitsOf } from "../alerts/alert-rule.ts";
import { byWorst } from "../alerts/firing.ts";
import type { Tone } from "../messages/card.ts";
import { textOfDatum } from "./exact.ts";
import {
  type ComponentHealth,
  type Fact,
  type FactReading,
  type Health,
  healthOf,
  healthTone,
  toneOfReading,
  worstTone,
} from "./health.ts";
import type { MetricReading } from "./metrics.ts";
import { nextWords } from "./next.ts";
import type { System } from "./system.ts";
import { isUnread, unreadOf } from "./unread.ts";

/** What a system showed when it was asked: its checks, its facts, its metrics and everything that is watched. */
export interface SystemState {
  readonly system: System;
  readonly components: readonly ComponentHealth[];
  readonly facts: readonly FactReading[];
  readonly metrics: readonly MetricReading[];
  readonly alerts: readonly Watched[];
  /** What was scaled to none, stopped or set, where somebody has looked what did it. */
  readonly emptied?: readonly Emptied[];
}

/** Parts that one request, or nobody that is known of, has scaled to none or stopped, or facts that it has set so, by title. */
export interface Emptied {
  readonly titles: readonly string[];
  readonly how: "scaled to 0" | "stopped" | "set";
  /** The request that did it; undefined where none that is known of did. */
  readonly by?: {
    readonly code: string;
    readonly operation: string;
    readonly name: string;
    readonly at: number;
    readonly reason: string;
  };
}

/** How a system is, all that was read of it taken together. */
export interface SystemStanding {
  /** Whether its parts run. */
  readonly health: Health;
  /** The worst of everything that was read, and unknown where something was not. */
  readonly tone: Tone;
  /** Its parts run, nothing is past a limit, nothing of weight fires, and nothing is unread. Whoever says so may say all is well. */
  readonly isClear: boolean;
  /** Something that was read is wrong; where it is not clear either, the rest is only not known. */
  readonly isWrong: boolean;
}

/** The one judgement of how a system is, for every answer that gives one. */
export function standingOf(state: SystemState): SystemStanding {
  const health = healthOf(state.components, state.facts);
  const tones: readonly Tone[] = [
    healthTone(health),
    ...state.facts.map(factTone),
    ...state.system.metrics.map((metric) =>
      toneOfReading(
        limitsOf(metric, state.system.rules),
        state.metrics.find(({ id }) => id === metric.id),
      ),
    ),
    alertTone(state),
    ...(unreadOf(state).length > 0 ? (["unknown"] as const) : []),
  ];
  const tone = worstTone(tones);
  return {
    health,
    tone,
    isClear: tone === "good",
    isWrong: tones.some((each) => each === "bad" || each === "warning"),
  };
}

/** Its alerts that fire, as far as could be read. */
export function activeIn({ alerts }: Pick<SystemState, "alerts">): readonly ActiveAlert[] {
  return alerts.flatMap(({ reading }) => (reading.ok ? reading.value : [])).toSorted(byWorst);
}

/** Its rules that are breached and do not fire yet. */
export function soonIn({ alerts }: Pick<SystemState, "alerts">): readonly SoonAlert[] {
  return alerts.flatMap(({ soon }) => soon ?? []).toSorted(byWorst);
}

/** What fires: what could not be read may, and where nothing is watched nothing can be said. */
export function alertTone({ alerts }: Pick<SystemState, "alerts">): Tone {
  const severities = activeIn({ alerts }).map((alert) => alert.severity);
  if (severities.includes("critical")) return "bad";
  if (alerts.some(isUnread)) return "unknown";
  if (severities.includes("warning") || soonIn({ alerts }).some(({ severity }) => severity !== "info"))
    return "warning";
  return alerts.length === 0 ? "neutral" : "good";
}

/** A fact that is as expected, or of which nothing is, says nothing. */
export function factTone({ severity, reading }: Pick<FactReading, "severity" | "reading">): Tone {
  if (!reading.ok) return "unknown";
  if (severity === undefined) return "neutral";
  return severity === "critical" ? "bad" : "warning";
}

/** Facts that must be so, each watched: one of severity critical that is wrong is an alert. */
export function watchedFacts(system: System, facts: readonly FactReading[]): readonly Watched[] {
  return system.facts.flatMap(({ id, title, expect, severity, ...fact }): Watched[] => {
    const read = facts.find((each) => each.id === id);
    if (expect === undefined || severity !== "critical" || !read) return [];
    const source = `fact ${id}`;
    const { reading, expected = textOfDatum(expect) ?? "" } = read;
    if (!reading.ok) return [{ source, reading, rests: true }];
    const summary = `${title} is ${String(reading.value)}, not ${expected}`;
    const hint = adviceOf(system.id, fact);
    const alert: ActiveAlert = {
      system: system.id,
      source: "facts",
      id,
      severity,
      ownSeverity: severity,
      summary,
      hint,
    };
    return [{ source, reading: { ...reading, value: read.severity === undefined ? [] : [alert] } }];
  });
}

/** What to do about a check that is down or a fact that is wrong: at the least, where to look. */
export function adviceOf(system: string, { hint, next }: Partial<Pick<Fact, "hint" | "next">>): string {
  if (hint !== undefined) return hint;
  const where = `\`status ${system}\` shows what does not answer and what it says.`;
  return next ? `${where} Then: ${nextWords(system, next).join("; then ")}` : where;
}
