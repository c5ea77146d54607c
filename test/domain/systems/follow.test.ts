import { expect, it } from "vitest";
import { endsBy, type Follow, type RoundLine, readsFrom, withRound } from "../../../src/domain/systems/follow.ts";
import { begun, start } from "./follow-fixtures.ts";

const line = (text: string, sortAt: number): RoundLine => ({ mark: `${sortAt} ${text}`, text, at: sortAt, sortAt });
const read = (follow: Follow, at: number, lines: readonly RoundLine[], more: { cut?: true; partial?: true } = {}) =>
  withRound(follow, { at, lines, cut: more.cut ?? false, partial: more.partial ?? false });
const texts = ({ lines }: Follow): string[] => lines.map(({ text }) => text);

it("takes each line once however often it is read, and two that say the same at the same time are two", () => {
  const first = read(begun(), start + 3_000, [line("a", start + 1_000), line("a", start + 1_000)]);
  expect(texts(first)).toEqual(["a", "a"]);
  const all = [line("a", start + 1_000), line("a", start + 1_000), line("a", start + 1_000), line("b", start + 1_000)];
  const second = read(first, start + 6_000, all);
  expect(texts(second)).toEqual(["a", "a", "a", "b"]);
  expect(second.fresh).toBe(4);
  expect(texts(read(second, start + 9_000, all))).toEqual(["a", "a", "a", "b"]);
});

it("takes a line that comes after newer ones, and none that was there before it began", () => {
  const follow = read(begun(), start + 3_000, [line("newer", start + 2_000)]);
  const from = readsFrom(follow);
  expect(from).toBeLessThanOrEqual(start + 2_000 - 10_000);
  expect(texts(read(follow, start + 6_000, [line("late", start), line("newer", start + 2_000)]))).toEqual([
    "newer",
    "late",
  ]);
  expect(readsFrom(begun({ query: { source: "main", from: start } }))).toBe(start);
});

it("takes a line without a time once, however long it stands there", () => {
  const untimed = (at: number): RoundLine => ({ mark: "untimed", text: "no time", sortAt: at });
  const rounds = [3_000, 60_000, 120_000, 180_000].map((later) => start + later);
  const last = rounds.reduce((follow, at) => read(follow, at, [untimed(at)]), begun());
  expect(texts(last)).toEqual(["no time"]);
});

it("shows a line that was caught while it was written as it has become", () => {
  const half = read(begun(), start + 3_000, [line("Traceback", start + 1_000)]);
  const whole = read(half, start + 6_000, [line("Traceback\n  at main", start + 1_000)]);
  expect(texts(whole)).toEqual(["Traceback\n  at main"]);
  expect(whole.fresh).toBe(1);
  const both = read(whole, start + 9_000, [
    line("Traceback\n  at main", start + 1_000),
    line("Traceback\n  at main: x", start + 1_000),
  ]);
  expect(texts(both)).toHaveLength(2);
});

it("does not take lines for new that came back after a round that could not read everything", () => {
  const follow = read(begun(), start + 3_000, [line("of a", start + 1_000), line("of b", start + 1_000)]);
  const silent = read(follow, start + 6_000, [line("of a", start + 1_000)], { partial: true });
  expect(silent.fedUntil).toBe(start + 3_000);
  const back = read(silent, start + 30_000, [
    line("of a", start + 1_000),
    line("of b", start + 1_000),
    line("new of b", start + 4_000),
  ]);
  expect(texts(back)).toEqual(["of a", "of b", "new of b"]);
  expect(back).toMatchObject({ fedUntil: start + 30_000, missed: false });
});

it("gives the rest up where a source never reads everything, and says that lines are missing", () => {
  const follow = read(begun(), start + 61_000, [], { partial: true });
  expect(follow).toMatchObject({ fedUntil: start + 61_000, missed: true });
});

it("says that lines are missing where more came than were read, and only then", () => {
  const known = read(begun(), start + 3_000, [line("a", start + 1_000)]);
  expect(read(known, start + 6_000, [line("a", start + 1_000), line("b", start + 2_000)], { cut: true }).missed).toBe(
    false,
  );
  expect(read(known, start + 6_000, [line("b", start + 2_000)], { cut: true }).missed).toBe(true);
});

it("keeps the newest lines and counts all", () => {
  const many = Array.from({ length: 40 }, (_, index) => line(`n${index}`, start + index));
  const follow = read(begun(), start + 3_000, many);
  expect(texts(follow)).toHaveLength(15);
  expect(texts(follow).at(-1)).toBe("n39");
  expect(follow.fresh).toBe(40);
});

it("ends with its lines, after rounds that read nothing, or with its time", () => {
  expect(endsBy(begun(), start)).toBeUndefined();
  expect(endsBy(begun({ fresh: 5, mostLines: 5 }), start)).toBe("lines");
  expect(endsBy(begun({ failures: 4 }), start)).toBe("failed");
  expect(endsBy(begun(), start + 120_000)).toBe("time");
});
