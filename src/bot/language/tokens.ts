/** A piece of a command line between spaces. */
export interface Word {
  /** Where it starts and ends (exclusive) in the text. */
  readonly start: number;
  readonly end: number;
  /** What stands outside quotes; all of it when nothing is quoted. */
  readonly head: string;
  /** What stood in quotes at the end of the word, without them. */
  readonly quoted?: string;
  /** Where the quoted part opens. */
  readonly quoteAt?: number;
  /** A quote was opened at `quoteAt` and never closed. The word goes on to the end of the text. */
  readonly unclosed?: true;
}

/** Zero-width characters come along when text is copied out of a chat; outside quotes they count as spaces. */
const space = /[\s\u200b\u2060]/u;

/** What closes a quote. Phones turn straight quotes into typographic ones, also of the language they are set to. */
const closers: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["“", '”"'],
  ["„", '“”"'],
  ["”", '”"'],
  ["'", "'"],
  ["‘", "’'"],
  ["‚", "‘’'"],
  ["’", "’'"],
]);
const doubles = '"“„”';
/** What may stand before a quoted value: nothing, or one key. */
const beforeValue = /^(?:(?:--|—|–)?[\w-]+[:=])?$/;

/**
 * The words of a command line. A quote opens at the start of a word or right after a colon or an equals sign, and closes
 * only before a space or the end: an apostrophe inside a word is a letter. Inside quotes, a backslash before a quote or
 * a backslash takes it as it is; anywhere else a backslash is a letter. What stands in braces is one word.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (space.test(text.charAt(at))) at += 1;
    else {
      const word = wordAt(text, at);
      words.push(word);
      at = word.end;
    }
  }
  return words;
}

/** The value of a word: its text with the quotes taken off. */
export function valueOf(word: Word): string {
  return word.head + (word.quoted ?? "");
}

/** Conditions in braces, `{system="logos", alertname="A b"}`, with quotes and spaces of their own. */
const braced = /\{(?:[^{}"\\]|"(?:\\.|[^"\\])*")*\}(?=[\s\u200b\u2060]|$)/suy;

function bracedEnd(text: string, start: number): number | undefined {
  braced.lastIndex = start;
  return braced.test(text) ? braced.lastIndex : undefined;
}

function wordAt(text: string, start: number): Word {
  const whole = bracedEnd(text, start);
  if (whole !== undefined) return { start, end: whole, head: text.slice(start, whole) };
  let at = start;
  while (at < text.length && !space.test(text.charAt(at))) {
    const opens = at === start || ":=".includes(text.charAt(at - 1));
    const closing = opens ? closers.get(text.charAt(at)) : undefined;
    if (closing !== undefined) {
      const word = quotedAt(text, { start, at, closing });
      if (word) return word;
      // Deeper inside a word, for an apostrophe, and where its pair stands inside the same word, as in `{a="b"}`, it is a letter.
      const isOpen = !hasPair(text, at, closing);
      if (isOpen && doubles.includes(text.charAt(at)) && beforeValue.test(text.slice(start, at)))
        return {
          start,
          end: text.length,
          head: text.slice(start, at),
          quoted: text.slice(at + 1),
          quoteAt: at,
          unclosed: true,
        };
    }
    at += 1;
  }
  return { start, end: at, head: text.slice(start, at) };
}

/** Does what closes a quote stand before the next space? */
function hasPair(text: string, at: number, closing: string): boolean {
  for (let next = at + 1; next < text.length && !space.test(text.charAt(next)); next += 1)
    if (closing.includes(text.charAt(next))) return true;
  return false;
}

function quotedAt(text: string, opened: { start: number; at: number; closing: string }): Word | undefined {
  let value = "";
  for (let at = opened.at + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === "\\" && (next === "\\" || closers.has(next))) {
      value += next;
      at += 1;
    } else if (opened.closing.includes(character) && (next === "" || space.test(next))) {
      return {
        start: opened.start,
        end: at + 1,
        head: text.slice(opened.start, opened.at),
        quoted: value,
        quoteAt: opened.at,
      };
    } else value += character;
  }
  return undefined;
}

/** A value as it must be typed to arrive unchanged. */
export function quote(value: string): string {
  return `"${value.replaceAll(/[\\"“„”'‘‚’]/g, (character) => `\\${character}`)}"`;
}
