import { expect, it } from "vitest";
import { systemStates } from "../../src/reads/system-state.ts";
import { planner } from "../fakes/backends.ts";
import { metricsOf, systemWith } from "../integrations/systems.ts";

const fleet = Array.from({ length: 300 }, (_, index) => systemWith({ id: `system-${index}` }));

/** Ports that count how many systems are looked at at once; a look ends when it is let go. */
function counting() {
  const held: (() => void)[] = [];
  const count = { most: 0, under: 0, begun: 0 };
  const refuse = () => Promise.reject(new Error("not asked"));
  const ports = {
    store: { list: refuse, now: refuse },
    alerts: { listed: async () => [], judged: async () => [] },
    systems: {
      planner,
      metrics: metricsOf({ now: {} }).metrics,
      health: {
        async check() {
          count.begun += 1;
          count.under += 1;
          count.most = Math.max(count.most, count.under);
          const { promise, resolve } = Promise.withResolvers<void>();
          held.push(resolve);
          await promise;
          count.under -= 1;
          return { components: [], facts: [] };
        },
        identify: async () => ({ is: "proven" as const }),
      },
    },
  };
  return { ports, count, held };
}

it("looks at some of many systems at once, and answers in their order", async () => {
  const { ports, count, held } = counting();
  const states = systemStates(ports, fleet);
  const release = async (): Promise<void> => {
    while (count.begun < fleet.length || held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await release();
  expect((await states).map(({ system }) => system.id)).toEqual(fleet.map(({ id }) => id));
  expect(count.most).toBe(40);
});

it("is held up by none that hangs, but for its own place", async () => {
  const { ports, count, held } = counting();
  const states = systemStates(ports, fleet);
  await expect.poll(() => held.length, { timeout: 60_000 }).toBe(40);
  const [hanging, ...others] = held.splice(0);
  held.push(...others);
  while (count.begun < fleet.length || count.under > 1) {
    held.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  hanging?.();
  expect(await states).toHaveLength(fleet.length);
});
