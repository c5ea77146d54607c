import { expect, it } from "vitest";
import { riskierNow } from "../../../src/domain/approvals/readings.ts";
import { changeWords } from "../../../src/domain/systems/change-words.ts";

const many = (replicas: number): object =>
  Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [
      `service-${n}`,
      { image: `registry/s${n}:1`, ready: 1, state: "running", replicas: 1 },
    ]).concat([["zebra", { image: "registry/zebra:1", ready: replicas, state: "running", replicas }]]),
  );

/** A deployment as a plan reads it. */
function workload(digit: string, revision: number): object {
  const image = `app@sha256:${digit.repeat(64)}`;
  return { api: { template: digit.repeat(16), images: { web: image }, image, revision, paused: false } };
}

it.each([
  ["a number", 3, 2, "3 → 2"],
  ["a text", "v2.4.0", "v2.4.1", "v2.4.0 → v2.4.1"],
  ["one field far behind what is the same", many(3), many(2), "zebra: ready 3 → 2, replicas 3 → 2"],
  ["fields in another order", { a: 1, b: 2 }, { b: 3, a: 1 }, "b 2 → 3"],
  ["what is there no more", { a: 1, b: 2 }, { a: 1 }, "b 2 → nothing"],
  ["what is new", [1], [1, 2], "1 nothing → 2"],
  ["another shape", { a: [1] }, { a: { x: 1 } }, "a 1 → x 1"],
  ["what is empty now", { a: [] }, { a: [1] }, "a: 0 nothing → 1"],
  [
    "a workload that was rolled out",
    workload("1", 4),
    workload("2", 5),
    "api: image app@sha256:111111111111… → app@sha256:222222222222…, revision 4 → 5",
  ],
  [
    "nothing but an id",
    { api: { uid: "a".repeat(16) } },
    { api: { uid: "b".repeat(16) } },
    `api: uid ${"a".repeat(16)} → ${"b".repeat(16)}`,
  ],
  ["names of several words", { api: { max_size: 1 } }, { api: { max_size: 2 } }, "api: max size 1 → 2"],
])("%s", (_what, before, now, words) => {
  expect(changeWords(before, now)).toBe(words);
});

it("a secret that is another is told as such, and neither shown", () => {
  const of = (value: string): object => ({ env: [{ name: "DB_PASSWORD", value }], password: value });
  const words = changeWords(of("Tr0ub4dor-3x"), of("correct-h0rse"));
  expect(words).not.toMatch(/Tr0ub4dor|h0rse/);
  expect(words).toMatch(/password \S+ → another that reads the same here/);
});

it("of many differences the first are told, and how many more there are", () => {
  const of = (n: number): object => Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, n]));
  expect(changeWords(of(1), of(2))).toMatch(/^f0 1 → 2, .*f7 1 → 2; and 22 more$/);
});

it("what was read for a plan is compared in the same words", () => {
  const reading = { kind: "value", name: "now", takenAt: 1, terms: { unchanged: true } };
  const [told] = riskierNow(
    [{ ...reading, value: { api: { replicas: 3 } } }],
    [{ ...reading, value: { api: { replicas: 2 } } }],
  );
  expect(told).toBe("what it changes has changed: api: replicas 3 → 2");
});
