import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ForwardClock } from "../../src/store/sqlite/forward-clock.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { commit } from "./contract/context.ts";

it("a machine's clock that only goes forward is the store's", () => {
  let machine = 1_000_000;
  const clock = new ForwardClock(() => machine, 0);
  expect(clock.now()).toBe(1_000_000);
  machine += 86_400_000;
  expect(clock.now()).toBe(87_400_000);
});

it("set back, time goes on from the newest seen, a tenth slower, until the machine has come up to it", () => {
  let machine = 10_000_000;
  const told: number[] = [];
  const clock = new ForwardClock(
    () => machine,
    0,
    (behindMs) => told.push(behindMs),
  );
  clock.now();
  machine -= 60_000;
  expect(clock.now()).toBe(10_000_000);
  machine += 100_000;
  expect(clock.now()).toBe(10_090_000);
  machine += 500_000;
  expect(clock.now()).toBe(10_540_000);
  machine += 1_000;
  expect(clock.now()).toBe(10_541_000);
  expect(told).toEqual([60_000]);
});

it("a machine that was far ahead once does not stand still afterwards, and is told again at each start", () => {
  const year = 31_536_000_000;
  let machine = 1_000_000;
  const told: number[] = [];
  const clock = new ForwardClock(
    () => machine,
    1_000_000 + year,
    (behindMs) => told.push(behindMs),
  );
  expect(clock.now()).toBe(1_000_000 + year);
  machine += 10_000;
  expect(clock.now()).toBe(1_009_000 + year);
  expect(told).toEqual([year]);
});

it("steps as a time service makes them are told to nobody, and time still does not go back", () => {
  let machine = 1_000_000;
  const told: number[] = [];
  const clock = new ForwardClock(
    () => machine,
    0,
    (behindMs) => told.push(behindMs),
  );
  clock.now();
  machine -= 400;
  expect(clock.now()).toBe(1_000_000);
  expect(told).toEqual([]);
});

it("what is too late stays too late, also when the clock is set back while nobody ran", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-clock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let machine = 10_000_000;
  const open = (onSetBack?: (behindMs: number) => void) =>
    openSqliteStore({ path: join(folder, "state.db"), now: () => machine, ...(onSetBack && { onSetBack }) });
  const first = open();
  await first.commit(commit({ journal: [{ kind: "said" }] }));
  machine -= 3_600_000;
  expect(await first.commit(commit({ validUntil: 9_999_999 }))).toMatchObject({ outcome: "late" });
  await first.close();
  const told: number[] = [];
  const second = open((behindMs) => told.push(behindMs));
  expect(await second.now()).toBe(10_000_000);
  expect(await second.commit(commit({ validUntil: 9_999_999 }))).toMatchObject({ outcome: "late" });
  expect(told).toEqual([3_600_000]);
  await second.close();
});
