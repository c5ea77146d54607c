import { describe, expect, it } from "vitest";
import { NotBegunError, type Pace, Pacer } from "../../../src/bot/chat/pacing.ts";
import type { Lane } from "../../../src/domain/messages/lane.ts";

const slow: Pace = { perSecond: 20, burst: 5 };

/**
 * Runs jobs through one pacer and remembers the order in which they began. Its clock stands until the test lets it go:
 * what is asked at once in a test is asked at once, however busy the machine is.
 */
function bench() {
  let clock = () => 0;
  const go = () => {
    const from = performance.now();
    clock = () => performance.now() - from;
  };
  const pacer = new Pacer(() => clock());
  const begun: string[] = [];
  const add = (name: string, lane: Lane, keys: readonly string[] = ["a"]) =>
    pacer.run({
      lane,
      buckets: Object.fromEntries(keys.map((key) => [key, slow])),
      work: async () => void begun.push(name),
    });
  return { pacer, begun, add, go };
}

describe("a pacer", () => {
  it("keeps the order of what goes the same way", async () => {
    const { begun, add, go } = bench();
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const all = names.map((name) => add(name, "notice"));
    go();
    await Promise.all(all);
    expect(begun).toEqual(names);
  });

  it("lets replies go first, however many notices wait", async () => {
    const { begun, add, go } = bench();
    const notices = Array.from({ length: 10 }, (_, index) => add(`n${index}`, "notice"));
    const all = [...notices, add("r1", "reply"), add("r2", "reply")];
    go();
    await Promise.all(all);
    // Four went before the replies were asked for; a fifth of the burst had been kept.
    expect(begun.slice(0, 6)).toEqual(["n0", "n1", "n2", "n3", "r1", "r2"]);
  });

  it("lets the more urgent lane go first, whatever waits, and what is quiet last", async () => {
    const { pacer, begun, add, go } = bench();
    await add("first", "notice");
    pacer.pause("a", 50);
    const lanes = ["quiet", "notice", "reply", "urgent", "quiet", "notice", "reply", "urgent"] as const;
    const all = lanes.map((lane, index) => add(`${lane} ${index}`, lane));
    go();
    await Promise.all(all);
    expect(begun.slice(1)).toEqual([
      "urgent 3",
      "urgent 7",
      "reply 2",
      "reply 6",
      "notice 1",
      "notice 5",
      "quiet 0",
      "quiet 4",
    ]);
  });

  it("judges all that waits at one moment: no pause ends between what is urgent and what is quiet", async () => {
    for (const pauseMs of [10, 10.4, 10.8, 11.2, 11.6, 12]) {
      // Every look at this clock moves it on.
      let at = 0;
      const pacer = new Pacer(() => {
        at += 0.4;
        return at;
      });
      const begun: string[] = [];
      const add = (lane: Lane) =>
        pacer.run({ lane, buckets: { a: { perSecond: 1_000, burst: 5 } }, work: async () => void begun.push(lane) });
      await add("notice");
      pacer.pause("a", pauseMs);
      await Promise.all([add("quiet"), add("urgent")]);
      expect(begun, `a pause of ${pauseMs} ms`).toEqual(["notice", "urgent", "quiet"]);
    }
  });

  it("keeps the fifth of a bucket that notices leave also from what is quiet, and gives it to what is urgent", async () => {
    const { begun, add, go } = bench();
    const quiet = Array.from({ length: 10 }, (_, index) => add(`q${index}`, "quiet"));
    const all = [...quiet, add("u", "urgent")];
    go();
    await Promise.all(all);
    expect(begun.slice(0, 5)).toEqual(["q0", "q1", "q2", "q3", "u"]);
  });

  it("does not begin what waited too long, nor what waits when it ends", async () => {
    const { pacer, begun, add } = bench();
    await add("first", "reply");
    pacer.pause("a", 60_000);
    const job = { lane: "reply", buckets: { a: slow }, work: async () => void begun.push("late") } as const;
    const late = pacer.run({ ...job, withinMs: 20 });
    const left = pacer.run(job);
    await expect(late).rejects.toThrow(NotBegunError);
    expect(pacer.waiting).toBe(1);
    pacer.close();
    await expect(left).rejects.toThrow(NotBegunError);
    expect(begun).toEqual(["first"]);
  });

  it("does not hold up one bucket for another", async () => {
    const { pacer, begun, add, go } = bench();
    await add("first", "notice", ["a"]);
    pacer.pause("a", 300);
    const held = add("held", "notice", ["a"]);
    await Promise.all(Array.from({ length: 4 }, (_, index) => add(`b${index}`, "notice", ["b"])));
    expect(begun).toEqual(["first", "b0", "b1", "b2", "b3"]);
    go();
    await held;
    expect(begun.at(-1)).toBe("held");
  });

  it("begins nothing while the platform has said to wait, and begins by itself afterwards", async () => {
    const { pacer, begun, add, go } = bench();
    await add("first", "reply");
    pacer.pause("a", 200);
    const second = add("second", "reply");
    await new Promise(setImmediate);
    expect(begun).toEqual(["first"]);
    go();
    await second;
    expect(begun).toEqual(["first", "second"]);
    expect(pacer.waiting).toBe(0);
  });

  it("hands on a failure, and goes on", async () => {
    const { pacer, begun, add } = bench();
    const failing = pacer.run({ lane: "reply", buckets: { a: slow }, work: () => Promise.reject(new Error("no")) });
    await expect(failing).rejects.toThrow("no");
    await add("next", "reply");
    expect(begun).toEqual(["next"]);
  });
});
