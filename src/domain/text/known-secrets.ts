/**
 * The secrets this process holds itself, which are masked by their value wherever they stand. They are kept for the process
 * as a whole: a secret of one system is no less secret in the words of another.
 */
const values = new Set<string>();
const known = new Set<string>();
let pattern: RegExp | undefined;

/** Shorter ones stand in ordinary words by chance. */
const shortest = 6;

/** From now on this value is masked, also as it is written in addresses, in JSON and in base64. */
export function rememberSecret(value: string): void {
  if (value.trim().length < shortest || values.has(value)) return;
  values.add(value);
  for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), inBase64(value)])
    known.add(form);
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

function inBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join("")).replace(/=+$/, "");
}
