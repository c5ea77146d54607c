import { expect, it } from "vitest";
import { storedLeases } from "../../src/acts/hold-lease.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

function leases() {
  const clock = { now: 1_000_000 };
  const store = scratchStore(clock);
  return {
    clock,
    held: (names: readonly string[]) => storedLeases(store).held(names),
    take: (names: readonly string[], ms: number) => storedLeases(store).take(names, ms),
  };
}

const places = ["socket/1", "socket/2"];

it("gives each name to one holder, in order, and none when all are held", async () => {
  const { take } = leases();
  const held = [await take(places, 5_000), await take(places, 5_000), await take(places, 5_000)];
  expect(held.map((lease) => lease?.name)).toEqual(["socket/1", "socket/2", undefined]);
});

it("never gives one name to two who ask at once", async () => {
  const { take } = leases();
  const held = await Promise.all(Array.from({ length: 8 }, () => take(["gateway"], 5_000)));
  expect(held.filter((lease) => lease !== undefined)).toHaveLength(1);
});

it("lasts as long as it is renewed, by the store's clock", async () => {
  const { clock, take } = leases();
  const lease = await take(["gateway"], 5_000);
  clock.now += 4_000;
  expect(await lease?.renew()).toBe(true);
  clock.now += 4_000;
  expect(await take(["gateway"], 5_000)).toBeUndefined();
  clock.now += 1_001;
  expect((await take(["gateway"], 5_000))?.name).toBe("gateway");
  expect(await lease?.renew()).toBe(false);
  expect(await lease?.renew()).toBe(false);
});

it("handed back is free at once; handing back what another has taken takes nothing away", async () => {
  const { clock, take } = leases();
  const first = await take(["gateway"], 5_000);
  await first?.release();
  const second = await take(["gateway"], 5_000);
  expect(second?.name).toBe("gateway");
  expect(await first?.renew()).toBe(false);
  clock.now += 6_000;
  const third = await take(["gateway"], 5_000);
  await second?.release();
  expect(await third?.renew()).toBe(true);
});

it("counts what is held, by anybody, until it runs out", async () => {
  const { clock, held, take } = leases();
  expect(await held(places)).toBe(0);
  await take(places, 5_000);
  const second = await take(places, 9_000);
  expect(await held(places)).toBe(2);
  clock.now += 6_000;
  expect(await held(places)).toBe(1);
  await second?.release();
  expect(await held(places)).toBe(0);
});
