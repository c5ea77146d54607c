import { expect, it } from "vitest";
import type { ChartSpec } from "../../src/domain/messages/chart.ts";
import type { Metrics } from "../../src/domain/systems/metrics.ts";
import { graphQueue } from "../../src/records/alert-graph.ts";
import { drawOwed } from "../../src/workers/draw-graphs.ts";
import { type Desk, openDesk, standing } from "../acts/alerts/desk.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { metricsOf, quiet, systemWith } from "../integrations/systems.ts";

const all = { routes: [{ id: "all", channels: ["ops"] }] };
const system = systemWith({
  id: "logos",
  metrics: [
    {
      id: "lag",
      title: "Lag",
      unit: "s",
      bad: "above",
      source: { json: { url: "http://127.0.0.1:9/m", path: "/lag" } },
    },
  ],
  rules: [{ id: "lag-high", metric: "lag", above: 30, severity: "critical", summary: "Lag is high" }],
});
const past = Array.from({ length: 20 }, (_, at) => ({ at: Date.UTC(2026, 0, 1) - (20 - at) * 60_000, value: at }));
const behind: Metrics["ruleBehind"] = async (_system, link) =>
  link.includes("g0.expr")
    ? { backend: "prom", expression: { text: "queue", limit: { sign: ">", at: 5 } } }
    : undefined;

/** Draws what is owed now; answers what was drawn. `samples`: the course so far. */
async function draw(
  desk: Desk,
  { samples = past, fails = false }: { readonly samples?: typeof past; readonly fails?: boolean } = {},
): Promise<readonly ChartSpec[]> {
  const drawn: ChartSpec[] = [];
  const { metrics } = metricsOf({ now: { lag: { at: desk.clock.now, value: 42 } }, past: { lag: past } });
  const asked: Metrics = {
    ...metrics,
    course: async () => ({ ok: true, value: [{ name: "", samples }], at: desk.clock.now, latencyMs: 1 }),
    ruleBehind: behind,
    async ask() {
      const series = [{ name: "queue", value: "7", samples: past }];
      return { ok: true, value: { series, found: 1, doubts: [] }, at: desk.clock.now, latencyMs: 1 };
    },
  };
  const ports = {
    store: desk.store,
    log: quiet,
    systems: { metrics: asked },
    system: () => system,
    charts: {
      async draw(spec: ChartSpec) {
        if (fails) throw new Error("the drawing process is busy");
        drawn.push(spec);
        return new Uint8Array([1, 2, 3]);
      },
    },
  };
  for (const item of await desk.store.claim(graphQueue, { leaseMs: 1, limit: 100 })) {
    const { handled } = await drawOwed(ports, item);
    const { queue, id, fence, version } = item;
    const settle = [{ queue, id, fence, version, ...(!handled.done && { retryAt: handled.retryAt }) }];
    await desk.store.commit({ id: crypto.randomUUID(), settle });
  }
  return drawn;
}

const lagHigh = postedAlert({ labels: { alertname: "lag-high" } });

it("the graph of a rule comes once its message stands, on the message, and never before", async () => {
  const desk = openDesk(all, undefined, system);
  await desk.post(lagHigh);
  expect(await draw(desk)).toEqual([]);
  await desk.send(0);
  expect(standing(desk, "ops")[0]?.card.blocks.some(({ kind }) => kind === "image")).toBe(false);

  desk.clock.now += 2_000;
  expect(await draw(desk)).toMatchObject([
    { title: expect.stringContaining("Lag"), unit: "s", thresholds: [{ value: 30, tone: "bad" }] },
  ]);
  await desk.send(0);
  expect(standing(desk, "ops")).toMatchObject([{ times: 2 }]);
  expect(standing(desk, "ops")[0]?.card.blocks).toContainEqual(expect.objectContaining({ kind: "image" }));
  expect(standing(desk, "ops", "alert-changes")).toEqual([]);
  desk.clock.now += 10_000;
  expect(await draw(desk)).toEqual([]);
});

it.each([
  ["its course is no line yet", { samples: past.slice(0, 1) }],
  ["it could not be drawn", { fails: true }],
])("the graph comes later where %s at first", async (_why, first) => {
  const desk = openDesk(all, undefined, system);
  await desk.post(lagHigh);
  await desk.send(0);
  expect(await draw(desk, first)).toEqual([]);
  desk.clock.now += 5_000;
  expect(await draw(desk)).toHaveLength(1);
});

it("an alert of elsewhere shows what its rule compares, and with what, where a backend has that rule", async () => {
  const desk = openDesk(all, undefined, system);
  await desk.post(postedAlert({ generatorURL: "http://prom:9090/graph?g0.expr=queue+%3E+5" }));
  await desk.send(0);
  expect(await draw(desk)).toMatchObject([
    { thresholds: [{ label: ">", value: 5 }], series: [{ name: "queue", samples: past }] },
  ]);
});

it.each([
  ["nothing is known of its course", postedAlert({ generatorURL: "http://other/page" })],
  ["it has no link", postedAlert({ generatorURL: "" })],
])("nothing is drawn where %s", async (_why, alert) => {
  const desk = openDesk(all, undefined, system);
  await desk.post(alert);
  await desk.send(0);
  expect(await draw(desk)).toEqual([]);
  await desk.send(60_000);
  expect(standing(desk, "ops")).toMatchObject([{ times: 1 }]);
});

it("what is over before its turn is not drawn", async () => {
  const desk = openDesk(all, undefined, system);
  await desk.post(lagHigh);
  await desk.send(0);
  await desk.post({ ...lagHigh, status: "resolved", endsAt: new Date(desk.clock.now).toISOString() });
  expect(await draw(desk)).toEqual([]);
});

it("a graph that stands is drawn once more when the last alert is over, and shows the way back", async () => {
  const desk = openDesk(all, undefined, system);
  await desk.post(lagHigh);
  await desk.send(0);
  await draw(desk);
  await desk.send(0);
  // Long past the time in which a first picture helps anybody.
  await desk.send(3_600_000);
  const endedAt = desk.clock.now;
  await desk.post({ ...lagHigh, status: "resolved", endsAt: new Date(endedAt).toISOString() });
  expect(await draw(desk)).toEqual([]);
  await desk.send(20_000);
  expect(await draw(desk)).toMatchObject([{ to: endedAt + 20_000 }]);
  await desk.send(20_000);
  expect(standing(desk, "ops")).toHaveLength(1);
  expect(standing(desk, "ops")[0]?.card.blocks).toContainEqual(expect.objectContaining({ kind: "image" }));
  expect(await draw(desk)).toEqual([]);
});

it("while its channel is in a storm nothing is drawn", async () => {
  const desk = openDesk(all, undefined, system);
  await desk.post(lagHigh);
  await desk.send(0);
  const others = [...Array(30).keys()].map((at) =>
    postedAlert({ labels: { alertname: `Other${at}`, severity: "warning" }, generatorURL: "" }),
  );
  await desk.post(...others);
  expect(await draw(desk)).toEqual([]);
});
