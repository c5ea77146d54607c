import { type Clock, localTime } from "./clock.ts";
import { zoneAt } from "./zones.ts";

/** Times that name their month, leave out their year, or put it last: klog, syslog, Apache, C's ctime, RFC 2822, Android. */

const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const month = `(${monthNames.join("|")})`;
const clock = String.raw`(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?`;
const begins = String.raw`(?<![\w.:-])`;

interface Form {
  readonly pattern: RegExp;
  /** Which group holds the year, the month and the day; no year where it is left out. */
  readonly year?: number;
  readonly month: number;
  readonly day: number;
  /** The first of the four groups of the time. */
  readonly time: number;
}

const forms: readonly Form[] = [
  // 28/Nov/2026:05:00:00 +0000, 28-Nov-2026 05:00:00 UTC, Sat, 28 Nov 2026 05:00:00 GMT
  {
    pattern: new RegExp(String.raw`${begins}(\d{1,2})[-/ ]${month}[-/ ](\d{4})[: ]${clock}`),
    day: 1,
    month: 2,
    year: 3,
    time: 4,
  },
  // Sat Nov 28 05:00:00 2026
  {
    pattern: new RegExp(String.raw`${begins}${month} {1,2}(\d{1,2}) ${clock} (\d{4})\b`),
    month: 1,
    day: 2,
    time: 3,
    year: 7,
  },
  // Nov 28 2026 05:00:00
  {
    pattern: new RegExp(String.raw`${begins}${month} {1,2}(\d{1,2}),? (\d{4}) ${clock}`),
    month: 1,
    day: 2,
    year: 3,
    time: 4,
  },
  // Nov 28 05:00:00
  { pattern: new RegExp(String.raw`${begins}${month} {1,2}(\d{1,2}) ${clock}`), month: 1, day: 2, time: 3 },
  // E1128 05:00:00.123456
  { pattern: new RegExp(String.raw`^[IWEFD](\d\d)(\d\d) ${clock}`), month: 1, day: 2, time: 3 },
  // 28.11.2026 05:00:00; with slashes nobody could tell the day from the month.
  {
    pattern: new RegExp(String.raw`${begins}(\d\d)\.(\d\d)\.(\d{4})[ T]{1,2}${clock}`),
    day: 1,
    month: 2,
    year: 3,
    time: 4,
  },
  // 20261128 05:00:00
  { pattern: new RegExp(String.raw`${begins}(\d{4})(\d\d)(\d\d)[-T _]${clock}`), year: 1, month: 2, day: 3, time: 4 },
  // 20261128T050000Z
  { pattern: /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?/, year: 1, month: 2, day: 3, time: 4 },
  // 11-28 05:00:00.123
  { pattern: new RegExp(String.raw`^(\d\d)-(\d\d) ${clock}`), month: 1, day: 2, time: 3 },
];

/** The first such time in the text, in ms since 1970, where no more than a few words stand before it. NaN for none. */
export function timeInWords(text: string, own: Clock): number {
  for (const form of forms) {
    const found = form.pattern.exec(text);
    if (!found) continue;
    const at = timeOf(found, form, own);
    if (!Number.isNaN(at) && mayStandBefore(Buffer.from(text, "latin1"), 0, found.index)) return at;
  }
  return Number.NaN;
}

/**
 * Whether what stands from `start` to `at` may stand before the time of a record: a name, an address, a level. A sentence that
 * names a time, and a value in quotes, is no record's beginning.
 */
export function mayStandBefore(bytes: Uint8Array, start: number, at: number): boolean {
  let words = 0;
  let inWord = false;
  for (let place = start; place < at; place += 1) {
    const byte = bytes[place] ?? 0;
    if (byte === apostrophe || (byte === bracket && place > start)) return false;
    if (byte === 32 || byte === 9) inWord = false;
    else if (isOfWord(byte) && !inWord) {
      inWord = true;
      words += 1;
    }
  }
  const [last = 0, before = 0] = [bytes[at - 1], bytes[at - 2]];
  if (isOfWord(last)) return false;
  // `time="2026-…"` names what follows; any other quote is of a value.
  if (last === quote && at - 1 > start && before !== equals && before !== colon) return false;
  return words <= wordsMax;
}

/** As in `example.com:80 10.0.0.1 - frank [28/Nov/2026:05:00:00 +0000]`. */
const wordsMax = 4;
const quote = 34;
const apostrophe = 39;
const bracket = 40;
const colon = 58;
const equals = 61;

function isOfWord(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95;
}

function timeOf(found: RegExpExecArray, form: Form, own: Clock): number {
  const number = (group: number): number => Number(found[group]);
  const named = monthNames.indexOf(found[form.month] ?? "");
  const monthIndex = named >= 0 ? named : number(form.month) - 1;
  const day = number(form.day);
  const [hour, minute, second] = [number(form.time), number(form.time + 1), number(form.time + 2)];
  if (!(monthIndex >= 0 && monthIndex <= 11 && day >= 1 && day <= 31)) return Number.NaN;
  if (!(hour <= 24 && minute <= 59 && second <= 60)) return Number.NaN;
  const ms = Math.floor(Number(`0.${found[form.time + 3] ?? "0"}`) * 1_000);
  const shownIn = (year: number): number => Date.UTC(year, monthIndex, day, hour, minute, second, ms);
  const rest = Buffer.from(
    found.input.slice(found.index + found[0].length, found.index + found[0].length + 12),
    "latin1",
  );
  const zone = zoneAt(rest, 0, rest.length);
  const momentIn = (year: number): number => {
    const shown = shownIn(year);
    return Number.isNaN(zone) ? localTime(own, shown) : shown - zone;
  };
  if (form.year !== undefined) return number(form.year) >= 1970 ? momentIn(number(form.year)) : Number.NaN;
  return newestOf(momentIn, own.latest);
}

/** A clock may be a little ahead, and so may be the zone that a host lives in. */
const aheadMs = 26 * 3_600_000;

/** Without a year it is of the last one that is not past the log's end. */
function newestOf(momentIn: (year: number) => number, latest: number): number {
  if (Number.isNaN(latest)) return Number.NaN;
  const year = new Date(latest + aheadMs).getUTCFullYear();
  const at = momentIn(year);
  return at <= latest + aheadMs ? at : momentIn(year - 1);
}
