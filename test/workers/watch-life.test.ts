import { expect, it } from "vitest";
import { acceptBatch } from "../../src/acts/alerts/accept-batch.ts";
import { explodeNext } from "../../src/acts/alerts/explode-batch.ts";
import { hearHeartbeat } from "../../src/acts/alerts/hear-heartbeat.ts";
import { batchIn } from "../../src/domain/alerts/reported-alert.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { awaitedIn } from "../../src/domain/alerts/sign-of-life.ts";
import { overdueOf } from "../../src/reads/overdue.ts";
import { newId } from "../../src/records/ids.ts";
import { lifeSlot } from "../../src/workers/watch-life.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const auth = { tokens: ["env:TOKEN"] };
const sender = { id: "am", kind: "alertmanager", system: "logos" } as const;

function watching() {
  const clock = { now: 1_000_000 };
  const store = scratchStore(clock);
  const using = {
    file: AlertsInFile.parse({
      senders: [{ ...sender, auth }],
      heartbeats: [{ id: "backup", system: "logos", every: "5m", grace: "1m", auth, hint: "Look at cron" }],
      expected: [{ id: "watchdog", sender: "am", match: 'alertname="Watchdog"', within: "10m", severity: "warning" }],
    }),
  };
  const slot = lifeSlot({ store, alerts: () => using.file, routing: () => routingOf(using.file, []) });
  return {
    clock,
    store,
    using,
    /** Rounds until so many minutes are over; what is overdue then. */
    minutes: async (count: number): Promise<readonly string[]> => {
      for (let round = 0; round < count * 2; round += 1) {
        clock.now += 30_000;
        const { write } = await slot.run();
        expect((await store.commit({ id: newId(), ...write })).outcome).toBe("committed");
      }
      const watched = await overdueOf(store, "logos", awaitedIn(using.file));
      return watched.flatMap(({ reading }) => (reading.ok ? reading.value.map(({ id }) => id) : ["unread"]));
    },
    watchdog: async (): Promise<void> => {
      const text = postedBatch([postedAlert({ labels: { alertname: "Watchdog", severity: "none" } })]);
      const batch = batchIn(text);
      if (!("alerts" in batch)) throw new Error("it is no batch");
      const id = await acceptBatch(store, { sender, text, bytes: text.length, digest: "d" }, batch);
      await explodeNext({ store, system: () => undefined }, id, batch.alerts);
    },
  };
}

it("a job that does not call and an alert that does not fire are overdue each by its own time, until they are heard of", async () => {
  const { store, minutes, watchdog } = watching();
  await watchdog();
  await hearHeartbeat(store, "backup");
  expect(await minutes(6)).toEqual([]);
  expect(await minutes(1)).toEqual(["backup-missed"]);
  expect(await minutes(4)).toEqual(["backup-missed", "watchdog-missing"]);
  await watchdog();
  expect(await minutes(1)).toEqual(["backup-missed"]);
  await hearHeartbeat(store, "backup");
  expect(await minutes(1)).toEqual([]);
});

it("what is no longer awaited is forgotten, and awaited anew it has its time", async () => {
  const { using, minutes } = watching();
  expect(await minutes(7)).toEqual(["backup-missed"]);
  const { file } = using;
  using.file = { ...file, heartbeats: [] };
  expect(await minutes(1)).toEqual([]);
  using.file = file;
  expect(await minutes(1)).toEqual([]);
});
