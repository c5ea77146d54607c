import { expect, it } from "vitest";
import { calmStorms } from "../../../src/acts/alerts/calm-storms.ts";
import { settleFates } from "../../../src/acts/alerts/settle-fates.ts";
import { fatesOf } from "../../../src/records/alert-fate.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { openDesk, standing } from "./desk.ts";

const routes = { routes: [{ id: "all", channels: ["ops"] }] };
const storm = (count: number, severity: string, more: object = {}): object[] =>
  [...Array(count).keys()].map((at) => postedAlert({ labels: { alertname: `${severity}-${at}`, severity }, ...more }));

it("more messages than a channel takes are folded into one summary that says so, and what is critical comes through", async () => {
  const desk = openDesk(routes);
  const batch = await desk.post(...storm(300, "warning"), ...storm(12, "critical"));
  await desk.send(20_000);
  const own = standing(desk, "ops");
  expect(own).toHaveLength(15 + 10);
  expect(own.filter(({ card }) => card.tone === "bad")).toHaveLength(10);
  expect(standing(desk, "ops", "alert-storm")).toMatchObject([
    { card: { title: "Storm: 287 alerts folded, 287 of them firing" } },
  ]);

  await settleFates(desk.store);
  const fates = Map.groupBy(
    (await fatesOf(desk.store, batch)).flatMap(({ events }) => events),
    ([, fate]) => fate,
  );
  expect([fates.get("shown")?.length, fates.get("folded")?.length]).toEqual([25, 287]);

  const over = { status: "resolved", endsAt: new Date(desk.clock.now).toISOString() };
  await desk.post(...storm(300, "warning", over));
  await desk.send(20_000);
  expect(standing(desk, "ops", "alert-storm")).toMatchObject([
    { card: { title: "Storm: 287 alerts folded, 2 of them firing" }, times: 2 },
  ]);
  expect(standing(desk, "ops").filter(({ card }) => card.tone === "good")).toHaveLength(15);

  // Once it is calm, what still fires has messages of its own.
  await calmStorms(desk.store, 10);
  await desk.send(1_000);
  expect(standing(desk, "ops")).toHaveLength(25);
  desk.clock.now += 120_000;
  await calmStorms(desk.store, 10);
  await calmStorms(desk.store, 10);
  await desk.send(20_000);
  expect(standing(desk, "ops").filter(({ card }) => card.tone === "bad")).toHaveLength(12);
  // What still fires came after it, so that it is brought to the end.
  const [before, summary] = standing(desk, "ops", "alert-storm");
  expect(before?.card.title).toBe("Storm: its summary stands further down");
  expect(summary?.card).toMatchObject({
    tone: "good",
    title: expect.stringContaining("Storm over: 287 alerts") as unknown,
  });

  // What a storm that is over had folded is told by itself when it comes again.
  const startsAt = new Date(desk.clock.now).toISOString();
  const again = {
    labels: { alertname: "warning-299", severity: "warning" },
    annotations: { summary: "Back" },
    startsAt,
  };
  await desk.post(postedAlert(again));
  await desk.send(20_000);
  expect(standing(desk, "ops").map(({ card }) => card.title)).toContain("logos: Back");
});

it("the summary is brought to the end of its channel as what is critical is posted below it, and every event is accounted for", async () => {
  const desk = openDesk(routes);
  const critical = (from: number): object[] =>
    [...Array(8).keys()].map((at) => postedAlert({ labels: { alertname: `c-${from + at}`, severity: "critical" } }));
  const batches = [await desk.post(...storm(30, "warning"))];
  await desk.send(20_000);
  const titles = (): readonly string[] => standing(desk, "ops", "alert-storm").map(({ card }) => card.title);
  for (let round = 0; round < 3; round += 1) {
    desk.clock.now += 61_000;
    batches.push(
      await desk.post(
        ...critical(round * 8),
        postedAlert({ labels: { alertname: `late-${round}`, severity: "warning" } }),
      ),
    );
    await desk.send(20_000);
    expect(titles().filter((title) => title.startsWith("Storm: its summary"))).toHaveLength(round + 1);
    expect(titles().at(-1)).toBe(`Storm: ${16 + round} alerts folded, ${16 + round} of them firing`);
  }
  // One more that comes at once moves nothing.
  batches.push(await desk.post(postedAlert({ labels: { alertname: "last", severity: "warning" } })));
  await desk.send(20_000);
  expect(titles()).toHaveLength(4);

  await settleFates(desk.store);
  const fates = await Promise.all(batches.map((batch) => fatesOf(desk.store, batch)));
  const all = fates.flat().flatMap(({ events }) => events.map(([, fate]) => fate));
  expect(all.filter((fate) => fate === "owed")).toEqual([]);
  expect(all.filter((fate) => fate === "folded")).toHaveLength(19);
});
