/**
 * The secrets this process holds itself, which are masked by their value wherever they stand. They are kept for the process
 * as a whole: a secret of one system is no less secret in the words of another.
 */
const values = new Set<string>();
const known = new Set<string>();
let pattern: RegExp | undefined;

/** Shorter ones stand in ordinary words by chance. */
const shortest = 6;

/** From now on this value is masked, also as it is written in addresses, forms, JSON, shells and base64. */
export function rememberSecret(value: string): void {
  if (value.trim().length < shortest || values.has(value)) return;
  values.add(value);
  for (const form of formsOf(value)) known.add(form);
  // The longest first, or a secret that begins with another would be shown by half.
  const longest = [...known].toSorted((a, b) => b.length - a.length);
  pattern = new RegExp(longest.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
}

/** Nothing is masked by its value any more, as in a process that has just begun. */
export function forgetSecrets(): void {
  values.clear();
  known.clear();
  pattern = undefined;
}

/** What is remembered, the oldest first, for a thread of this process: what one thread knows the others do not. */
export function rememberedSecrets(): readonly string[] {
  return [...values];
}

/** The text with every remembered secret replaced. */
export function withoutKnownSecrets(text: string, replacement: string): string {
  return pattern ? text.replace(pattern, replacement) : text;
}

/** How programs write a value: escaped in their own ways, and all that say the same. */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const inAscii = json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const percents = [encodeURIComponent(value), new URLSearchParams({ v: value }).toString().slice(2), encodeURI(value)];
  const base64 = inBase64(value);
  return [
    value,
    value.normalize("NFD"),
    ...percents.flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]),
    encodeURIComponent(encodeURIComponent(value)),
    json,
    json.replaceAll("/", String.raw`\/`),
    inAscii,
    JSON.stringify(json).slice(1, -1),
    value.replaceAll("'", String.raw`'\''`),
    value.replaceAll("'", String.raw`\'`),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
  ].filter((form) => form.trim().length >= shortest);
}

function inBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join("")).replace(/=+$/, "");
}
