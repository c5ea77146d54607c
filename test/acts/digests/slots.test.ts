import { describe, expect, it } from "vitest";
import { askDigest } from "../../../src/acts/digests/ask-digest.ts";
import { keepDigest } from "../../../src/acts/digests/keep-digest.ts";
import { openDigestSlots } from "../../../src/acts/digests/open-slots.ts";
import { type Digest, DigestsInFile, digestsOf } from "../../../src/domain/digests/digest.ts";
import type { Claimed, Store } from "../../../src/domain/store.ts";
import { digestQueue, digestsUntil, readDigest, readOwedDigest } from "../../../src/records/digest.ts";
import { noticeQueue } from "../../../src/records/notice.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by } from "../stage.ts";

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(text);

function digest(more: object = {}): Digest {
  const own = [{ id: "morning", at: "08:00", zone: "Europe/Berlin", channels: ["ops"], sections: ["alerts"], ...more }];
  const [made] = digestsOf(DigestsInFile.parse({ own }), []);
  if (!made) throw new Error("there is no digest");
  return made;
}

async function claimed(store: Store, leaseMs = 60_000): Promise<readonly Claimed[]> {
  return store.claim(digestQueue, { leaseMs, limit: 10 });
}

async function make(store: Store, item: Claimed | undefined): Promise<boolean> {
  if (!item) throw new Error("nothing is owed");
  const read = await readDigest(store, readOwedDigest(item.body));
  if (!read) throw new Error("what is owed is on record");
  const places = [{ surface: "console", channel: "ops" }];
  const { record } = read;
  return keepDigest(store, { item, record }, { sections: [], comparedWith: [], pictures: [], places });
}

async function past(store: Store): Promise<readonly (readonly [string, string])[]> {
  const { found } = await digestsUntil(store, "morning", { until: Number.MAX_SAFE_INTEGER - 1, limit: 500 });
  return found.map(({ slot, state }) => [slot, state]);
}

describe("slots of a digest", () => {
  it("begin with the next one, are owed once over all replicas, and missed ones are on record", async () => {
    const clock = { now: at("2026-03-27T09:00:00Z") };
    const store = scratchStore(clock);
    const replicas = (): Promise<unknown> => Promise.all([1, 2, 3].map(() => openDigestSlots(store, [digest()])));
    await replicas();
    expect(await claimed(store)).toEqual([]);
    clock.now = at("2026-03-28T07:00:09Z");
    await replicas();
    const [item, ...others] = await claimed(store);
    expect([item?.body, others]).toEqual([{ name: "morning", slot: "2026-03-28" }, []]);
    expect(await make(store, item)).toBe(true);
    // Summer time has begun; nobody ran for a day and some hours.
    clock.now = at("2026-03-30T08:30:00Z");
    await replicas();
    const late = await claimed(store);
    expect(late.map(({ body }) => body)).toEqual([{ name: "morning", slot: "2026-03-30" }]);
    expect(await past(store)).toEqual([
      ["2026-03-30", "due"],
      ["2026-03-29", "missed"],
      ["2026-03-28", "made"],
    ]);
    const read = await readDigest(store, { name: "morning", slot: "2026-03-30" });
    // It tells of the time since the last one that was made, and of its own slot.
    expect(read?.record).toMatchObject({ from: at("2026-03-28T07:00:00Z"), to: at("2026-03-30T06:00:00Z") });
  });

  it("that are past the time to catch up are missed, and none comes back when clocks or schedules do", async () => {
    const clock = { now: at("2026-10-24T09:00:00Z") };
    const store = scratchStore(clock);
    await openDigestSlots(store, [digest({ catchUp: "1h" })]);
    clock.now = at("2026-10-25T08:00:01Z");
    await openDigestSlots(store, [digest({ catchUp: "1h" })]);
    expect(await past(store)).toEqual([["2026-10-25", "missed"]]);
    // The same date at another time of the day, and in another zone, is done with.
    await openDigestSlots(store, [digest({ at: "09:00" })]);
    await openDigestSlots(store, [digest({ at: "23:00", zone: "Pacific/Apia" })]);
    expect(await claimed(store)).toEqual([]);
  });

  it("are made by another when whoever claimed one died before, and never twice", async () => {
    const clock = { now: at("2026-11-28T09:00:00Z") };
    const store = scratchStore(clock);
    await openDigestSlots(store, [digest()]);
    clock.now += day;
    await openDigestSlots(store, [digest()]);
    const [dead] = await claimed(store, 1_000);
    expect(await claimed(store)).toEqual([]);
    clock.now += 2_000;
    const [taken] = await claimed(store);
    if (!dead || !taken) throw new Error("both held it");
    expect(await make(store, taken)).toBe(true);
    // It was not dead, and comes with what it made.
    expect(await make(store, dead)).toBe(false);
    expect((await store.owed(noticeQueue("console"))).count).toBe(2);
    expect(await past(store)).toEqual([["2026-11-29", "made"]]);
  });

  it("and what is asked for besides stand beside each other; the same delivery asks once", async () => {
    const clock = { now: at("2026-11-29T12:00:00Z") };
    const store = scratchStore(clock);
    await askDigest(store, digest(), by("ana", "d1"));
    await askDigest(store, digest(), by("ana", "d1"));
    const items = await claimed(store);
    expect(items).toHaveLength(1);
    expect((await past(store)).map(([, state]) => state)).toEqual(["due"]);
    await openDigestSlots(store, [digest()]);
    clock.now += day;
    await openDigestSlots(store, [digest()]);
    expect((await past(store)).map(([slot]) => slot)).toContain("2026-11-30");
  });
});
