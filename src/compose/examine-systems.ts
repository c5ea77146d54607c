import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Diagnosis } from "../bot/chat/diagnosis.ts";
import type { Plan, PlannedStep } from "../domain/approvals/plan.ts";
import { BackendError, type BackendFault, UserError } from "../domain/failure.ts";
import { proofsOf } from "../domain/systems/identities.ts";
import type { MetricReading } from "../domain/systems/metrics.ts";
import type { Operation } from "../domain/systems/operation.ts";
import type { Planner } from "../domain/systems/plan-operation.ts";
import type { Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { type Unread, unreadCauses } from "../domain/systems/unread.ts";
import { ago, amount } from "../domain/text/quantities.ts";
import type { World } from "./world.ts";

type Ports = Pick<World, "systems" | "alerts" | "steps" | "examineFiles" | "examineRights">;

/** One thing that a system's file says how to read, read once. */
interface Examined {
  readonly what: string;
  /** What was got, in words. */
  readonly reading: Reading<string>;
}

/** A rate is known once its counter has been watched for a while; longer than this nobody waits for it. */
const longestWaitMs = 6_000;
const logDeadlineMs = 5_000;
const rightsDeadlineMs = 5_000;
const dayMs = 86_400_000;

/** Reads everything that the systems' files say how to read, once, all at the same time and each to its own deadline. */
export async function examineSystems(ports: Ports, systems: readonly System[]): Promise<Diagnosis[]> {
  return (await Promise.all(systems.map((system) => examineSystem(ports, system)))).flat();
}

async function examineSystem(ports: Ports, system: System): Promise<Diagnosis[]> {
  const parts = await Promise.all([
    identity(ports, system),
    health(ports, system),
    metrics(ports, system),
    alerts(ports, system),
    Promise.all(system.logs.map(({ id }) => log(ports, system, id))),
    portfolio(ports, system),
    Promise.all(Object.keys(system.lists).map((id) => list(ports, system, id))),
    probes(ports, system),
    rights(ports, system),
  ]);
  const all = parts.flat();
  const well = all.flatMap(({ what, reading }): Diagnosis[] =>
    reading.ok ? [{ what: `${system.title}, ${what}: ${reading.value}` }] : [],
  );
  return [...well, ...troubles(system, all), ...(await files(ports, system))];
}

/** A file that many entries name is told once. */
async function files(ports: Ports, system: System): Promise<Diagnosis[]> {
  const faults = await ports.examineFiles(system);
  const once = new Map(faults.map(({ message, remedy }) => [message, remedy]));
  return [...once].map(([message, remedy]) => ({ what: `${system.title}: ${message}`, remedy }));
}

/** One cause is told once, with all that it spoils. */
function troubles(system: System, all: readonly Examined[]): Diagnosis[] {
  const unread = all.flatMap(({ what, reading }): Unread[] =>
    reading.ok ? [] : [{ system: system.id, what, failure: reading }],
  );
  return unreadCauses(unread).map(({ names, said, fault }) => ({
    what: `${system.title}, ${names.join(", ")}: ${said}`,
    remedy: remedyFor(fault, system.id),
  }));
}

function remedyFor(fault: BackendFault, id: string): string {
  const file = `systems/${id}.yaml`;
  switch (fault) {
    case "unreachable":
    case "timeout":
    case "overloaded":
      return `Check its address in ${file}, and that it runs.`;
    case "unauthorised":
      return `Check what ${file} says it is asked with, and its rights.`;
    case "missing":
      return `Check its path, file or selector in ${file}: nothing is there.`;
    case "nonsense":
    case "refused":
    case "lost":
      return `Check its address and path in ${file}: what is there is something else.`;
    case "broken":
    case "unwell":
      return "It answers and is not well: look at its own log.";
  }
}

/** Each proof by itself, and each backend of which the file says that nothing proves it. */
async function identity({ systems }: Ports, system: System): Promise<Examined[]> {
  const asked = proofsOf(system).map(async ({ of, source }): Promise<Examined> => {
    const found = await systems.health.identify({ ...system, identity: source }, { through: [] });
    const what = `identity of ${of}`;
    if (found.is === "proven") return { what, reading: got("it says that it is this system") };
    return { what, reading: not(found.is === "contradicted" ? "nonsense" : "unreachable", found.why) };
  });
  const unproven = Object.entries(system.backends ?? {}).flatMap(([name, { identity: proof }]): Examined[] =>
    proof && "none" in proof
      ? [{ what: `identity of the backend ${name}`, reading: got(`nothing proves it: ${proof.none}`) }]
      : [],
  );
  return [...(await Promise.all(asked)), ...unproven];
}

async function health({ systems }: Ports, system: System): Promise<Examined[]> {
  const { components, facts } = await systems.health.check(system);
  return [
    ...components.map(({ title, reading }) => ({ what: title, reading: told(reading, ({ detail }) => detail) })),
    ...facts.map(({ title, reading, expected }) => ({
      what: title,
      reading: told(
        reading,
        (value) => `${String(value)}${expected === undefined ? "" : `, and ${expected} is expected`}`,
      ),
    })),
  ];
}

/** Read twice where a rate has to be watched first. */
async function metrics({ systems }: Ports, system: System): Promise<Examined[]> {
  const first = await systems.metrics.read(system);
  const waits = first.flatMap(({ reading, missing }) =>
    [...(reading.ok ? [] : [reading]), ...(missing?.failures ?? [])].flatMap(({ againMs }) => againMs ?? []),
  );
  if (waits.length > 0) await pause(Math.min(longestWaitMs, Math.max(...waits) + 200));
  const read = waits.length > 0 ? await systems.metrics.read(system) : first;
  return read.flatMap((each) => metricExamined(system, each));
}

function metricExamined(system: System, { id, reading, missing, isFloor }: MetricReading): Examined[] {
  const metric = system.metrics.find((each) => each.id === id);
  return [
    {
      what: `metric ${id}`,
      reading: told(reading, (value) => `${isFloor ? "more than " : ""}${amount(value, metric?.unit)}`),
    },
    ...(missing?.failures ?? []).map((failure) => ({ what: `metric ${id}`, reading: failure })),
  ];
}

async function alerts(ports: Ports, system: System): Promise<Examined[]> {
  const listed = await ports.alerts.listed(system);
  return listed.map(({ source, reading }) => ({
    what: `alerts of ${source}`,
    reading: told(reading, (firing) => `${firing.length} firing`),
  }));
}

async function log({ systems }: Ports, system: System, id: string): Promise<Examined> {
  const what = `log ${id}`;
  const now = Date.now();
  const query = { source: id, from: now - dayMs, to: now, limit: 1, deadlineMs: logDeadlineMs };
  try {
    const { lines, malformed, format } = await systems.logs.search(system, query);
    const newest = lines[0]?.at;
    if (newest !== undefined) return { what, reading: got(`its newest line is ${ago(newest, now)}`) };
    if (malformed > 0)
      return { what, reading: not("nonsense", `${malformed} lines are not ${format} as its file says`) };
    return { what, reading: got("it can be read, and has no line of the last day") };
  } catch (error) {
    if (error instanceof BackendError) return { what, reading: not(error.fault, error.message) };
    return { what, reading: not("broken", error instanceof UserError ? error.message : "it could not be searched") };
  }
}

async function portfolio({ systems }: Ports, system: System): Promise<Examined[]> {
  if (!system.portfolio) return [];
  const reading = await systems.portfolios.read(system);
  return [{ what: "portfolio", reading: told(reading, ({ positions }) => `${positions.length} positions`) }];
}

async function list({ systems }: Ports, system: System, id: string): Promise<Examined> {
  const reading = await systems.lists.read(system, id);
  return { what: `list ${id}`, reading: told(reading, (entries) => `${entries.length} entries`) };
}

/** Each right that is missing, as it would be written where rights are given. */
async function rights(ports: Ports, system: System): Promise<Examined[]> {
  try {
    const found = await ports.examineRights(system, rightsDeadlineMs);
    return found.map(({ where, needed, missing }) => ({
      what: `rights in ${where}`,
      reading:
        missing.length === 0
          ? got(`all ${needed} that its file needs are there`)
          : not("unauthorised", `${missing.length} of ${needed} are missing: ${missing.join(", ")}`),
    }));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return [{ what: "rights", reading: not(error.fault, error.message) }];
  }
}

/**
 * Asks each probe for a key that was never sent: one that tells lost from done says that it never arrived. It only reads.
 * Many operations share one probe, so what they say alike is told once.
 */
async function probes({ systems, steps }: Ports, system: System): Promise<Examined[]> {
  const operations = Object.entries(system.operations);
  const found = await Promise.all(
    operations.flatMap(([id, operation]) => {
      const plan = planFor(systems.planner, operation);
      return (plan?.steps ?? [])
        .filter((step) => steps.canProbe(step))
        .map((step) => probe({ steps }, step, `probe of ${id}`));
    }),
  );
  return found.flatMap((each) => each ?? []);
}

async function probe({ steps }: Pick<Ports, "steps">, step: PlannedStep, what: string): Promise<Examined | undefined> {
  const { outcome, detail } = await steps.probe(step, `wardroom-doctor-${randomUUID()}`);
  switch (outcome) {
    case "refused":
      return { what, reading: got("it knows what never arrived") };
    case "done":
      return { what, reading: not("nonsense", "it says that what was never sent took effect") };
    case "unknown":
      return { what, reading: not("missing", detail) };
  }
}

/** Undefined where the plan cannot be made without somebody's arguments. */
function planFor(planner: Planner, operation: Operation): Plan | undefined {
  const values = Object.entries(operation.arguments).map(
    ([name, { type, choices, min }]): [string, string | number] => {
      if (type === "integer") return [name, min ?? 1];
      return [name, choices?.[0] ?? "wardroom-doctor"];
    },
  );
  try {
    return planner.plan(operation, Object.fromEntries(values));
  } catch {
    return undefined;
  }
}

function told<Value>(reading: Reading<Value>, words: (value: Value) => string): Reading<string> {
  return reading.ok ? { ...reading, value: words(reading.value) } : reading;
}

function got(value: string): Reading<string> {
  return { ok: true, value, at: Date.now(), latencyMs: 0 };
}

function not(fault: BackendFault, detail: string): Reading<string> {
  return { ok: false, fault, detail, at: Date.now(), latencyMs: 0 };
}
