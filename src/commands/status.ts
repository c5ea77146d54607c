import { z } from "zod";
import type { ActiveAlert } from "../domain/alerts/alert.ts";
import { stateWords } from "../domain/approvals/request.ts";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Block, Card, CardField, ListItem, Tone } from "../domain/messages/card.ts";
import type { ComponentHealth, FactReading } from "../domain/systems/health.ts";
import {
  componentHealth,
  healthOf,
  healthTone,
  toneOfReading,
  worstComponent,
  worstTone,
} from "../domain/systems/health.ts";
import type { MetricReading } from "../domain/systems/metrics.ts";
import type { Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { ago, amount, clock } from "../domain/text/quantities.ts";
import { openRequests } from "../records/request.ts";
import { readableSystems, system as systemField, systemNamed } from "./fields.ts";
import { unknownReasons } from "./unknown-reasons.ts";

export const status = defineCommand({
  name: "status",
  summary: "Is everything up? With a system: how exactly is it?",
  permission: "read",
  systemField: "system",
  examples: ["status", "status alphapulse"],
  input: z.object({ system: systemField.optional() }),
  run: async (input, context) =>
    input.system === undefined ? overview(context) : detail(systemNamed(context, input.system), context),
});

interface Looked {
  readonly system: System;
  readonly components: readonly ComponentHealth[];
  readonly facts: readonly FactReading[];
  readonly alerts: readonly { readonly source: string; readonly reading: Reading<readonly ActiveAlert[]> }[];
}

async function look(system: System, context: CommandContext): Promise<Looked> {
  const [{ components, facts }, alerts] = await Promise.all([
    context.systems.health.check(system),
    context.alerts.active(system),
  ]);
  return { system, components, facts, alerts };
}

async function overview(context: CommandContext): Promise<Reply> {
  const systems = readableSystems(context);
  const looked = await Promise.all(systems.map((each) => look(each, context)));
  if (looked.length === 0) throw new UserError("You may see no system here.", "why status says what it takes.");
  const healths = looked.map((each) => healthOf(each.components, each.facts));
  const wrong = healths.filter((health) => health !== "up").length;
  const summary = looked.flatMap((each, at) =>
    healths[at] === "up" ? [] : [sentence(each, healths[at] ?? "unknown", context.invocation.now)],
  );
  return {
    card: {
      tone: worstTone([...healths.map(healthTone), ...looked.map(alertTone)]),
      title: wrong === 0 ? "Everything is up" : `${wrong} of ${looked.length} need a look`,
      summary: wrong === 0 ? `${looked.length} systems asked just now. ${firingWords(looked)}.` : summary.join(" "),
      blocks: [
        {
          kind: "table",
          columns: [{ title: "System" }, { title: "Is" }, { title: "Look at" }, { title: "Alerts", align: "right" }],
          rows: looked.map((each, at) => {
            const health = healths[at] ?? "unknown";
            return [
              each.system.id,
              { text: health, tone: healthTone(health) },
              worstWords(each),
              { text: alertWords(each), tone: alertTone(each) },
            ];
          }),
        },
      ],
      actions: systems.slice(0, 5).map((each) => ({ label: each.title, command: "status", args: { system: each.id } })),
      footer: `Asked at ${clock(context.invocation.now, context.invocation.now)}.`,
    },
  };
}

function worstWords(looked: Looked): string {
  const component = worstComponent(looked.components);
  if (component && !component.reading.ok) return `${component.title}: ${component.reading.detail}`;
  const fact = looked.facts.find((each) => each.severity !== undefined);
  return fact?.reading.ok ? `${fact.title} is ${String(fact.reading.value)}, not ${fact.expected ?? ""}` : "";
}

/** Since when is known only from the alerts about it. */
function sentence(looked: Looked, health: string, now: number): string {
  const since = firing(looked).flatMap((alert) => (alert.since === undefined ? [] : [alert.since]));
  const oldest = since.length === 0 ? "" : `, alerting since ${ago(Math.min(...since), now)}`;
  return `${looked.system.title} is ${health}${oldest}.`;
}

function firing({ alerts }: Looked): ActiveAlert[] {
  return alerts.flatMap(({ reading }) => (reading.ok ? reading.value : []));
}

function firingWords(looked: readonly Looked[]): string {
  const count = looked.flatMap(firing).length;
  const unread = looked.flatMap(({ alerts }) => alerts).filter(({ reading }) => !reading.ok).length;
  const words = count === 0 ? "No alert is firing" : `${count} alert${count === 1 ? " is" : "s are"} firing`;
  return unread === 0
    ? words
    : `${count === 0 ? "No alert is known to fire" : words}, but ${unread} alert source${unread === 1 ? "" : "s"} could not be read`;
}

/** What could not be read may be firing. */
function alertTone(looked: Looked): Tone {
  const severities = firing(looked).map((alert) => alert.severity);
  if (severities.includes("critical")) return "bad";
  if (looked.alerts.some(({ reading }) => !reading.ok)) return "unknown";
  return severities.includes("warning") ? "warning" : "good";
}

/** A source that failed is said so: it is never "no alerts". */
function alertWords(looked: Looked): string {
  const { alerts } = looked;
  const failed = alerts.filter(({ reading }) => !reading.ok).length;
  if (alerts.length === 0) return "not watched";
  const count = firing(looked).length;
  return failed === 0 ? String(count) : `${count}, ${failed} of ${alerts.length} sources unread`;
}

async function detail(on: System, context: CommandContext): Promise<Reply> {
  const [looked, read, open] = await Promise.all([
    look(on, context),
    context.systems.metrics.read(
      on,
      keyMetrics(on).map((metric) => metric.id),
    ),
    openRequests(context.store),
  ]);
  const health = healthOf(looked.components, looked.facts);
  const waiting = open.filter(({ sealed }) => sealed.system === on.id);
  const worst = worstWords(looked);
  const card: Card = {
    tone: worstTone([healthTone(health), alertTone(looked)]),
    title: `${on.title} is ${health}`,
    summary: `${worst === "" ? "" : `${worst}. `}${firingWords([looked])}.`,
    blocks: [
      componentTable(looked.components),
      ...fieldsBlock([
        ...looked.facts.map(factField),
        ...keyMetrics(on).map((metric) => metricField(on, metric.id, read)),
      ]),
      ...unknownReasons([...looked.facts, ...read.map(({ id, reading }) => ({ title: id, reading }))]),
      ...alertList(looked),
      ...(waiting.length > 0
        ? [
            {
              kind: "list" as const,
              items: waiting.map(({ request, sealed }) => ({
                text: `Request ${request.code}: ${sealed.operation}, ${stateWords(request.state)}`,
                tone: "warning" as const,
              })),
            },
          ]
        : []),
      ...(Object.keys(on.links).length > 0
        ? [{ kind: "fields" as const, fields: Object.entries(on.links).map(([name, value]) => ({ name, value })) }]
        : []),
    ],
    actions: [
      ...(on.metrics.length > 0 ? [{ label: "Metrics", command: "metrics", args: { system: on.id } }] : []),
      { label: "Alerts", command: "alerts", args: { system: on.id } },
      ...(on.portfolio ? [{ label: "Portfolio", command: "portfolio", args: { system: on.id } }] : []),
      { label: "Again", command: "status", args: { system: on.id } },
    ],
    footer: `Asked at ${clock(context.invocation.now, context.invocation.now)}.`,
  };
  return { card };
}

function keyMetrics(on: System) {
  return on.metrics.filter((metric) => metric.key);
}

function componentTable(components: readonly ComponentHealth[]): Block {
  return {
    kind: "table",
    columns: [{ title: "Part" }, { title: "Is" }, { title: "Answer" }, { title: "Took", align: "right" }],
    rows: components.map(({ title, weight, reading }) => [
      title,
      { text: componentHealth(reading), tone: componentTone(weight, reading) },
      reading.ok ? reading.value.detail : reading.detail,
      `${Math.round(reading.latencyMs)} ms`,
    ]),
  };
}

function componentTone(weight: ComponentHealth["weight"], reading: ComponentHealth["reading"]): Tone {
  const health = componentHealth(reading);
  return health === "down" && weight !== "critical" ? "warning" : healthTone(health);
}

function fieldsBlock(fields: readonly CardField[]): Block[] {
  return fields.length > 0 ? [{ kind: "fields", fields }] : [];
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

function metricField(on: System, id: string, read: readonly MetricReading[]): CardField {
  const metric = on.metrics.find((each) => each.id === id);
  const found = read.find((each) => each.id === id);
  if (!metric) return { name: id, value: "unknown", tone: "unknown" };
  const value = readingWords(found?.reading, metric.unit);
  return { name: metric.title, value, tone: toneOfReading(metric, found) };
}

function readingWords(reading: Reading<number> | undefined, unit: string): string {
  return reading?.ok ? amount(reading.value, unit) : "unknown";
}

function alertList({ alerts }: Looked): Block[] {
  const items = alerts.flatMap(({ source, reading }): readonly ListItem[] => {
    if (!reading.ok) return [{ text: `${source}: ${reading.detail}`, tone: "unknown" }];
    return reading.value.map((alert) => ({
      text: `${alert.ownSeverity}: ${alert.summary}`,
      tone: alert.severity === "critical" ? "bad" : "warning",
    }));
  });
  return items.length > 0 ? [{ kind: "list", items }] : [];
}
