import { isObject } from "../same-data.ts";
import { inert } from "../text/inert.ts";
import { hidesSecret, isSecretName, mask, redact } from "../text/redact.ts";
import { textOfDatum } from "./exact.ts";

/** What a glance takes in, in characters; the whole of it stands elsewhere. */
const glance = 300;
/** Of that, what stands inside something else. */
const inside = 160;
/** A text among others. */
const longestText = 120;
/** More items than this never fit, so no more of them are looked at. */
const mostItems = 80;
/** Maps and lists within one another; what lies deeper is counted. */
const mostDepth = 4;

/**
 * Data as a person reads it at a glance: `api 3, worker 2`, `symbol BTCUSDT, quantity 0.85; symbol ETHUSDT, quantity 9.4`.
 * Numbers have all their digits. What is too long ends after a whole item, with how many more there are. Whatever it is given,
 * it is inert, on one line, and what looks like a secret is masked.
 */
export function dataWords(value: unknown): string {
  if (isNested(value)) return words(value, { depth: 0, room: glance });
  return value === "" ? '""' : bounded(plainText(value), glance);
}

/** How many a list or a map holds: `1 entry`, `3 fields`. */
export function sizeWords(value: object): string {
  const size = sizeOf(value);
  const [one, many] = Array.isArray(value) ? ["entry", "entries"] : ["field", "fields"];
  return `${size.toLocaleString("en-GB")} ${size === 1 ? one : many}`;
}

interface Place {
  readonly depth: number;
  /** How many characters there are for it. */
  readonly room: number;
}

function words(value: object, place: Place): string {
  if (sizeOf(value) === 0) return "none";
  if (place.depth >= mostDepth) return sizeWords(value);
  const items = unmasked(value);
  const lists = Array.isArray(value);
  const between = lists && items.some(([, each]) => isNested(each)) ? "; " : ", ";
  const item = ([key, each]: Entry): string => (lists ? elementWords(each, place) : fieldWords(key, each, place));
  return asMany(items, item, { of: sizeOf(value), between, room: place.room });
}

function fieldWords(key: string, value: unknown, place: Place): string {
  return `${itemText(redact(key))} ${isNested(value) ? bracketed(value, place) : itemText(plainText(value))}`;
}

/** A map in a list stands between semicolons; whatever else holds something stands in brackets. */
function elementWords(value: unknown, place: Place): string {
  if (!isNested(value)) return itemText(plainText(value));
  return Array.isArray(value) ? bracketed(value, place) : words(value, within(place));
}

function bracketed(value: object, place: Place): string {
  return sizeOf(value) === 0 ? "none" : `(${words(value, within(place))})`;
}

function within({ depth, room }: Place): Place {
  return { depth: depth + 1, room: Math.min(room, inside) };
}

interface Room {
  /** How many items there are in all. */
  readonly of: number;
  readonly between: string;
  readonly room: number;
}

/** As many items as there is room for, at least one, and how many more there are. What does not fit is not put in words. */
function asMany(items: readonly Entry[], itemWords: (item: Entry) => string, { of, between, room }: Room): string {
  const shown: string[] = [];
  let left = room;
  for (const item of items) {
    const text = itemWords(item);
    left -= text.length + between.length;
    if (shown.length > 0 && left < 0) break;
    shown.push(text);
  }
  const more = of - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more.toLocaleString("en-GB")} more`] : [])].join(between);
}

type Entry = readonly [key: string, value: unknown];

/**
 * The first items with their secrets masked: what one says by its own name or look, and what only two beside each other say, as
 * `name` and `value` or a flag and what follows it do.
 */
function unmasked(value: object): readonly Entry[] {
  return masked(Object.entries(Array.isArray(value) ? value.slice(0, mostItems) : value).slice(0, mostItems), value);
}

/** All items of a map or a list, with their secrets masked. */
export function fieldsMasked(value: object): readonly Entry[] {
  return masked(Object.entries(value), value);
}

/** The name of a field, inert and without what looks like a secret. */
export function labelWords(name: string): string {
  return itemText(redact(name));
}

function masked(entries: readonly Entry[], value: object): readonly Entry[] {
  const named = entries.map(([key, each]): Entry => [key, hidesByName(key, each) ? mask : each]);
  const plain = named.flatMap(([key, each]): Entry[] => (isNested(each) ? [] : [[key, plainText(each)]]));
  const together = JSON.stringify(Array.isArray(value) ? plain.map(([, text]) => text) : Object.fromEntries(plain));
  if (!hidesSecret(together)) return named;
  const safe = new Set(textsIn(redact(together)));
  return named.map(([key, each]) => [key, isNested(each) || safe.has(plainText(each)) ? each : mask]);
}

/** The texts that JSON holds; none where masking has broken it. */
function textsIn(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? Object.values(value) : [];
  } catch {
    return [];
  }
}

function hidesByName(key: string, value: unknown): boolean {
  return isNested(value) ? isSecretName(key) : hidesSecret(JSON.stringify({ [key]: plainText(value) }));
}

/** Masked, with all digits. */
function plainText(value: unknown): string {
  return redact(textOfDatum(value) ?? String(value));
}

/** Cut after a whole word; where there is none to cut after, its length is told. */
function bounded(text: string, most = longestText): string {
  if (text.length <= most) return inert(text);
  const end = text.slice(0, most + 1).search(/\s\S*$/);
  return end > 0 ? `${inert(text.slice(0, end))} …` : `${text.length.toLocaleString("en-GB")} characters`;
}

/** Quoted where it could be taken for what stands beside it. */
function itemText(text: string): string {
  return text === "" || /[,;()"]|^\s|\s$/.test(text) ? JSON.stringify(bounded(text)) : bounded(text);
}

function sizeOf(value: object): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** A list or a map; a number with all its digits is neither. */
export function isNested(value: unknown): value is object {
  return isObject(value) && textOfDatum(value) === undefined;
}
