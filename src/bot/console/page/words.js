/** How things are said: times, sizes, initials. All in the reader's own zone and language settings for numbers. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const dayShort = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

/** @param {number} at */
export const timeOfDay = (at) => clock.format(at);

/** @param {number} at */
export const exactTime = (at) => full.format(at);

/** @param {number} at @param {number} now */
export function dayOf(at, now) {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return "Today";
  return days === 1 ? "Yesterday" : day.format(at);
}

/** @param {number} at */
export function startOfDay(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** `14:32:10`, with the date when it is another day. @param {number} at @param {number} now */
export function pointInTime(at, now) {
  const time = clockSeconds.format(at);
  return startOfDay(at) === startOfDay(now) ? time : `${dayShort.format(at)}, ${time}`;
}

/** `in 4 min 05 s`, `12 s ago`. @param {number} at @param {number} now */
export function distanceInTime(at, now) {
  const seconds = Math.max(0, Math.round(Math.abs(at - now) / 1_000));
  return at > now ? `in ${span(seconds)}` : `${span(seconds)} ago`;
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");

/** @param {number} seconds */
function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {string} name */
export function initials(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => part?.match(/./u)?.[0] ?? "");
  return letters.join("").toUpperCase();
}

/** @param {number} n @param {string} one @param {string} [many] */
export function count(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}
