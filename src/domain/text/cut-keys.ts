const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** Also what a line ends with, written out or not. */
const keyCharacter = /[A-Za-z0-9+/=\\\r\n]/;
/** A line of a key holds 64; fewer than this before an end are a word. */
const keyLeast = 24;

/** Masks the lines of private keys whose first line was cut off, up to their last. Linear in the text's length. */
export function withoutCutKeys(text: string, mask: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const { index, 0: end } of text.matchAll(keyEnd)) {
    const start = keyStart(text, done, index);
    if (start === undefined) continue;
    parts.push(text.slice(done, start), mask);
    done = index + end.length;
  }
  return done === 0 ? text : parts.join("") + text.slice(done);
}

/** Where the lines begin that end at `end`: indented or not, back to anything that no key holds. */
function keyStart(text: string, from: number, end: number): number | undefined {
  let start = end;
  for (let line = end; line >= from; ) {
    start = line;
    while (start > from && keyCharacter.test(text[start - 1] ?? "")) start -= 1;
    line = start;
    while (line > from && /[ \t]/.test(text[line - 1] ?? "")) line -= 1;
    if (line === start || !/(?:\n|\\n)$/.test(text.slice(Math.max(from, line - 2), line))) break;
  }
  const found = text.slice(start, end);
  return found.replaceAll(/[^A-Za-z0-9+/=]/g, "").length >= keyLeast
    ? start + found.length - found.trimStart().length
    : undefined;
}
