import { expect, it } from "vitest";
import { together } from "../../src/workers/together.ts";

it("what comes in one turn or while some is under way is done together, and everybody hears when theirs is", async () => {
  const gates: (() => void)[] = [];
  const done: (readonly number[])[] = [];
  const tell = together<number>(async (items) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    done.push(items);
  });
  const open = async (): Promise<void> => {
    while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
  };
  const first = [tell(1), tell(2)];
  await open();
  const next = [tell(3), tell(4), tell(5)];
  await Promise.all(first);
  await open();
  await Promise.all(next);
  expect(done.flat()).toEqual([1, 2, 3, 4, 5]);
  expect(done[0]).toEqual([1, 2]);
  expect(done.length).toBeLessThan(5);
});

it("one that cannot be done fails alone", async () => {
  const done: number[] = [];
  const tell = together<number>(async (items) => {
    if (items.includes(2)) throw new Error("two");
    done.push(...items);
  });
  const ended = await Promise.allSettled([tell(1), tell(2), tell(3)]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(done).toEqual([1, 3]);
});
