import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { samplesWrite } from "../../src/acts/systems/record-samples.ts";
import { catalogueOf } from "../../src/bot/language/catalogue.ts";
import { checkValues } from "../../src/bot/language/check-values.ts";
import { commands } from "../../src/commands/index.ts";
import { queryCommands } from "../../src/commands/query.ts";
import type { ActiveAlert, SoonAlert } from "../../src/domain/alerts/alert.ts";
import { AlertsInFile, type Routing, routingOf } from "../../src/domain/alerts/routing.ts";
import type { Command, CommandContext, CommandPorts, Reply, SystemPorts } from "../../src/domain/commands/command.ts";
import type { FieldValues } from "../../src/domain/commands/delivery-content.ts";
import { BackendError, UserError } from "../../src/domain/failure.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import type { Person } from "../../src/domain/people/person.ts";
import type { Policy } from "../../src/domain/people/policy.ts";
import type { Store, StoredEntry } from "../../src/domain/store.ts";
import type { ListEntry } from "../../src/domain/systems/lists.ts";
import type { LogResult } from "../../src/domain/systems/logs.ts";
import type { Evaluated, MetricSeries, Reliance, Sample } from "../../src/domain/systems/metrics.ts";
import type { PortfolioState } from "../../src/domain/systems/portfolio.ts";
import type { QueryTable } from "../../src/domain/systems/queries.ts";
import type { FailedReading, Reading } from "../../src/domain/systems/reading.ts";
import { postReader } from "../../src/intake/read-again.ts";
import { createStepReadings } from "../../src/integrations/steps.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { planner, SystemFile } from "../fakes/backends.ts";

/** 2026-11-21 12:00:00 UTC. */
export const now = 1_795_262_400_000;
const root = "/var/log/trader";
export const trader = SystemFile.parse({
  id: "trader",
  title: "Trader",
  aliases: ["td"],
  links: { dashboard: "http://127.0.0.1:1/" },
  health: [
    { id: "api", title: "API", http: "http://127.0.0.1:1/health" },
    { id: "monitor", title: "Monitor", http: "http://127.0.0.1:1/monitor", weight: "important" },
  ],
  metrics: [
    {
      id: "pnl",
      title: "Daily P&L",
      unit: "USD",
      warn: -500,
      critical: -1_000,
      bad: "below",
      hint: "Look at the positions.",
      key: true,
      source: { json: { url: "http://127.0.0.1:1/m", path: "/pnl" } },
    },
    {
      id: "lag",
      title: "Lag",
      unit: "ms",
      warn: 100,
      manual: { query: "lag_total", wrong: "it counts from the start of the process on." },
      source: { json: { url: "http://127.0.0.1:1/m", path: "/lag" } },
    },
  ],
  logs: [
    { id: "main", file: "main.log", root, format: "plain", time: "iso" },
    { id: "trades", title: "Trades", file: "trades.csv", root, format: "csv", time: "at", show: ["symbol", "side"] },
  ],
  portfolio: {
    http: "http://127.0.0.1:1/p",
    positions: "/positions",
    fields: { symbol: "s", side: "d", quantity: "q", price: "p" },
  },
  queries: [
    {
      id: "pods",
      title: "Pods",
      short: true,
      json: { url: "http://127.0.0.1:1/pods", path: "/items", columns: { pod: "/name" } },
    },
    {
      id: "trail",
      title: "Audit trail",
      permission: "audit",
      arguments: { of: { type: "integer", title: "Of the last days", min: 1, max: 30 } },
      json: { url: "http://127.0.0.1:1/trail?days={of}", columns: { who: "/who" } },
    },
    {
      id: "fills",
      title: "Fills by hour",
      chart: { time: "hour", values: ["filled"], by: "symbol", unit: "USD" },
      json: { url: "http://127.0.0.1:1/fills", columns: { hour: "/h", symbol: "/s", filled: "/f" } },
    },
  ],
  operations: {
    flatten: {
      summary: "Close every position",
      risk: "destructive",
      short: true,
      steps: [{ id: "n", title: "Note", note: "n" }],
    },
  },
});

export const guard = SystemFile.parse({
  id: "guard",
  title: "Guard",
  health: [{ id: "api", http: "http://127.0.0.1:1/health" }],
});

export const ana: Person = {
  id: "ana",
  name: "Ana",
  accounts: { console: ["ana"] },
  grants: [{ role: "operator", systems: ["trader", "guard"] }],
};
/** May ask one of the two systems what nobody foresaw. */
export const fay: Person = {
  id: "fay",
  name: "Fay",
  accounts: { console: ["fay"] },
  grants: [
    { role: "operator", systems: ["trader", "guard"] },
    { role: "analyst", systems: ["trader"] },
  ],
};
/** May read one of the two systems. */
export const dana: Person = {
  id: "dana",
  name: "Dana",
  accounts: { console: ["dana"] },
  grants: [{ role: "viewer", systems: ["guard"] }],
};
export const erik: Person = {
  id: "erik",
  name: "Erik",
  accounts: { console: ["erik"] },
  grants: [{ role: "auditor", systems: ["guard"] }],
};

export const policy: Policy = {
  revision: "1",
  people: [ana, dana, erik],
  roles: [
    { id: "viewer", may: ["read"] },
    { id: "operator", may: ["read", "respond", "ask", "audit"] },
    { id: "analyst", may: ["query"] },
    { id: "auditor", may: ["read", "audit"] },
  ],
  channels: [
    {
      id: "ops",
      surface: "console",
      channel: "ops",
      systems: "*",
      allow: ["read", "query", "respond", "ask", "audit"],
      requests: false,
      operator: false,
    },
  ],
  groups: [],
  direct: { allow: [] },
  tiers: [],
  rules: [],
};

interface FakeSource {
  readonly source: string;
  readonly firing: readonly ActiveAlert[] | "fails";
  readonly soon?: SoonAlert;
}

/** What the fake backends answer; each test says what differs. */
export interface World {
  person: Person;
  down: readonly string[];
  unknown: readonly string[];
  values: Readonly<Record<string, number | "fails">>;
  /** How far a value can be relied on. */
  reliance: Readonly<Record<string, Reliance>>;
  /** What was sampled of `pnl`, oldest first. */
  history: readonly Sample[];
  chart: "drawn" | "fails";
  alerts: Readonly<Record<string, readonly FakeSource[]>>;
  routing: Routing;
  portfolio: PortfolioState | "fails";
  listed: readonly ListEntry[] | "fails";
  logs: Partial<LogResult>;
  table: QueryTable | "fails";
  journal: readonly StoredEntry[];
  /** What the backend of every metric keeps of its course, if any; who can be asked expressions, and what that answers. */
  course?: Reading<readonly MetricSeries[]>;
  askable: readonly string[];
  evaluated: Reading<Evaluated>;
}

export function failure(fault: "unreachable" | "nonsense" | "missing" = "unreachable"): FailedReading {
  return { ok: false, fault, detail: "127.0.0.1:1 refused the connection", at: now, latencyMs: 3 };
}

function reading<Value>(value: Value): Reading<Value> {
  return { ok: true, value, at: now, latencyMs: 12 };
}

const all = [trader, guard];
const find = (id: string) => all.find((each) => each.id === id || each.aliases.includes(id));
const ready: World = {
  person: ana,
  down: [],
  unknown: [],
  values: { pnl: 120, lag: 20 },
  reliance: {},
  history: [],
  routing: routingOf(AlertsInFile.parse({}), []),
  chart: "drawn",
  alerts: {},
  portfolio: { positions: [], totals: [], currency: "USD" },
  listed: [],
  logs: {},
  table: { columns: [], rows: [], more: false },
  journal: [],
  askable: ["prom"],
  evaluated: reading({ series: [{ name: "", value: "7", samples: [] }], found: 1, doubts: [] }),
};

/** What stands for the ports of systems, as it is when no test says otherwise. */
export const fakeSystemPorts = (): SystemPorts => systemPortsOf(ready, []);

function systemPortsOf(world: World, asked: unknown[]): SystemPorts {
  return {
    planner,
    rehearsals: { refusalOf: async () => undefined },
    certificates: { of: async () => [] },
    stepReadings: createStepReadings([]),
    reads: { read: async () => failure("missing") },
    queries: {
      async read(_system, _query, given) {
        asked.push(given);
        if (world.table !== "fails") return { value: world.table };
        throw new BackendError("127.0.0.1:1", { fault: "unreachable", detail: "refused the connection" });
      },
    },
    health: {
      check: async (system) => ({
        components: system.health.map(({ id, title, weight }) => {
          const name = `${system.id}/${id}`;
          const fails = world.down.includes(name)
            ? failure()
            : world.unknown.includes(name)
              ? failure("nonsense")
              : undefined;
          return { id, title: title ?? id, weight, reading: fails ?? reading({ detail: "answered 200" }) };
        }),
        facts: [],
      }),
      identify: async () => ({ is: "proven" }),
    },
    metrics: {
      course: async () => world.course,
      askable: () => world.askable,
      ruleBehind: async () => undefined,
      async ask(_system, backend, expression) {
        asked.push({ backend, ...expression });
        return world.evaluated;
      },
      read: async (system, ids) =>
        system.metrics
          .filter(({ id }) => !ids || ids.includes(id))
          .map(({ id }) => {
            const value = world.values[id];
            return { id, reading: typeof value === "number" ? reading(value) : failure(), ...world.reliance[id] };
          }),
    },
    logs: {
      async search(system, query) {
        if (!system.logs.some(({ id }) => id === query.source)) throw new UserError(`There is no log ${query.source}.`);
        asked.push(query);
        return {
          lines: [],
          matched: 0,
          counts: [],
          bucketMs: 60_000,
          scannedBytes: 0,
          origins: [],
          gaps: [],
          malformed: 0,
          format: "plain",
          ...world.logs,
        };
      },
    },
    lists: {
      read: async (system, list) => {
        if (!system.lists[list]) return failure("missing");
        return world.listed === "fails" ? failure() : reading(world.listed);
      },
    },
    portfolios: {
      read: async (system) => {
        if (!system.portfolio) return failure("missing");
        return world.portfolio === "fails" ? failure() : reading(world.portfolio);
      },
    },
  };
}

function portsOf(world: World, store: Store, asked: unknown[]): CommandPorts {
  return {
    store,
    people: { policy: () => policy, directory: { standing: async () => ({ ok: true, groups: [] }) } },
    systems: { all: () => all, find, ...systemPortsOf(world, asked) },
    routing: world.routing,
    digests: [],
    incidents: { rooms: [], invite: [], kinds: [], updates: { channels: [], every: {}, systems: {} } },
    posts: postReader([{ id: "am", kind: "alertmanager" }]),
    alerts: {
      listed: async (system) =>
        (world.alerts[system.id] ?? []).map(({ source, firing, soon }) => ({
          ...(soon && { soon }),
          source,
          reading: firing === "fails" ? failure() : reading(firing),
        })),
      judged: async () => [],
    },
    charts: {
      async draw(chart) {
        asked.push(chart);
        if (world.chart === "fails") throw new BackendError("charts", { fault: "broken", detail: "it ended" });
        return new Uint8Array([137, 80, 78, 71]);
      },
      drawDigest: async () => new Uint8Array([137, 80, 78, 71]),
    },
  };
}

/** Runs a command against fakes and a store in memory. `asked` is what logs and charts were asked. */
export async function run(name: string, values: FieldValues = {}, changes: Partial<World> = {}): Promise<Answered> {
  return inOneStore(async (again) => again(name, values, changes));
}
type Answered = Reply & { readonly asked: readonly unknown[] };
type Run = (name: string, values?: FieldValues, changes?: Partial<World>) => Promise<Answered>;

/** Several commands, one after the other, on one store in memory. */
export async function inOneStore<Result>(
  use: (run: Run, store: Store<StoredEntry>) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-commands-"));
  const store = openSqliteStore({ path: join(folder, "state.db"), now: () => now });
  let invocations = 0;
  try {
    return await use(async (name, values = {}, changes = {}) => {
      invocations += 1;
      return runIn(store, { name, values, world: { ...ready, ...changes }, invocation: `console::${invocations}` });
    }, store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(
  store: Store<StoredEntry>,
  ask: { readonly name: string; readonly values: FieldValues; readonly world: World; readonly invocation: string },
): Promise<Answered> {
  const { name, values, world, invocation } = ask;
  const checked = checkValues(commandNamed(name), values);
  if (!checked.ok) throw new Error(`${name} refuses its input: ${JSON.stringify(checked)}`);
  const asked: unknown[] = [];
  for (const [index, entry] of world.journal.entries()) await store.commit({ id: `entry-${index}`, journal: [entry] });
  for (const [index, sample] of world.history.entries())
    await store.commit({
      id: `sample-${index}`,
      ...(await samplesWrite(store, [{ system: trader.id, metric: "pnl", sample }])),
    });
  const context: CommandContext = {
    ...portsOf(world, store, asked),
    catalogue: catalogueOf(commands),
    invocation: {
      id: invocation,
      person: world.person,
      account: `console:${world.person.id}`,
      place: { surface: "console", channel: "ops" },
      now,
    },
  };
  return { ...(await commandNamed(name).run(checked.input, context)), asked };
}

export function commandNamed(name: string): Command {
  const command = [...commands, ...queryCommands(all)].find((each) => each.name === name);
  if (!command) throw new Error(`there is no command ${name}`);
  return command;
}

/** Every text of a card, for tests that ask whether something is said or kept quiet. */
export const textOf = (card: Card): string => JSON.stringify(card);

/** The rows of a card's first table, as plain text. */
export function rowsOf({ blocks }: Card): string[][] {
  const rows = blocks.find((block) => block.kind === "table")?.rows ?? [];
  return rows.map((row) => row.map((cell) => (typeof cell === "string" ? cell : cell.text)));
}
