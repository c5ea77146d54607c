/** Beyond this a double no longer tells a whole number from the next: what is shown may be off, and is marked so. */
function mark(value: number): string {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? "≈" : "";
}

/** A number with its unit as people read it: `1.24 k`, `95 ms`, `-1,204 USD`, `3.2 %`. */
export function amount(value: number, unit = ""): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "s" && Math.abs(value) < 1) return `${trimmed(value * 1_000)} ms`;
  return unit === "" ? trimmed(value) : `${trimmed(value)} ${unit}`;
}

/** What is not zero never reads as zero: small numbers keep three digits that say something. */
function trimmed(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 0.1) return value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
  const digits = size >= 1_000 ? 0 : size >= 10 ? 1 : 2;
  return `${mark(value)}${value.toLocaleString("en-GB", { maximumFractionDigits: digits })}`;
}

/** A quantity or price with all the digits that it was written with: `61,000.25`, `0.00000812`. */
export function inFull(value: number): string {
  const digits: `${number}` = `${value}`;
  return `${mark(value)}${everyDigit.format(digits)}`;
}

/** Given a text it reads it digit by digit, where of a number it would show what is nearest. */
const everyDigit = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 100 });

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

/** `1 request`, `2 requests`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** As many of these as fit into so many characters, none of them cut: `flatten, resume and 7 more`. */
export function wholeItems(items: readonly string[], longest: number): string {
  const all = items.join(", ");
  if (all.length <= longest) return all;
  const shown = items.findLastIndex((_, at) => withMore(items, at).length <= longest);
  return withMore(items, Math.max(0, shown));
}

function withMore(items: readonly string[], shown: number): string {
  const more = `${items.length - shown} more`;
  return shown === 0 ? more : `${items.slice(0, shown).join(", ")} and ${more}`;
}

/** Text from a person on one line: whatever broke lines or made space is one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u2028\u2029]+/g, " ").trim();
}

/** `1,234,567 USD`. Whole units above a hundred: on a phone, cents are noise. */
export function money(value: number, currency: string): string {
  if (value !== 0 && Math.abs(value) < 0.01) return `${trimmed(value)} ${currency}`;
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return `${mark(value)}${value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`;
}
