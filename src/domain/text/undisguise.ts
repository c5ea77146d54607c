/**
 * The text as a person sees it: without terminal codes, and without characters that take no room. NUL is one of them, so
 * UTF-16 that was read as UTF-8 comes out as its letters. Plain text comes back as it is.
 */
export function visibleText(text: string): string {
  const typed = text.includes(backspace) ? overtyped(text) : text;
  const plain = writtenCode.test(typed) ? typed.replaceAll(writtenCodes, "") : typed;
  return unseen.test(plain) ? plain.replace(terminalCode, "").replace(noRoom, "") : plain;
}

/** Moves a terminal one character back, so that the next one takes the place of the one before. */
export const backspace = String.fromCharCode(0x08);

function overtyped(text: string): string {
  const shown: string[] = [];
  for (const character of text) {
    if (character !== backspace) shown.push(character);
    else if (shown.at(-1) !== "\n") shown.pop();
  }
  return shown.join("");
}

/** A colour code as JSON, shells and syslog write the character that begins one. */
const writtenCode = /(?:\\u001b|\\x1b|\\033|\\e|#033)\[[0-9;:]{0,30}m/i;
const writtenCodes = new RegExp(writtenCode, "gi");

// Put together from codes, because nobody could tell these characters apart in a pattern.
const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const introducer = String.fromCharCode(0x9b);
/** What begins a title or a device's string, in one character, and what ends it. */
const stringStarts = [0x90, 0x9d, 0x9e, 0x9f].map((code) => String.fromCharCode(code)).join("");
const terminator = String.fromCharCode(0x9c);
/** What Unicode says is not shown; the sign that makes a picture of the character before it stays. */
const noRoomEach = `${String.fromCharCode(0)}|(?!\\uFE0F)\\p{Default_Ignorable_Code_Point}|(?<![\\p{Extended_Pictographic}0-9#*])\\uFE0F`;
const unseen = new RegExp(`${noRoomEach}|${escape}|[${introducer}${stringStarts}]`, "u");
const noRoom = new RegExp(noRoomEach, "gu");
/** CSI, OSC and DCS sequences of ECMA-48: colours, cursor movements, titles and links. */
const terminalCode = new RegExp(
  [
    `(?:${escape}\\[|${introducer})[0-?]{0,60}[ -/]{0,10}[@-~]`,
    `(?:${escape}[\\]P_^]|[${stringStarts}])[^${bell}${escape}${terminator}]{0,2000}(?:${bell}|${terminator}|${escape}\\\\)`,
    `${escape}[ -/]{0,4}[0-~]`,
  ].join("|"),
  "g",
);

/**
 * The text with encodings undone that hide no more than letters and signs: percent, HTML and Unicode escapes, full-width
 * forms, also several of them around one another. Control characters stay encoded.
 */
export function decodedText(text: string): string {
  if (!encodingSign.test(text)) return text;
  let before = text;
  for (let round = 0; round < decodeRoundsMax && encoded.test(before); round += 1) {
    const after = before.replace(encodedEach, (whole) => decodedSign(whole) ?? whole);
    if (after === before) break;
    before = after;
  }
  return before;
}

/** A secret in an address in an address in a form is encoded three times. */
const decodeRoundsMax = 4;
const encodedForms = [
  "%(?:25){0,40}[2-7][0-9a-f]",
  "\\\\{1,8}u00[2-7][0-9a-f]",
  "\\\\{1,8}u\\{0{0,4}[2-7][0-9a-f]\\}",
  "\\\\{1,8}x[2-7][0-9a-f]",
  "\\\\{1,8}(?:0?[4-7][0-7]|1[0-7]{2})",
  "&#0{0,7}\\d{2,3};",
  "&#x0{0,7}[2-7][0-9a-f];",
  "&(?:quot|amp|apos|lt|gt|equals|colon);",
  "[\\uFE50-\\uFE6B\\uFF01-\\uFF5E\\u{1D400}-\\u{1D7FF}]",
  // Only from where a word begins, or every letter of a long one would be tried.
  "(?:(?<![A-Za-z])[A-Za-z]{0,80})?[\\u0370-\\u03FF\\u0400-\\u052F][A-Za-z\\u0370-\\u03FF\\u0400-\\u052F]{0,80}",
].join("|");
/** Every form above holds one of these; most lines of a log hold none. */
const encodingSign = /[%\\&\u0370-\u052F\uFE50-\uFE6B\uFF01-\uFF5E\u{1D400}-\u{1D7FF}]/u;
const encoded = new RegExp(encodedForms, "iu");
const encodedEach = new RegExp(encodedForms, "giu");

/** Letters of Cyrillic and Greek that cannot be told from Latin ones (Unicode's confusables), and those. */
const lookAlikes = new Map(
  Array.from("аеорсухіјѕԁһԝкАВЕКМНОРСТХУЅІЈԌԚԜαονρτκιυΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ").map((letter, index) => [
    letter,
    Array.from("aeopcyxijsdhwkABEKMHOPCTXYSIJGQWaovptkiuABEZHIKMNOPTYXcj")[index] ?? letter,
  ]),
);

const named: Readonly<Record<string, string>> = {
  quot: '"',
  amp: "&",
  apos: "'",
  lt: "<",
  gt: ">",
  equals: "=",
  colon: ":",
};

/** One encoded sign, or one word with look-alike letters, in ASCII; undefined for a control character or a word of its own script. */
function decodedSign(form: string): string | undefined {
  const sign = form[0] ?? "";
  if (sign !== "%" && sign !== "\\" && sign !== "&") return inLatin(form);
  const word = /^&([a-z]+);$/i.exec(form)?.[1]?.toLowerCase();
  if (word !== undefined) return named[word];
  const code = codeOf(form);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : undefined;
}

function codeOf(form: string): number {
  const decimal = /^&#(\d+);$/.exec(form)?.[1];
  if (decimal !== undefined) return Number(decimal);
  const octal = /^\\+([0-7]+)$/.exec(form)?.[1];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return Number.parseInt(/([0-9a-f]{2})[;}]?$/i.exec(form)?.[1] ?? "", 16);
}

function inLatin(form: string): string | undefined {
  const latin = Array.from(form.normalize("NFKC"), (letter) => lookAlikes.get(letter) ?? letter).join("");
  return /^[ -~]+$/.test(latin) ? latin : undefined;
}
