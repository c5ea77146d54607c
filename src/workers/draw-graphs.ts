import { addGraph } from "../acts/alerts/add-graph.ts";
import { expressionGraph, ruleGraph } from "../cards/alert-graph.ts";
import type { AlertGroup } from "../domain/alerts/group.ts";
import { ruleNamed } from "../domain/alerts/guide.ts";
import type { Log } from "../domain/log.ts";
import type { ChartSpec, Charts } from "../domain/messages/chart.ts";
import type { Claimed, Store } from "../domain/store.ts";
import type { Metrics } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { metricCourse } from "../reads/metric-course.ts";
import { graphQueue, readGraph, readOwedGraph } from "../records/alert-graph.ts";
import { type GroupMessage, readGroup } from "../records/alert-group.ts";
import { parseWeather, weatherKey } from "../records/alert-storm.ts";
import { ifLegible } from "../records/legible.ts";
import { readMessage } from "../records/message.ts";
import { noticeId } from "../records/notice.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface GraphPorts {
  readonly store: Store;
  readonly log: Log;
  readonly charts: Pick<Charts, "draw">;
  readonly systems: { readonly metrics: Metrics };
  readonly system: (id: string) => System | undefined;
}

/** How soon it is looked again whether the message stands, ms. */
const notYetMs = 1_000;
/** How soon a course that could not be read or drawn, or is no line yet, is looked at again, ms. */
const againMs = 5_000;
/** A picture that comes later helps nobody any more, ms. */
const longestWaitMs = 600_000;
/** Between two pictures, ms: each costs two of the 50 edits a minute that Slack takes of a workspace. */
const apartMs = 5_000;
/** What is shown before the first of the alerts began, ms; and of one that began long ago, how much of its course. */
const beforeMs = 3_600_000;
const mostShownMs = 86_400_000;

/** Draws what alerts are about, once their message stands: no message waits for its picture. */
export function startGraphWorker(ports: GraphPorts): QueueWorker {
  const { store, log } = ports;
  let nextAt = 0;
  return startQueueWorker({
    queue: graphQueue,
    store,
    log,
    leaseMs: 60_000,
    parallel: 1,
    everyMs: 1_000,
    async handle(item) {
      const now = await store.now();
      if (now < nextAt) return { done: false, retryAt: nextAt };
      const handled = await drawOwed(ports, item);
      if (handled.drawn) nextAt = (await store.now()) + apartMs;
      return handled.handled;
    },
  });
}

/** Draws the graph that a message is owed, or says when it is looked at again. Without a picture the message says all the same. */
export async function drawOwed(ports: GraphPorts, { body }: Pick<Claimed, "body">): Promise<Looked> {
  const { store } = ports;
  const message = readOwedGraph(body);
  const group = await readGroup(store, message);
  const now = await store.now();
  if (!group?.graph || group.folded !== undefined) return done(false);
  const isOver = group.firing === 0;
  if (now - (isOver ? group.at : message.opened) > longestWaitMs) return done(false);
  // What was over before its turn needs no picture; one that stands is to show how it ended.
  if (isOver && (await readGraph(store, message)).length === 0) return done(false);
  if (!(await stands(store, group)) || (await isStormy(store, group))) return later(now + notYetMs);
  const spec = await specOf(ports, group, now);
  if (spec === "never") return done(false);
  const bytes = spec && (await pictureOf(ports, spec));
  if (!bytes) return later(now + againMs);
  await addGraph(store, message, { name: "graph.png", mediaType: "image/png", bytes });
  return done(true);
}

interface Looked {
  readonly handled: Handled;
  readonly drawn: boolean;
}

function done(drawn: boolean): Looked {
  return { handled: { done: true }, drawn };
}

function later(retryAt: number): Looked {
  return { handled: { done: false, retryAt }, drawn: false };
}

async function stands(store: Store, { id, opened, place }: GroupMessage & Pick<AlertGroup, "place">): Promise<boolean> {
  const message = await readMessage(store, noticeId({ kind: "alerts", group: id, opened }, place));
  return message?.shown !== undefined && message.ref.id !== "";
}

/** While a channel is in a storm its edits are for what changes. */
async function isStormy(store: Store, { channel }: AlertGroup): Promise<boolean> {
  const [document] = await store.read([weatherKey(channel)]);
  const storm = document && ifLegible(() => parseWeather(document))?.storm;
  return storm !== undefined && storm.overAt === undefined;
}

async function pictureOf(ports: GraphPorts, spec: ChartSpec): Promise<Uint8Array | undefined> {
  // A bot that has just started has sampled too little for a line.
  if (spec.series.every(({ samples }) => samples.length < 2)) return undefined;
  try {
    return await ports.charts.draw(spec);
  } catch (error) {
    ports.log.warn("the graph of an alert could not be drawn", { error });
    return undefined;
  }
}

/** What is to be drawn; undefined where it cannot be read now. */
async function specOf(ports: GraphPorts, group: AlertGroup, now: number): Promise<ChartSpec | "never" | undefined> {
  const { graph, worst: severity, since } = group;
  const system = ports.system(group.system);
  if (!graph || !system) return "never";
  const from = Math.max(Math.min(since, now) - beforeMs, now - mostShownMs);
  const shown = { system, severity, from, to: now };
  if (graph.kind === "rule") {
    const rule = ruleNamed(system, graph.rule);
    const metric = system.metrics.find(({ id }) => id === rule?.metric);
    if (!rule || !metric) return "never";
    return ruleGraph(shown, { rule, metric, ...(await metricCourse(ports, system, metric, from)) });
  }
  const { metrics } = ports.systems;
  const found = await metrics.ruleBehind(system, graph.link);
  if (!found) return "never";
  const { backend, expression } = found;
  const reading = await metrics.ask(system, backend, { text: expression.text, from });
  return reading.ok ? expressionGraph(shown, expression, reading.value.series) : undefined;
}
