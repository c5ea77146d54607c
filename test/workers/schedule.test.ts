import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { armSlot } from "../../src/acts/schedule/arm-slot.ts";
import { endRound } from "../../src/acts/schedule/end-round.ts";
import { nextSlotAt, scheduleQueue } from "../../src/domain/schedule.ts";
import type { Store } from "../../src/domain/store.ts";
import { readSlot } from "../../src/records/slot.ts";
import { boundStore } from "../../src/store/bound-store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { type Round, type ScheduleSlot, startSchedule } from "../../src/workers/schedule.ts";
import { quiet } from "../integrations/systems.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 2, 3, 0, 20);

/** Two handles on one state, as two replicas have, with a clock that the test moves. */
function openStores(): { readonly first: Store; readonly second: Store; readonly clock: { at: number } } {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-schedule-"));
  const clock = { at: start };
  const open = () => openSqliteStore({ path: join(folder, "state.db"), now: () => clock.at });
  const [first, second] = [open(), open()];
  onTestFinished(async () => {
    await Promise.all([first.close(), second.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { first, second, clock };
}

interface Counted extends ScheduleSlot {
  rounds: number;
}

function counted(id: string, everyMs: number, run: () => Promise<Round> = async () => ({})): Counted {
  const slot: Counted = {
    id,
    rounds: 0,
    everyMs: () => everyMs,
    run() {
      slot.rounds += 1;
      return run();
    },
  };
  return slot;
}

function runSlots(store: Store, ...slots: readonly ScheduleSlot[]): ReturnType<typeof startSchedule> {
  const schedule = startSchedule({ store, log: quiet, slots, roundMs: 500, lookEveryMs: 20 });
  onTestFinished(() => schedule.stop());
  return schedule;
}

const patience = { timeout: 60_000, interval: 10 };
const until = (holds: () => boolean | Promise<boolean>) => vi.waitUntil(holds, patience);
/** When the only slot of the queue is due. */
const dueOf = async (store: Store) => (await store.owed(scheduleQueue)).oldestDue;

describe("the schedule", () => {
  it.each([
    [0, 1_000, 1_000],
    [999, 1_000, 1_000],
    [1_000, 1_000, 2_000],
    [start, minute, start + 40_000],
    [start, 15_000, start + 10_000],
  ])("slots lie on the wall clock: after %i, every %i ms, comes %i", (now, everyMs, next) => {
    expect(nextSlotAt(now, everyMs)).toBe(next);
  });

  it("each slot has one round over two replicas, the first at once and the next on the minute", async () => {
    const { first, second, clock } = openStores();
    const [one, other] = [counted("count", minute), counted("count", minute)];
    runSlots(first, one);
    runSlots(second, other);
    const rounds = () => one.rounds + other.rounds;
    await until(async () => rounds() === 1 && (await dueOf(first)) === start + 40_000);
    for (let slot = 2; slot <= 4; slot += 1) {
      clock.at += minute;
      await until(async () => rounds() === slot && ((await dueOf(first)) ?? 0) > clock.at);
    }
    expect(await dueOf(second)).toBe(start + 40_000 + 3 * minute);
  });

  it("slots that were missed are made up for once, late", async () => {
    const { first, clock } = openStores();
    const slot = counted("count", minute);
    const before = runSlots(first, slot);
    await until(async () => slot.rounds === 1 && (await dueOf(first)) === start + 40_000);
    await before.stop();
    clock.at += 90 * minute;
    runSlots(first, slot);
    await until(async () => (await dueOf(first)) === start + 40_000 + 90 * minute);
    expect(slot.rounds).toBe(2);
  });

  it("a slot whose round was too soon is due when that says, and not a whole pace later", async () => {
    const { first, clock } = openStores();
    const answers: Round[] = [{ tooSoonMs: 3_000 }];
    const slot = counted("count", minute, async () => answers.shift() ?? {});
    runSlots(first, slot);
    await until(async () => (await dueOf(first)) === start + 3_000);
    expect(slot.rounds).toBe(1);
    clock.at += 3_000;
    await until(async () => slot.rounds === 2 && (await dueOf(first)) === start + 40_000);
  });

  it("a slot that hangs or fails holds no other, and comes again", async () => {
    const { first, clock } = openStores();
    const stuck = counted("stuck", minute, () => new Promise(() => {}));
    const broken = counted("broken", minute, () => Promise.reject(new Error("broken")));
    const well = counted("well", 1_000);
    runSlots(first, stuck, broken, well);
    await until(() => well.rounds === 1 && stuck.rounds === 1 && broken.rounds === 1);
    for (let round = 2; round <= 4; round += 1) {
      clock.at += 1_000;
      await until(() => well.rounds === round);
    }
    clock.at += 10_000;
    await until(() => broken.rounds === 2);
    // The one that hangs was given up, and its slot is begun anew.
    clock.at += minute;
    await until(() => stuck.rounds > 1);
    expect(well.rounds).toBeGreaterThanOrEqual(4);
  });

  it("what a replica that died has claimed is another's when the lease is over, and nothing it wrote late counts", async () => {
    const { first, second, clock } = openStores();
    await armSlot(first, { id: "count", everyMs: minute });
    const [claimed] = await first.claim(scheduleQueue, { leaseMs: 12_000, limit: 1 });
    if (!claimed) throw new Error("nothing was due");
    const slot = counted("count", minute, async () => ({ write: { put: [{ key: "count/1", value: "second" }] } }));
    runSlots(second, slot);
    clock.at += 12_001;
    await until(async () => slot.rounds === 1 && (await second.read(["count/1"]))[0] !== undefined);
    const late = { write: { put: [{ key: "count/1", value: "first" }] }, dueAt: clock.at };
    expect(await endRound(first, claimed, late)).toBe(false);
    expect((await first.read(["count/1"]))[0]?.value).toBe("second");
  });

  it("replicas that are configured differently go by one pace, that of the last to start", async () => {
    const { first, second, clock } = openStores();
    const [slow, quick] = [counted("count", minute), counted("count", 10_000)];
    runSlots(first, slow);
    await until(async () => slow.rounds === 1 && (await dueOf(first)) === start + 40_000);
    runSlots(second, quick);
    await until(async () => (await dueOf(first)) === start + 10_000);
    const rounds = () => slow.rounds + quick.rounds;
    for (let slot = 2; slot <= 5; slot += 1) {
      clock.at += 10_000;
      await until(async () => rounds() >= slot && (await dueOf(first)) === start + slot * 10_000);
    }
    expect(rounds()).toBe(5);
  });

  it("a pace that is configured anew is taken over", async () => {
    const { first } = openStores();
    let everyMs = minute;
    const slot: ScheduleSlot = { ...counted("count", minute), everyMs: () => everyMs };
    const schedule = runSlots(first, slot);
    await until(async () => (await dueOf(first)) === start + 40_000);
    everyMs = 10_000;
    await schedule.rearm();
    expect((await readSlot(first, "count"))?.record?.everyMs).toBe(10_000);
    await until(async () => (await dueOf(first)) === start + 10_000);
  });

  it("a slot that this release does not know is left to one that does", async () => {
    const { first, second, clock } = openStores();
    const other = counted("other", minute);
    const before = runSlots(first, other);
    await until(() => other.rounds === 1);
    await armSlot(first, { id: "unknown", everyMs: minute });
    await until(async () => (await dueOf(first)) === start + 30_000);
    await before.stop();
    const unknown = counted("unknown", minute);
    runSlots(second, unknown);
    clock.at += 30_000;
    await until(async () => unknown.rounds > 0 && (await dueOf(second)) === start + 40_000);
    expect(unknown.rounds).toBe(1);
  });

  it("a store that is out of reach when the bot starts has its slots a moment later", async () => {
    const { first } = openStores();
    let isAway = true;
    const store: Store = {
      ...boundStore(first),
      read: (keys) => (isAway ? Promise.reject(new Error("away")) : first.read(keys)),
    };
    const slot = counted("count", minute);
    runSlots(store, slot);
    isAway = false;
    await until(async () => (await dueOf(first)) === start + 40_000);
    expect(slot.rounds).toBe(1);
  });

  it("a round with more to do is followed by another at once", async () => {
    const { first } = openStores();
    const slot = counted("count", minute, async () => ({ more: slot.rounds < 4 }));
    runSlots(first, slot);
    await until(async () => (await dueOf(first)) === start + 40_000);
    expect(slot.rounds).toBe(4);
  });
});
