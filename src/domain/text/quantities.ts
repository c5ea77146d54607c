/** A number with its unit as people read it: `1.24 k`, `95 ms`, `-1,204 USD`, `3.2 %`. */
export function amount(value: number, unit = ""): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "s" && Math.abs(value) < 1) return `${trimmed(value * 1_000)} ms`;
  return unit === "" ? trimmed(value) : `${trimmed(value)} ${unit}`;
}

function trimmed(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1_000 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  return value.toLocaleString("en-GB", { maximumFractionDigits: digits });
}

/** How long, in its two largest units at most: `42 s`, `7 min`, `3 h 20 min`, `2 d 4 h`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `4 min ago`. */
export function ago(at: number, now: number): string {
  return now - at < 2_000 ? "just now" : `${span(now - at)} ago`;
}

/** `21:04:05 UTC`, with the date when it is another day than `now`. */
export function clock(at: number, now: number): string {
  const [then, today] = [stamp(at), stamp(now)];
  return then.slice(0, 10) === today.slice(0, 10)
    ? `${then.slice(11, 19)} UTC`
    : `${then.slice(0, 10)} ${then.slice(11, 19)} UTC`;
}

/** ISO 8601 of a time in ms, by arithmetic on the proleptic Gregorian calendar: the domain has no clock, not even to format. */
export function stamp(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const rest = ms - days * 86_400_000;
  return `${calendar(days)}T${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1_000) % 60)}Z`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}

/** Days since 1970-01-01 as `YYYY-MM-DD`, counting years from March so that the leap day is a year's last. */
function calendar(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
  return `${year}-${String(month < 10 ? month + 3 : month - 9).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Text from a person on one line: whatever broke lines or made space is one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u2028\u2029]+/g, " ").trim();
}

/** `1,234,567 USD`. Whole units above a hundred: on a phone, cents are noise. */
export function money(value: number, currency: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return `${value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`;
}
