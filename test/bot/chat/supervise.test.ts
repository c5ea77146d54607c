import { expect, it, onTestFinished, vi } from "vitest";
import { type ConnectionEnd, type Supervised, supervise } from "../../../src/bot/chat/supervise.ts";
import { SharedLeases } from "../../fakes/leases.ts";
import { quiet } from "../../integrations/systems.ts";

/** A supervised connection, and what became of it so far. `connections` are open until the test ends them. */
function supervised(leases: SharedLeases) {
  const ending = new AbortController();
  const connections: ((end: ConnectionEnd) => void)[] = [];
  const happened: string[] = [];
  const parts: Supervised = {
    name: "line",
    places: ["line"],
    leaseMs: 60_000,
    renewEveryMs: 5,
    lookEveryMs: 5,
    leases,
    log: quiet,
    signal: ending.signal,
    took: () => void happened.push("took"),
    left: () => void happened.push("left"),
    lacks: (why) => {
      if (happened.at(-1) !== why) happened.push(why);
    },
    connectOnce(signal) {
      const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
      connections.push(resolve);
      signal.addEventListener("abort", () => resolve({ wasOpen: true }));
      return promise;
    },
  };
  const over = supervise(parts);
  const stop = async (): Promise<void> => {
    ending.abort();
    await over;
  };
  onTestFinished(stop);
  return { connections, happened, stop };
}

it("connects again and again, and hands its place back at the end", async () => {
  const leases = new SharedLeases();
  const { connections, happened, stop } = supervised(leases);
  for (const count of [1, 2, 3]) {
    await vi.waitUntil(() => connections.length === count);
    connections.at(-1)?.({ wasOpen: count > 1 });
  }
  await vi.waitUntil(() => connections.length === 4);
  await stop();
  expect(happened).toEqual(["took", "left"]);
  expect(await leases.held(["line"])).toBe(0);
});

it("ends its connection when the place is another's, and takes one again when it can", async () => {
  const leases = new SharedLeases();
  const { connections, happened } = supervised(leases);
  await vi.waitUntil(() => connections.length === 1);
  leases.steal("line");
  await vi.waitUntil(() => happened.includes("taken"));
  leases.free("line");
  await vi.waitUntil(() => connections.length === 2);
  expect(happened).toEqual(["took", "left", "taken", "took"]);
});

it("tells a place that is taken from a store that does not answer", async () => {
  const leases = new SharedLeases();
  leases.down = true;
  const { happened, connections } = supervised(leases);
  await vi.waitUntil(() => happened.includes("unknown"));
  leases.steal("line");
  leases.down = false;
  await vi.waitUntil(() => happened.includes("taken"));
  expect([happened, connections.length]).toEqual([["unknown", "taken"], 0]);
});
