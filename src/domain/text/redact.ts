/** What stands where a secret was. */
export const mask = "[redacted]";

const secretName =
  /pass(?:word|wd|phrase|code)|secret|tokens?$|jwt$|authori[sz]ation|cookie|(?:api|private|access|signing|encryption|account|master|ssh)[-_. ]?key|credential|^bearer$|^(?:auth|dsn|pat|pwd|pin|otp|sig)$|[-_.](?:pwd|otp|pat)$|amz-signature|connection[-_. ]?string|session[-_. ]?id|mnemonic/i;

/** True for names such as `password`, `apiKey`, `X-Auth-Token` or `DB_SECRET`: the value beside them is never shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** True for text a secret may be in. False is certain; it is the quick way past lines that need no masking. */
export function mayHoldSecret(text: string): boolean {
  return hint.test(text);
}

/**
 * The text with its secrets masked: values beside secret-looking names, credentials in headers and addresses, private
 * keys, and the token shapes of well-known services. Masking what is masked changes nothing. Linear in the text's length.
 */
export function redact(text: string): string {
  let before = text;
  // A mask may complete another shape beside it; a few rounds settle it, and the last one changes nothing.
  for (let round = 0; round < roundsMax && hint.test(before); round += 1) {
    const after = pass(before);
    if (after === before) break;
    before = after;
  }
  return before;
}

const roundsMax = 6;

const hint =
  /pass|secret|token|jwt|authori|cookie|key|credential|bearer|basic |digest |negotiate |auth|dsn|pat|pwd|pin|otp|sig|connection|session|mnemonic|:\/\/|xox|xapp|gh[opsur]_|glpat|npm_|[sr]k[-_]|whsec|A(?:KIA|SIA|GPA|ROA|Iza)|ya29|SG\.|hvs\.|eyJ|[MNO][\w-]{22}|\d{8}:|hooks\.|webhooks/i;

/** Secrets wherever they stand. Each repetition ends at a character it cannot hold, so no pattern backtracks far. */
const shapes: readonly RegExp[] = [
  /\bxox[a-z]-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bgh[opsur]_\w{16,}/g,
  /\bgithub_pat_\w{16,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bnpm_\w{20,}/g,
  /\b[sr]k[-_](?:live|test|proj|ant|or|svcacct)[-_][\w-]{8,}/g,
  /\bsk-[\w-]{20,}/g,
  /\bwhsec_\w{8,}/g,
  /\b(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{16}/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w-]{16,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bhvs\.[\w-]{16,}/g,
  /\beyJ[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*)*/g,
  /\b[MNO][\w-]{22,30}\.[\w-]{6}\.[\w-]{25,}/g,
  /\b\d{8,12}:[A-Za-z][\w-]{33,}/g,
];

/** PEM, whole or cut off: nothing after BEGIN is shown until END. */
const privateKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g;
/** `scheme://user:password@host`: the password goes, the user stays. A port before a path is no password. */
const urlPassword = /(:\/\/[^\s:/?#@"'<>]{0,100}:)(?!\d{1,5}[/?#])[^\s"'<>@]{1,200}(?:@[^\s/?#"'<>@]{1,200})*(?=@)/g;
/** `https://token@host`. */
const urlToken = /(:\/\/)[^\s:/?#@"'<>]{20,200}(?=@)/g;
/** Webhook addresses are passwords: whoever has one can post. */
const webhook =
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,25}\/)[^\s"'<>\\]+/gi;
/** `https://host/v2/<key>`: providers that take the key for a folder. */
const urlKey = /(:\/\/[^\s"'<>]{1,200}?\/v\d{1,2}\/)[\w-]{24,200}/g;
const authorisation = /(authori[sz]ation\s{0,4}[:=]\s{0,4})(?:[A-Za-z][\w-]{1,20} +)?[^\s"'\\,;]+/gi;
const cookie = /(cookie\s{0,4}[:=]\s{0,4})[^\r\n"'\\]+/gi;
const schemed = /\b((?:bearer|basic|token|apikey|digest|negotiate) +)([\w.~+/=-]{8,})/gi;

function pass(text: string): string {
  let out = text
    .replace(privateKey, mask)
    .replace(urlPassword, `$1${mask}`)
    .replace(urlToken, `$1${mask}`)
    .replace(webhook, `$1${mask}`)
    .replace(urlKey, `$1${mask}`)
    .replace(authorisation, `$1${mask}`)
    .replace(cookie, `$1${mask}`)
    .replace(schemed, (whole, word: string, value: string) =>
      credentialLike(word.trimEnd(), value) ? `${word}${mask}` : whole,
    );
  for (const shape of shapes) out = out.replace(shape, mask);
  return maskNamed(out);
}

const proseAfterBearer = /^(?:auth\w*|token\w*|scheme|missing|required|invalid|expired|rejected)$/i;

/** "Basic authentication" and "token refreshed" are prose; what follows them in a header is not. */
function credentialLike(word: string, value: string): boolean {
  if (word.toLowerCase() === "bearer") return !proseAfterBearer.test(value);
  return value.length >= 24 || /[0-9]|[a-z][A-Z]|[=+]/.test(value);
}

/** What stands between a name and its value: `=`, `: `, `":"`, `\":\"`, `]=`, `=>`. */
const separator = /\\?["']?\]?\s{0,4}(?:=>|:=|[:=])\s{0,4}/g;
const flag = /(?<![\w-])--?([A-Za-z][\w-]{0,80})[ \t]{1,4}(?![-\s])/g;
const escapedString = /\\"(?:(?!\\")[^\r\n])*(?:\\")?/y;
const doubleQuoted = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/y;
const singleQuoted = /'(?:[^'\\]|\\[\s\S])*(?:'|\\?$)/y;
const bare = /(?:\[[^\]]*(?:\]|$)|\{[^}]*(?:\}|$)|[^\s"'&;,(){}<>\\[])+/y;
/** Says nothing about a secret but whether there is one. */
const harmless = /^(?:true|false|null|none|undefined|nil)$/i;

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
}

function placesOfValues(text: string): Place[] {
  const places: Place[] = [];
  for (const match of text.matchAll(separator)) {
    const name = nameBefore(text, match.index);
    if (isSecretName(name)) places.push({ name, start: match.index + match[0].length });
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
  for (const [pattern, quote] of quotings) {
    const found = matchAt(pattern, text, place.start);
    if (found === undefined) continue;
    const closed = found.length >= 2 * quote.length && found.endsWith(quote);
    const inner = found.slice(quote.length, closed ? found.length - quote.length : undefined);
    if (inner === "" || harmless.test(inner) || isCount(place.name, inner)) return undefined;
    return { shown: `${quote}${mask}${closed ? quote : ""}`, length: found.length };
  }
  return undefined;
}

const quotings: readonly (readonly [RegExp, string])[] = [
  [escapedString, '\\"'],
  [doubleQuoted, '"'],
  [singleQuoted, "'"],
  [bare, ""],
];

/** `total_tokens: 512` is how much a model read, not a secret. */
function isCount(name: string, value: string): boolean {
  return /tokens$/i.test(name) && /^\d{1,9}$/.test(value);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
