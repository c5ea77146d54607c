import { isSameData } from "../same-data.ts";
import { shortDigests } from "../text/digests.ts";
import { dataWords, fieldsMasked, isNested, labelWords } from "./data-words.ts";

/** Differences that are told one by one; a glance takes in no more. */
const mostTold = 8;

interface Difference {
  /** The names on the way to where it lies: `api`, `replicas`; none for the whole. */
  readonly at: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * In what data is another than it was, each field with both sides, below the name of what it is of: `api: replicas 3 → 2, paused false →
 * true; worker: replicas 1 → 2`. What is the same is not told, nor what a change is told of already: the same sides once more deeper
 * inside, and ids, which tell nobody anything. Like `dataWords`, inert, on one line, and without what looks like a secret: of that it
 * is told that it is another. Digests are short.
 */
export function changeWords(before: unknown, now: unknown): string {
  const all = telling(differences({ at: [], from: before, to: now }));
  const told = all.slice(0, mostTold);
  const groups = new Map<string, string[]>();
  for (const { at, from, to } of told) {
    const [first = "", ...rest] = at.length > 1 ? at : ["", ...at];
    const field = [...rest.map((name) => name.replaceAll("_", " ")), sides(from, to)].join(" ");
    groups.set(first, [...(groups.get(first) ?? []), field]);
  }
  const words = [...groups].map(([name, fields]) => `${name === "" ? "" : `${name}: `}${fields.join(", ")}`);
  const more = all.length - told.length;
  return shortDigests([...words, ...(more > 0 ? [`and ${more.toLocaleString("en-GB")} more`] : [])].join("; "));
}

/** What a person reads something from, what lies least deep first within what it is of. */
function telling(all: readonly Difference[]): readonly Difference[] {
  const readable = all.filter(({ from, to }) => !isOpaque(from) && !isOpaque(to));
  const kept = readable.length > 0 ? readable : all;
  const order = kept.map(({ at }) => at[0]);
  const sorted = kept.toSorted((a, b) => order.indexOf(a.at[0]) - order.indexOf(b.at[0]) || a.at.length - b.at.length);
  const isTold = (each: Difference, place: number): boolean =>
    sorted
      .slice(0, place)
      .some(
        (other) =>
          other.at[0] === each.at[0] &&
          other.at.length < each.at.length &&
          isSameData(other.from, each.from) &&
          isSameData(other.to, each.to) &&
          typeof each.from === "string",
      );
  return sorted.filter((each, place) => !isTold(each, place));
}

/** An id or a hash without a word: it tells one thing from another, and a person nothing. */
function isOpaque(value: unknown): boolean {
  return typeof value === "string" && /^(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(value);
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
    return differences({ at: [...at, labelWords(key)], from: shown.get(key), to: shownNow.get(key) });
  });
}
