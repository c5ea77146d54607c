import { type Request, type Sealed, stateWords } from "../domain/approvals/request.ts";
import type { Block, Card, CardAction, CardField, ListItem, Tone } from "../domain/messages/card.ts";
import {
  type ComponentHealth,
  componentHealth,
  type FactReading,
  healthOf,
  healthTone,
  toneOfReading,
  worstTone,
} from "../domain/systems/health.ts";
import type { Metric, MetricReading } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import type { SystemState } from "../domain/systems/system-state.ts";
import { clock } from "../domain/text/moment.ts";
import { amount } from "../domain/text/quantities.ts";
import { alertTone, firingWords, worstWords } from "./state-words.ts";
import { unknownReasons } from "./unknown-reasons.ts";

/** Everything that is shown of one system. */
interface SystemView {
  readonly state: SystemState;
  /** Its key metrics. */
  readonly metrics: readonly MetricReading[];
  /** Requests that are open on it. */
  readonly requests: readonly { readonly request: Request; readonly sealed: Sealed }[];
}

/** One system: its parts, its facts and key metrics, what fires, what waits, and where to look further. */
export function systemCard({ state, metrics, requests }: SystemView, now: number): Card {
  const { system, components, facts } = state;
  const health = healthOf(components, facts);
  const worst = worstWords(state);
  return {
    tone: worstTone([healthTone(health), alertTone(state)]),
    title: `${system.title} is ${health}`,
    summary: `${worst === "" ? "" : `${worst}. `}${firingWords([state])}.`,
    blocks: [
      componentTable(components),
      ...fieldsBlock([
        ...facts.map(factField),
        ...system.metrics.filter(({ key }) => key).map((metric) => metricField(metric, metrics)),
      ]),
      ...unknownReasons([...facts, ...metrics.map(({ id, reading }) => ({ title: id, reading }))]),
      ...listBlock(alertItems(state)),
      ...listBlock(
        requests.map(({ request, sealed }) => ({
          text: `Request ${request.code}: ${sealed.operation}, ${stateWords(request.state)}`,
          tone: "warning",
        })),
      ),
      ...fieldsBlock(Object.entries(system.links).map(([name, value]) => ({ name, value }))),
    ],
    actions: furtherActions(system),
    footer: `Asked at ${clock(now, now)}.`,
  };
}

function furtherActions({ id, metrics, portfolio }: System): CardAction[] {
  const args = { system: id };
  return [
    ...(metrics.length > 0 ? [{ label: "Metrics", command: "metrics", args }] : []),
    { label: "Alerts", command: "alerts", args },
    ...(portfolio ? [{ label: "Portfolio", command: "portfolio", args }] : []),
    { label: "Again", command: "status", args },
  ];
}

function componentTable(components: readonly ComponentHealth[]): Block {
  return {
    kind: "table",
    columns: [{ title: "Part" }, { title: "Is" }, { title: "Answer" }, { title: "Took", align: "right" }],
    rows: components.map((each) => [
      each.title,
      { text: componentHealth(each), tone: componentTone(each) },
      answerWords(each),
      `${Math.round(each.reading.latencyMs)} ms`,
    ]),
  };
}

function answerWords(component: ComponentHealth): string {
  const { reading, through } = component;
  if (reading.ok) return reading.value.detail;
  if (through === undefined || reading.fault === "unwell") return reading.detail;
  return `seen through ${through}, which could not be read`;
}

function componentTone(component: ComponentHealth): Tone {
  const health = componentHealth(component);
  return health === "down" && component.weight !== "critical" ? "warning" : healthTone(health);
}

function fieldsBlock(fields: readonly CardField[]): Block[] {
  return fields.length > 0 ? [{ kind: "fields", fields }] : [];
}

function listBlock(items: readonly ListItem[]): Block[] {
  return items.length > 0 ? [{ kind: "list", items }] : [];
}

function factField(fact: FactReading): CardField {
  if (!fact.reading.ok) return { name: fact.title, value: "unknown", tone: "unknown" };
  const value = String(fact.reading.value);
  if (fact.severity === undefined) return { name: fact.title, value };
  return {
    name: fact.title,
    value: `${value}, expected ${fact.expected ?? ""}`,
    tone: fact.severity === "critical" ? "bad" : "warning",
  };
}

function metricField(metric: Metric, read: readonly MetricReading[]): CardField {
  const found = read.find(({ id }) => id === metric.id);
  const value = found?.reading.ok ? amount(found.reading.value, metric.unit) : "unknown";
  return { name: metric.title, value, tone: toneOfReading(metric, found) };
}

function alertItems({ alerts }: SystemState): readonly ListItem[] {
  return alerts.flatMap(({ source, reading }): readonly ListItem[] => {
    if (!reading.ok) return [{ text: `${source}: ${reading.detail}`, tone: "unknown" }];
    return reading.value.map((alert) => ({
      text: `${alert.ownSeverity}: ${alert.summary}`,
      tone: alert.severity === "critical" ? "bad" : "warning",
    }));
  });
}
