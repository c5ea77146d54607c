/**
 * The text as a person sees it: without terminal codes, and without characters that take no room. NUL is one of them, so
 * UTF-16 that was read as UTF-8 comes out as its letters. Plain text comes back as it is.
 */
export function visibleText(text: string): string {
  const plain = writtenCode.test(text) ? text.replaceAll(writtenCodes, "") : text;
  return unseen.test(plain) ? plain.replace(terminalCode, "").replace(noRoom, "") : plain;
}

/** A colour code as JSON, shells and syslog write the character that begins one. */
const writtenCode = /(?:\\u001b|\\x1b|\\033|\\e|#033)\[[0-9;:]{0,30}m/i;
const writtenCodes = new RegExp(writtenCode, "gi");

// Put together from codes, because nobody could tell these characters apart in a pattern.
const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const introducer = String.fromCharCode(0x9b);
/** What Unicode says is not shown; the sign that makes a picture of the character before it stays. */
const noRoomEach = `${String.fromCharCode(0)}|(?!\\uFE0F)\\p{Default_Ignorable_Code_Point}|(?<![\\p{Extended_Pictographic}0-9#*])\\uFE0F`;
const unseen = new RegExp(`${noRoomEach}|${escape}|${introducer}`, "u");
const noRoom = new RegExp(noRoomEach, "gu");
/** CSI and OSC sequences of ECMA-48: colours, cursor movements, titles and links. */
const terminalCode = new RegExp(
  [
    `(?:${escape}\\[|${introducer})[0-?]{0,60}[ -/]{0,10}[@-~]`,
    `${escape}\\][^${bell}${escape}]{0,2000}(?:${bell}|${escape}\\\\)`,
    `${escape}[ -/]{0,4}[0-~]`,
  ].join("|"),
  "g",
);

/**
 * The text with encodings undone that hide no more than letters and signs: percent, HTML and Unicode escapes, full-width
 * forms, also several of them around one another. Control characters stay encoded.
 */
export function decodedText(text: string): string {
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
  "%[2-7][0-9a-f]",
  "\\\\{1,2}u00[2-7][0-9a-f]",
  "\\\\{1,2}x[2-7][0-9a-f]",
  "&#\\d{2,3};",
  "&#x[2-7][0-9a-f];",
  "&(?:quot|amp|apos|lt|gt|equals|colon);",
  "[\\uFF01-\\uFF5E]",
].join("|");
const encoded = new RegExp(encodedForms, "i");
const encodedEach = new RegExp(encodedForms, "gi");

const named: Readonly<Record<string, string>> = {
  quot: '"',
  amp: "&",
  apos: "'",
  lt: "<",
  gt: ">",
  equals: "=",
  colon: ":",
};

/** One encoded sign of ASCII; undefined for a control character. */
function decodedSign(form: string): string | undefined {
  if (form.length === 1) return String.fromCharCode(form.charCodeAt(0) - 0xfee0);
  const word = /^&([a-z]+);$/i.exec(form)?.[1]?.toLowerCase();
  if (word !== undefined) return named[word];
  const decimal = /^&#(\d+);$/.exec(form)?.[1];
  const code = decimal === undefined ? Number.parseInt(/([0-9a-f]{2});?$/i.exec(form)?.[1] ?? "", 16) : Number(decimal);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : undefined;
}
