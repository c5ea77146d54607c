const hourMs = 3_600_000;

/**
 * Hours that clocks of zones are ahead of UTC, by the short names that programs write. Of names that several zones go by the one
 * that most logs mean: CST, EST and their like are America's, IST is India's, BST is Britain's in summer.
 */
const hours: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  SAST: 2,
  MSK: 3,
  IST: 5.5,
  SGT: 8,
  HKT: 8,
  AWST: 8,
  JST: 9,
  KST: 9,
  ACST: 9.5,
  ACDT: 10.5,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
};
const longestName = 4;
const byName = new Map(
  Object.entries(hours).map(([name, ahead]) => [keyOf(Buffer.from(name), 0, name.length), ahead * hourMs]),
);

/** ms east of UTC of the zone at `at`, with or without a blank before it: `Z`, `+02:00`, `-0530`, `+02`, `CET`. NaN for none. */
export function zoneAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (at >= end || first === undefined) return Number.NaN;
  if (first === 90 || first === 122) return 0;
  if (first === plus || first === dash) return signedAt(bytes, at, end);
  if (first !== blank || at + 2 > end) return Number.NaN;
  const next = bytes[at + 1];
  // Behind a blank a sign and two digits may be much else.
  if (next === plus || next === dash) return isWritten(bytes, at + 1, end) ? signedAt(bytes, at + 1, end) : Number.NaN;
  return isCapital(next) ? namedAt(bytes, at + 1, end) : Number.NaN;
}

const plus = 43;
const dash = 45;
const blank = 32;
const colon = 58;
const zero = 48;

/** `+0200` or `+02:00`, and nothing more of a number. */
function isWritten(bytes: Uint8Array, at: number, end: number): boolean {
  const length = bytes[at + 3] === colon ? 6 : 5;
  return at + length <= end && twoAt(bytes, at + length - 2) >= 0 && !isDigit(bytes[at + length]);
}

function signedAt(bytes: Uint8Array, start: number, end: number): number {
  if (start + 3 > end) return Number.NaN;
  const ahead = twoAt(bytes, start + 1);
  if (!(ahead >= 0 && ahead <= 15)) return Number.NaN;
  const minutesAt = bytes[start + 3] === colon ? start + 4 : start + 3;
  const minutes = minutesAt + 2 <= end ? twoAt(bytes, minutesAt) : 0;
  return (bytes[start] === dash ? -1 : 1) * (ahead * hourMs + (minutes >= 0 && minutes <= 59 ? minutes : 0) * 60_000);
}

/** `CET`; `GMT+3` is POSIX, which counts to the west, and `GMT+0300` is not. */
function namedAt(bytes: Uint8Array, start: number, end: number): number {
  let stop = start;
  while (stop < end && isCapital(bytes[stop]) && stop - start <= longestName) stop += 1;
  if (stop - start > longestName || isLetter(bytes[stop])) return Number.NaN;
  const known = byName.get(keyOf(bytes, start, stop));
  if (known === undefined) return Number.NaN;
  const sign = bytes[stop];
  if (known !== 0 || (sign !== plus && sign !== dash)) return known;
  if (isWritten(bytes, stop, end)) return signedAt(bytes, stop, end);
  const two = twoAt(bytes, stop + 1);
  const west = two >= 0 ? two : isDigit(bytes[stop + 1]) ? (bytes[stop + 1] ?? zero) - zero : Number.NaN;
  return (sign === dash ? 1 : -1) * west * hourMs;
}

function keyOf(bytes: Uint8Array, start: number, stop: number): number {
  let key = 0;
  for (let at = start; at < stop; at += 1) key = key * 32 + (bytes[at] ?? 0) - 64;
  return key;
}

/** The number of two digits, or -1. */
function twoAt(bytes: Uint8Array, at: number): number {
  const [tens = 0, ones = 0] = [bytes[at], bytes[at + 1]];
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 57;
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 65 && byte <= 90;
}

function isLetter(byte: number | undefined): boolean {
  return isCapital(byte) || (byte !== undefined && byte >= 97 && byte <= 122);
}
