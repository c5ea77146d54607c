import { withoutCutKeys } from "./cut-keys.ts";
import { withoutKnownSecrets } from "./known-secrets.ts";
import { isSecretLike, looseSeparator, toldOfObject } from "./loose-values.ts";
import {
  addressKeys,
  authorisation,
  commandSecrets,
  cookie,
  mnemonic,
  namedValue,
  pairedValue,
  privateKey,
  schemed,
  shapeHint,
  signature,
  storeUrlPassword,
  tokenShapes,
  urlPassword,
  urlToken,
  valueFirst,
  xmlElement,
  xmlEntry,
  yamlBlock,
  yamlList,
} from "./secret-shapes.ts";
import { backspace, decodedText, visibleText } from "./undisguise.ts";

/** What stands where a secret was. */
export const mask = "[redacted]";

const secretName =
  /pass(?:word|wd|wort|phrase|code)|pswd|secret(?!ar)|tokens?$|jwt$|authori[sz]ation|cookie|(?:api|app|client|private|access|signing|encryption|account|master|ssh|listen|shared|auth|hmac|webhook)[-_. ]?key|credential|^bearer$|^(?:auth|dsn|pat|pwd|pw|pin|otp|sig|pass)$|[-_.](?:pwd|pw|otp|pat|pass)$|^(?:PG|MYSQL_|REDIS_|SSH)PASS|(?:access|api)[-_]sign$|x-.{0,20}-sign(?:ature)?$|amz-signature|connection[-_. ]?string|session[-_. ]?id|mnemonic|(?:seed|recovery)[-_. ]?phrase/i;

/** `dbPass`; small letters as in `compass` are another word. */
const camelPass = /[a-z](?:Pass|Pw)$/;

/** Their values are no secrets: `password_reset_url`, `tokenType`, `secretName` say where one is, or of what kind. */
const harmlessName =
  /page[-_]?token$|(?:pass(?:word|code)|secret|cookie|credential|key|authori[sz]ation|session[-_. ]?id)s?[-_. ]?(?:reset|policy|name|path|file|url|age|count|length|version|expir\w*|type|hint|changed|updated|rotat\w*|required|valid|status|id|ref|env|arn|enabled|domain|consent|failures?|attempts?|errors?|total|duration|latency|seconds|ms)\w*$/i;

/** True for names such as `password`, `apiKey`, `X-Auth-Token` or `DB_PASS`: the value beside them is never shown. */
export function isSecretName(name: string): boolean {
  return (
    (secretName.test(name) || camelPass.test(name)) &&
    !(harmlessName.test(name) && !/access[-_]?key[-_]?id/i.test(name))
  );
}

/** True for text a secret may be in. False is certain; it is the quick way past lines that need no masking. */
export function mayHoldSecret(text: string): boolean {
  if (hint.test(text) || shapeHint.test(text)) return true;
  return visibleText(text) !== text || decodedText(text) !== text || withoutKnownSecrets(text, "") !== text;
}

/**
 * The text with its secrets masked, as a person would see it: values beside secret-looking names, credentials in headers and
 * addresses, private keys, the token shapes of well-known services, and what this process knows to be a secret. Terminal codes
 * go; what is encoded is shown decoded where a secret was in it. Masking what is masked changes nothing. Linear in the text's
 * length.
 */
export function redact(text: string): string {
  const shown = (text.includes(backspace) ? maskedUnobeyed(text) : undefined) ?? masked(visibleText(text));
  const decoded = decodedText(shown);
  if (decoded === shown) return shown;
  const safe = masked(decoded);
  // An encoded sign that hid nothing stays as it was written.
  return safe === decoded ? shown : redact(safe);
}

/** Where a backspace is not obeyed, `pass\bword` reads as if it were not there. Undefined where nothing is hidden of that. */
function maskedUnobeyed(text: string): string | undefined {
  const read = visibleText(text.replaceAll(backspace, ""));
  const safe = masked(read);
  return safe === read ? undefined : safe;
}

/** Would masking hide something of this text? What is only made visible by it, such as a terminal code, is no secret. */
export function hidesSecret(text: string): boolean {
  return redact(text) !== visibleText(text);
}

function masked(text: string): string {
  let before = withoutKnownSecrets(text, mask);
  // A mask may complete another shape beside it; a few rounds settle it, and the last one changes nothing.
  for (let round = 0; round < roundsMax && (hint.test(before) || shapeHint.test(before)); round += 1) {
    const after = pass(before);
    if (after === before) break;
    before = after;
  }
  return before;
}

const roundsMax = 6;

const hint =
  /pass|secret|token|jwt|authori|cookie|key|credential|bearer|basic |digest |negotiate |auth|dsn|pat|pwd|pin|otp|sig|connection|session|mnemonic|phrase|seed|recovery|pswd|pw|sign/i;

function pass(text: string): string {
  let out = withoutCutKeys(text.replace(privateKey, mask), mask)
    .replace(storeUrlPassword, `$1${mask}`)
    .replace(urlPassword, `$1${mask}`)
    .replace(urlToken, `$1${mask}`)
    .replace(authorisation, (whole, start: string) => (isWord(whole, start) ? whole : `${start}${mask}`))
    .replace(cookie, (whole, start: string) => (isWord(whole, start) ? whole : `${start}${mask}`))
    .replace(mnemonic, `$1${mask}`)
    .replace(signature, `$1${mask}`)
    .replace(schemed, (whole, word: string, value: string) =>
      credentialLike(word.trimEnd(), value) ? `${word}${mask}` : whole,
    );
  for (const argument of commandSecrets) out = out.replace(argument, `$1${mask}`);
  for (const address of addressKeys) out = out.replace(address, `$1${mask}`);
  for (const shape of tokenShapes) out = out.replace(shape, mask);
  return maskNamed(maskForms(out));
}

/** Values that stand apart from their names: in YAML's blocks, in XML, and in pairs of name and value. */
function maskForms(text: string): string {
  return text
    .replace(yamlBlock, (...found) => {
      const [whole, indent, quote, name, end, block] = texts(found);
      return isSecretName(name) ? `${indent}${quote}${name}${quote}: ${mask}${block.endsWith("\n") ? end : ""}` : whole;
    })
    .replace(yamlList, (...found) => {
      const [whole, indent, quote, name, end, block] = texts(found);
      // In Compose and Kubernetes it lists the names of secrets.
      if (!isSecretName(name) || /secrets$/i.test(name)) return whole;
      return `${indent}${quote}${name}${quote}: ${mask}${block.endsWith("\n") ? end : ""}`;
    })
    .replace(xmlElement, (...found) => {
      const [whole, start, name, value] = texts(found);
      return isSecretName(localName(name)) && !isHarmless(name, value) ? `${start}${mask}` : whole;
    })
    .replace(xmlEntry, (...found) => {
      const [whole, start, name, value] = texts(found);
      return isSecretName(name) && !isHarmless(name, value) ? `${start}${mask}` : whole;
    })
    .replace(valueFirst, (...found) => {
      const [whole, start, value, between, name] = texts(found);
      return isSecretName(name) && !isHarmless(name, value) ? `${start}${mask}${between}${name}` : whole;
    })
    .replace(pairedValue, (...found) => {
      const [whole, start, name, value] = texts(found);
      return isSecretName(name) && !/^[a-z_]{1,20}$/i.test(value) ? `${start}${mask}` : whole;
    })
    .replace(namedValue, (...found) => {
      const [whole, start, name, value] = texts(found);
      return isSecretName(name) && !isHarmless(name, value) ? `${start}${mask}` : whole;
    });
}

type Texts = readonly [string, string, string, string, string, string];

function texts(found: readonly unknown[]): Texts {
  const at = (index: number): string => {
    const text = found[index];
    return typeof text === "string" ? text : "";
  };
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

function isHarmless(name: string, value: string): boolean {
  const plain = value.trim();
  if (vagueName.test(name) && /^(?:[A-Za-z]{1,12}|\d{1,3}|oauth2?|sha\d{1,3}|\d(?:\.\d)?V)$/i.test(plain)) return true;
  // A token of a chain is named by its letters.
  if (/^token$/i.test(name) && (/^[A-Z]{2,6}$/.test(plain) || chainAddress.test(plain))) return true;
  return plain === "" || plain === "-" || harmless.test(plain) || isCount(name, plain);
}

/** Of a contract or an account on a chain that speaks EVM; everybody may know it. */
const chainAddress = /^0x[0-9a-f]{40}$/i;

/** What follows `start` is a word such as `denied`. */
function isWord(whole: string, start: string): boolean {
  return harmless.test(whole.slice(start.length).trim().split(" ")[0] ?? "");
}

const proseAfterBearer =
  /^(?:[a-z]{1,20}_[a-z]{1,20}=.*|auth\w*|token\w*|scheme|missing|required|invalid|expired|rejected)$/i;

/** "Basic authentication" and "token refreshed" are prose; what follows them in a header is not. */
function credentialLike(word: string, value: string): boolean {
  if (word.toLowerCase() === "bearer") return !proseAfterBearer.test(value);
  // A token of a chain is named by its letters or its contract's address.
  if (
    /^token$/i.test(word) &&
    (chainAddress.test(value) || /^[A-Z]{2,12}\d{0,4}(?:\/[A-Z]{2,12}\d{0,4})?$/.test(value))
  )
    return false;
  // The digest of an image or a file.
  if (word.toLowerCase() === "digest" && /^[0-9a-f]{64}$/i.test(value)) return false;
  return value.length >= 24 || /[0-9]|[a-z][A-Z]|[=+]/.test(value);
}

/** What stands between a name and its value: `=`, `: `, `":"`, `\":\"`, `]=`, `=>`. */
const separator = /\\{0,15}["']?\]?(?:[ \t]{5,40}|\s{0,4})(?:=>|:=|[:=])(?:[ \t]{5,40}|\s{0,4})/g;
const flag = /(?<![\w-])--?([A-Za-z][\w-]{0,80})[ \t]{1,4}(?![-\s])/g;
/** JSON in a string, at any depth: the value ends at a quote that is escaped as often as the one it begins with. */
const escapedString = /(\\{1,15}")(?:(?!(?<!\\)\1)[^\r\n])*(?:(?<!\\)\1)?/y;
/** A tag or an anchor of YAML before a value. */
const yamlMark = /(?:!{1,2}[\w:/.-]{0,40}|&\w{1,40})[ \t]{1,4}(?=\S)/y;
/** `(x)`, `$(x)` and `<x>`. */
const bracketed = /\$?\([^)\r\n]*\)?|<[^>\r\n]*>?/y;
const doubleQuoted = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/y;
/** A quote that is doubled is one of the value. */
const singleQuoted = /'(?:[^'\\]|\\[\s\S]|''(?=[^\s,;:)}\]]))*(?:'|\\?$)/y;
/** Goes on behind a comma, a semicolon or an ampersand unless another name, a quote or a space follows it. */
const bare =
  /(?:\[[^\]]*(?:\]|$)|\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*(?:\}|$)|\{[^}]*(?:\}|$)|[^\s"'&;,(){}<>\\[]|[,;&](?![\w.%-]{0,80}(?:\[[\w.-]{0,40}\])?["']?[=:]|[\s"'&;,(){}<>\\[]|$))+/y;
/** Says nothing about a secret but whether there is one. */
const harmless =
  /^(?:true|false|null|none|undefined|nil|yes|no|expired|invalid|valid|missing|required|refreshed|revoked|rejected|strict|incorrect|wrong|mismatch|unreachable|changed|unchanged|updated|denied|granted|accepted|allowed|failed|ok|loaded|empty|set|unset|enabled|disabled)$/i;
/** Names that logs use for much else: `auth: login` and `pin: left` are words, `pin: 4471` is a secret. */
const vagueName = /^(?:auth|pin|pat|sig|otp|pass)$/i;

/** Masks the value after every secret name, in all the ways logs write pairs. */
function maskNamed(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const at of placesOfValues(text)) {
    if (at.start < done) continue;
    const value = valueAt(text, at);
    if (!value) continue;
    parts.push(text.slice(done, at.start), value.shown);
    done = at.start + value.length;
  }
  return done === 0 ? text : parts.join("") + text.slice(done);
}

interface Place {
  readonly name: string;
  readonly start: number;
  /** What stands between them says little: the value itself has to look like a secret. */
  readonly loose?: true;
}

function placesOfValues(text: string): Place[] {
  const places: Place[] = [];
  for (const match of text.matchAll(separator)) {
    const name = nameBefore(text, match.index);
    if (isSecretName(name)) places.push({ name, start: match.index + match[0].length });
  }
  for (const match of text.matchAll(looseSeparator)) {
    const name = nameBefore(text, match.index);
    if (isSecretName(name)) places.push({ name, start: match.index + match[0].length, loose: true });
  }
  for (const match of text.matchAll(flag)) {
    const name = match[1] ?? "";
    if (isSecretName(name)) places.push({ name, start: match.index + match[0].length });
  }
  return places.toSorted((a, b) => a.start - b.start);
}

const nameMax = 80;

/** The name that ends at `end`; `api key` and `connection string` are two words. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < nameMax && /[\w.-]/.test(text[start - 1] ?? "")) start -= 1;
  const name = text.slice(start, end);
  if (!/^(?:key|string|id)$/i.test(name) || text[start - 1] !== " ") return name;
  return `${/\w{1,20}$/.exec(text.slice(Math.max(0, start - 21), start - 1))?.[0] ?? ""} ${name}`;
}

function valueAt(text: string, place: Place): { readonly shown: string; readonly length: number } | undefined {
  if (matchAt(toldOfObject, text, place.start) !== undefined) return undefined;
  const mark = matchAt(yamlMark, text, place.start) ?? "";
  for (const [pattern, quoted] of quotings) {
    const found = matchAt(pattern, text, place.start + mark.length);
    if (found === undefined) continue;
    const quote = quoted.exec(found)?.[0] ?? "";
    const closed = found.length >= 2 * quote.length && found.endsWith(quote);
    const inner = found.slice(quote.length, closed ? found.length - quote.length : undefined);
    if (inner === "" || isHarmless(place.name, inner.replace(/^[(<]|[)>]$/g, ""))) return undefined;
    if (place.loose && !isSecretLike(place.name, inner)) return undefined;
    return { shown: `${mark}${quote}${mask}${closed ? quote : ""}`, length: mark.length + found.length };
  }
  return undefined;
}

const unquoted = /^/;
const quotings: readonly (readonly [RegExp, RegExp])[] = [
  [escapedString, /^\\+"/],
  [doubleQuoted, /^"/],
  [singleQuoted, /^'/],
  [bracketed, unquoted],
  [bare, unquoted],
];

/** `total_tokens: 512` is how much a model read, `session_id=42` which one it is: no secrets. */
function isCount(name: string, value: string): boolean {
  if (/tokens$/i.test(name)) return /^(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,3})$/.test(value);
  return /(?:keys|cookies|credentials|secrets|passwords|session[-_. ]?id)$/i.test(name) && /^\d{1,6}$/.test(value);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
