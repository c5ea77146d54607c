import { expect, it } from "vitest";
import { complete } from "../../../src/bot/pipeline/offers.ts";
import { commands } from "../../../src/commands/index.ts";
import type { Store } from "../../../src/domain/store.ts";
import { alphapulse, createBench } from "../../acts/approvals/request-bench.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";

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

async function typing(): Promise<{ read: string[]; offered: (text: string) => Promise<string[]> }> {
  const bench = await createBench();
  await bench.ask("ana");
  const read: string[] = [];
  const world = {
    store: watched(bench.store, read),
    systems: {
      all: () => [alphapulse],
      find: () => alphapulse,
      lists: { read: refuse },
      health: { check: refuse, identify: refuse },
      metrics: { read: refuse, course: refuse, askable: () => [], ask: refuse },
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
