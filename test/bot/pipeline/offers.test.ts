import { expect, it } from "vitest";
import { formOf } from "../../../src/bot/language/form.ts";
import { parse } from "../../../src/bot/language/parse.ts";
import { offeredValues } from "../../../src/bot/pipeline/offered-values.ts";
import { complete, withOffered } from "../../../src/bot/pipeline/offers.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import type { Store } from "../../../src/domain/store.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { alphapulse, createBench } from "../../acts/approvals/request-bench.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { planner, SystemFile } from "../../fakes/backends.ts";

/** A store that writes down what is read of it. */
function watched(store: Store, read: string[]): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        read.push(`${String(name)} ${String(args[0])}`);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

const refuse = () => Promise.reject(new Error("not asked"));
const readers = {
  planner,
  health: { check: refuse, identify: refuse },
  metrics: { read: refuse, course: refuse, askable: () => [], ruleBehind: refuse, ask: refuse },
};
const listed = SystemFile.parse({
  id: "alphapulse",
  title: "AlphaPulse",
  health: [{ id: "api", http: "http://127.0.0.1:1/health" }],
  lists: { services: { title: "Services", json: { url: "http://127.0.0.1:1/", path: "/services" } } },
  operations: {
    restart: {
      summary: "Restart",
      risk: "change",
      short: true,
      arguments: { service: { type: "text", title: "Service", from: "services" } },
      steps: [{ id: "tell", title: "Tell", note: "n" }],
    },
  },
});

async function typing(): Promise<{ read: string[]; offered: (text: string) => Promise<string[]> }> {
  const bench = await createBench();
  await bench.ask("ana");
  const read: string[] = [];
  const world = {
    store: watched(bench.store, read),
    systems: {
      all: () => [alphapulse],
      find: () => alphapulse,
      ...readers,
      lists: { read: refuse },
    },
    people: { directory: bench.directory },
    alerts: { listed: refuse, judged: refuse },
  };
  const ports = { commands, world, policyInForce: async () => policy() };
  const at = { account: { surface: "console", id: "chen" }, place: { surface: "console", channel: "ops" } } as const;
  return {
    read,
    offered: async (text) => {
      const offers = await complete(ports, { ...at, text });
      return offers.map(({ label }) => label);
    },
  };
}

it("a form that can only be said in words has what there is for what is missing, of the system that is named", async () => {
  const bench = await createBench();
  const rows = [
    { value: "api", label: "3 running" },
    { value: "worker", label: "" },
  ];
  const lists = { read: async () => ({ ok: true, value: rows, at: 0, latencyMs: 1 }) as const };
  const systems = { ...readers, all: () => [listed], find: () => listed, lists };
  const world = {
    store: bench.store,
    systems,
    people: { directory: bench.directory },
    alerts: { listed: refuse, judged: refuse },
  };
  const asked = parse("restart alphapulse", operationCommands([listed]));
  if (asked.kind !== "incomplete") throw new Error("it lacks nothing");
  const viewer = {
    person: policy().people.find(({ id }) => id === "chen"),
    place: { surface: "console", channel: "ops" },
    policy: policy(),
  };
  const form = await withOffered(formOf(asked.command, asked), asked, { ports: { world }, viewer });
  expect(form.offered).toEqual({ service: ["api", "worker"] });
});

it("what is typed reads only what the field at the caret needs", async () => {
  const { read, offered } = await typing();
  expect(await offered("status ")).toContain("alphapulse");
  expect(await offered("status alpha")).toContain("alphapulse");
  expect(await offered("logs alphapulse level:e")).toContain("error");
  expect(read).toEqual([]);
  const [code] = await offered("confirm approve ");
  expect(code).toMatch(/^[0-9A-F]{6}$/);
  expect(read).toEqual(["list request"]);
});

it("what every operation that takes it would refuse by itself is not offered", async () => {
  const bench = await createBench();
  const rows = ["v2-rc1", "v2", "v1"].map((value) => ({ value, label: "" }));
  const lists = { read: async () => ({ ok: true, value: rows, at: 0, latencyMs: 1 }) as const };
  const stable = { when: '!service.contains("-")', else: "{service} is no stable release" };
  const unread = { when: "now[service] == 1", else: "not so" };
  const { restart } = listed.operations;
  if (!restart) throw new Error("it has no such operation");
  const offered = async (...operations: readonly System["operations"][string][]) => {
    const system = { ...listed, operations: Object.fromEntries(operations.map((each, at) => [`restart-${at}`, each])) };
    const systems = { ...readers, all: () => [system], find: () => system, lists };
    const world = { store: bench.store, systems, alerts: { listed: refuse, judged: refuse } };
    return offeredValues("list:services", {
      ports: world,
      viewer: { person: undefined, place: { surface: "console", channel: "ops" }, policy: policy() },
      systems: [system],
      named: [system],
    }).then((all) => all?.map(({ insert }) => insert));
  };
  const strict = { ...restart, precondition: { holds: [unread, stable] } };
  expect(await offered(strict)).toEqual(["v2", "v1"]);
  expect(await offered(strict, restart)).toEqual(["v2-rc1", "v2", "v1"]);
});
