import { isSameData } from "../same-data.ts";
import { dataWords, fieldsMasked, isNested, labelWords } from "./data-words.ts";

/** Differences that are told one by one; a glance takes in no more. */
const mostTold = 8;

interface Difference {
  /** Where it lies: `api.replicas`; empty for the whole. */
  readonly at: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * In what data is another than it was, each field with both sides: `api.replicas 3 → 2; api.paused false → true`. What is the same is not
 * told. Like `dataWords`, inert, on one line, and without what looks like a secret: of that it is told that it is another.
 */
export function changeWords(before: unknown, now: unknown): string {
  const all = differences({ at: "", from: before, to: now });
  const told = all.slice(0, mostTold).map(({ at, from, to }) => `${at === "" ? "" : `${at} `}${sides(from, to)}`);
  const more = all.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more.toLocaleString("en-GB")} more`] : [])].join("; ");
}

function sides(from: unknown, to: unknown): string {
  const [before, now] = [from, to].map((each) => (each === undefined ? "nothing" : dataWords(each)));
  return before === now ? `${before ?? ""} → another that reads the same here` : `${before ?? ""} → ${now ?? ""}`;
}

function differences({ at, from, to }: Difference): readonly Difference[] {
  if (!isNested(from) || !isNested(to) || Array.isArray(from) !== Array.isArray(to)) return [{ at, from, to }];
  const [raw, rawNow] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
  const [shown, shownNow] = [new Map(fieldsMasked(from)), new Map(fieldsMasked(to))];
  return [...new Set([...raw.keys(), ...rawNow.keys()])].flatMap((key) => {
    if (isSameData(raw.get(key), rawNow.get(key))) return [];
    const name = labelWords(key);
    return differences({
      at: at === "" ? name : `${at}.${name}`,
      from: shown.get(key),
      to: shownNow.get(key),
    });
  });
}
