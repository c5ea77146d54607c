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
  const [summary] = standing(desk, "ops", "alert-storm");
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
