import { limitsOf } from "../domain/alerts/alert-rule.ts";
import { severityTone } from "../domain/alerts/firing.ts";
import { askedWords, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { Block, Card, CardAction, CardField, ListItem, Tone } from "../domain/messages/card.ts";
import {
  type ComponentHealth,
  componentHealth,
  type FactReading,
  healthTone,
  toneOfReading,
  worstTone,
} from "../domain/systems/health.ts";
import type { Metric, MetricReading } from "../domain/systems/metrics.ts";
import { type Next, nextWords } from "../domain/systems/next.ts";
import type { System } from "../domain/systems/system.ts";
import { activeIn, factTone, type SystemState, standingOf } from "../domain/systems/system-state.ts";
import { type Unread, unreadCauses, unreadOf } from "../domain/systems/unread.ts";
import { alikeText, foldAlike, unnumbered } from "../domain/text/alike.ts";
import { clock } from "../domain/text/moment.ts";
import { ago } from "../domain/text/quantities.ts";
import { metricValue } from "./metric-words.ts";
import {
  emptiedWords,
  firingWords,
  openOutcomes,
  outcomesTitle,
  outcomeTone,
  pastLimit,
  worstWords,
} from "./state-words.ts";
import { unreadItems } from "./unread.ts";

/** Unknown values of one cause that still have a line each. */
const mostAlone = 3;

/** Everything that is shown of one system. */
interface SystemView {
  readonly state: SystemState;
  /** Requests that are open on it. */
  readonly requests: readonly { readonly request: Request; readonly sealed: Sealed }[];
}

/** One system: its parts, its facts and key metrics, what fires, what waits, and where to look further. */
export function systemCard({ state, requests }: SystemView, now: number): Card {
  const { system, components, facts, metrics } = state;
  const { health, tone, isClear } = standingOf(state);
  const open = openOutcomes(requests);
  const first = [outcomesTitle(open) ?? "", emptiedWords(state, now)].filter((words) => words !== "");
  const stands = `is ${health}${health === "up" && !isClear ? ", and needs a look" : ""}`;
  const past = pastLimit(state).map(({ metric }) => metric.id);
  const unread = unreadOf(state);
  const told = toldTogether(unread);
  const worst = worstWords(state, now);
  return {
    tone: worstTone([tone, ...open.map(outcomeTone)]),
    title: [...first, `${system.title} ${stands}`].join("; "),
    summary: `${worst === "" ? "" : `${worst}. `}${firingWords([state])}.`,
    blocks: [
      componentTable(components),
      ...fieldsBlock([
        ...facts.filter(({ title }) => !told.includes(title)).map(factField),
        ...system.metrics
          .filter(({ id, key, title }) => (key || past.includes(id)) && !told.includes(title))
          .map((metric) => metricField(system, metric, metrics)),
      ]),
      ...listBlock(causes(state, now)),
      ...listBlock(wayBack(state)),
      ...listBlock(unreadItems(unread, false)),
      ...listBlock(alertItems(state)),
      ...listBlock(
        requests.map(({ request, sealed }) => ({
          text: `Request ${request.code}: ${askedWords(sealed)}, ${standingWords(request)}`,
          tone: "warning",
        })),
      ),
      ...fieldsBlock(Object.entries(system.links).map(([name, value]) => ({ name, value }))),
    ],
    actions: furtherActions(system),
    footer: `Asked at ${clock(now, now)}.`,
  };
}

/** Names of what one cause keeps from being read, where they are many: they are told with it, and have no line of their own. */
function toldTogether(unread: readonly Unread[]): readonly string[] {
  return unreadCauses(unread).flatMap(({ names }) => (names.length > mostAlone ? names : []));
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
  const tone = factTone(fact);
  if (!fact.reading.ok) return { name: fact.title, value: "unknown", tone };
  const value = String(fact.reading.value);
  if (fact.severity === undefined) return { name: fact.title, value };
  return { name: fact.title, value: `${value}, expected ${fact.expected ?? ""}`, tone };
}

/** When what is down, or not as expected, was left so, and why. */
function causes({ system: { id }, emptied = [] }: SystemState, now: number): ListItem[] {
  return emptied.flatMap(({ by }): ListItem[] => {
    if (!by) return [];
    const { code, operation, name, at, reason } = by;
    return [{ text: `Request ${code}, ${ago(at, now)}: ${operation} ${id}, asked by ${name}: ${reason}` }];
  });
}

/** What to do about each part that is down, and each fact that is not as expected. */
function wayBack({ system, components, facts }: SystemState): ListItem[] {
  const words = (title: string, next: Next): string => `${title}: ${nextWords(system.id, next).join("; then ")}`;
  const down = components.flatMap((part): ListItem[] => {
    const next = system.health.find(({ id }) => id === part.id)?.next;
    if (!next || componentHealth(part) !== "down") return [];
    return [{ text: words(part.title, next), tone: componentTone(part) }];
  });
  const wrong = facts.flatMap((fact): ListItem[] => {
    const next = system.facts.find((each) => each.id === fact.id)?.next;
    if (!next || fact.severity === undefined || !fact.reading.ok) return [];
    return [{ text: words(fact.title, next), tone: factTone(fact) }];
  });
  return [...down, ...wrong];
}

function metricField({ rules }: System, metric: Metric, read: readonly MetricReading[]): CardField {
  const found = read.find(({ id }) => id === metric.id);
  return { name: metric.title, value: metricValue(metric, found), tone: toneOfReading(limitsOf(metric, rules), found) };
}

function alertItems(state: SystemState): readonly ListItem[] {
  return foldAlike(activeIn(state), (alert) => `${alert.ownSeverity}: ${unnumbered(alert.summary)}`).map((alike) => {
    const { ownSeverity, summary, severity } = alike.first;
    return { text: `${ownSeverity}: ${alikeText(summary, alike)}`, tone: severityTone(severity) };
  });
}
