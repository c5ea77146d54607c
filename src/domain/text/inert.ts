/** What may pass unescaped although it moves the cursor. */
interface InertOptions {
  /** Line feeds stay; everything else that is invisible or moves text is spelt out. */
  readonly newlines?: boolean;
}

/**
 * Everything a reader cannot see or that changes the order of what they see: controls, formats (bidi, zero width, tags),
 * line and paragraph separators, spaces other than the plain one, private and unassigned characters, lone surrogates,
 * fillers that draw nothing, and variation selectors other than the two that pick text or emoji style.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]|(?! )\p{Zs}|(?![\uFE0E\uFE0F])\p{Variation_Selector}|[\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;

/**
 * The text with every invisible or reordering character as a visible escape such as ⟨U+202E⟩. Total: any string in, well
 * formed text out. The parts of an emoji (joiner between pictographs, keycap, style) stay, because they are seen.
 */
export function inert(text: string, options: InertOptions = {}): string {
  return text.replace(unseen, (character, offset: number) => {
    if (character === "\n" && options.newlines === true) return character;
    if (character === "\u200D" && joinsPictographs(text, offset)) return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** JSON on one line that says the same, with every such character escaped: what a program reads, a terminal may show. */
export function inertJson(json: string): string {
  return json.replace(unseen, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

const pictographBefore = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})\uFE0F?$/u;
const pictographAfter = /^\p{Extended_Pictographic}/u;

/** Looks at a few characters on either side only, so that a long run of joiners costs no more than a short one. */
function joinsPictographs(text: string, offset: number): boolean {
  return (
    pictographBefore.test(text.slice(Math.max(0, offset - 4), offset)) &&
    pictographAfter.test(text.slice(offset + 1, offset + 3))
  );
}
