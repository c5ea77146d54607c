import { parseMoment } from "../../domain/text/moment.ts";
import { parseSpan } from "../../domain/text/spoken-span.ts";
import type { Field } from "./field.ts";
import { keyAt } from "./keys.ts";
import { valueOf, type Word } from "./tokens.ts";

/** A time that several words of a line say, up to the word at `next`. */
export interface SpokenTime {
  readonly value: string;
  readonly next: number;
}

/** More words than `yesterday at 3 pm utc` has with one before it say no time. */
const mostWords = 7;
/** Any time will do to see whether words say one. */
const anyNow = 1_800_000_000_000;
/** A whole word that says so much on its own too: a system or a log may be called like it. */
const saysNothing = /^now$/i;

/** The words that stand behind a time's name, or as its value there: as many as say one together; one where none do. */
export function timeValue(words: readonly Word[], at: number, fields: readonly Field[], first: string): SpokenTime {
  for (let next = lastOf(words, at, fields); next > at + 1; next -= 1) {
    const value = [first, ...words.slice(at + 1, next).map(valueOf)].join(" ");
    if (isTime(value)) return { value, next };
  }
  return { value: first, next: at + 1 };
}

/** The time that words without a key say, and the field that they say it for: `last 30 minutes`, `until 4am`, `for 2 hours`. */
export function spokenTime(
  words: readonly Word[],
  at: number,
  { fields, open }: { readonly fields: readonly Field[]; readonly open: readonly Field[] },
): (SpokenTime & { readonly field: Field }) | undefined {
  for (let next = lastOf(words, at, fields); next > at; next -= 1) {
    const said = words.slice(at, next).map(valueOf).join(" ");
    const found = fieldSaid(said, open);
    if (found) return { ...found, next };
  }
  return undefined;
}

function fieldSaid(said: string, open: readonly Field[]): { field: Field; value: string } | undefined {
  const [until, lasting, since] = (["until", "for", "since"] as const).map((time) =>
    open.find((field) => field.time === time),
  );
  const end = /^(?:until|till|to|before)\s+(?<value>.+)$/i.exec(said)?.groups?.["value"];
  if (end !== undefined)
    return until && parseMoment(end, anyNow) !== undefined ? { field: until, value: end } : undefined;
  const length = /^for\s+(?:the\s+next\s+)?(?<value>.+)$/i.exec(said)?.groups?.["value"];
  if (lasting && length !== undefined) return isLength(length) ? { field: lasting, value: length } : undefined;
  const isMoment = since && !saysNothing.test(said) && parseMoment(said, anyNow) !== undefined;
  return isMoment ? { field: since, value: said } : undefined;
}

function isLength(text: string): boolean {
  return parseSpan(text) !== undefined;
}

function isTime(text: string): boolean {
  return parseMoment(text, anyNow) !== undefined;
}

/** Where a time that begins at a word has to end: before the next key, and after so many words. */
function lastOf(words: readonly Word[], at: number, fields: readonly Field[]): number {
  const key = words.findIndex((word, place) => place > at && keyAt(word, fields).kind !== "none");
  return Math.min(key < 0 ? words.length : key, at + mostWords);
}
