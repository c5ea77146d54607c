import { UserError } from "../failure.ts";
import type { MatcherOperator } from "./matcher.ts";

/** A piece of matchers as they are written. `at` counts characters from 1. */
export type MatcherToken = { readonly at: number; readonly written: string } & (
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  | { readonly kind: "comma" }
  | { readonly kind: "end" }
  | { readonly kind: "operator"; readonly operator: MatcherOperator }
  /** A label's name or a value, in quotes or bare. */
  | { readonly kind: "text"; readonly text: string }
);

/** What ends a bare word, and cannot stand in one: white space and these. */
const reserved = /[\s{}!=~,\\"'`]/u;

const signs: Readonly<Record<string, "open" | "close" | "comma">> = { "{": "open", "}": "close", ",": "comma" };

/** The pieces of matchers in Alertmanager's UTF-8 syntax, an end last. Throws UserError for what is none of them. */
export function matcherTokens(input: string): readonly MatcherToken[] {
  const characters = Array.from(input);
  const tokens: MatcherToken[] = [];
  let at = 0;
  while (at < characters.length) {
    if (/\s/u.test(characters[at] ?? "")) at += 1;
    else {
      const token = tokenAt(characters, at);
      tokens.push(token);
      at += Array.from(token.written).length;
    }
  }
  return [...tokens, { kind: "end", at: characters.length + 1, written: "" }];
}

function tokenAt(characters: readonly string[], start: number): MatcherToken {
  const first = characters[start] ?? "";
  const at = start + 1;
  const sign = signs[first];
  if (sign) return { kind: sign, at, written: first };
  if (first === "=" || first === "!") return operatorAt(characters, start);
  if (first === '"') return quotedAt(characters, start);
  const length = characters.slice(start).findIndex((character) => reserved.test(character));
  const written = characters.slice(start, length < 0 ? undefined : start + length).join("");
  if (written !== "") return { kind: "text", at, written, text: written };
  throw wrongMatchers(at, `${first} has to stand in double quotes`);
}

function operatorAt(characters: readonly string[], start: number): MatcherToken {
  const [first, second] = characters.slice(start, start + 2);
  const operator = (["=~", "!=", "!~"] as const).find((each) => each === `${first}${second}`);
  if (operator) return { kind: "operator", at: start + 1, written: operator, operator };
  if (first === "=") return { kind: "operator", at: start + 1, written: "=", operator: "=" };
  throw wrongMatchers(start + 1, "after ! comes = or ~");
}

function quotedAt(characters: readonly string[], start: number): MatcherToken {
  let end = start + 1;
  while (end < characters.length && characters[end] !== '"') end += characters[end] === "\\" ? 2 : 1;
  if (end >= characters.length) throw wrongMatchers(start + 1, "a double quote is not closed");
  const written = characters.slice(start, end + 1).join("");
  const text = unquoted(written.slice(1, -1));
  if (text === undefined) throw wrongMatchers(start + 1, `${written} holds an escape or bytes that are no text`);
  return { kind: "text", at: start + 1, written, text };
}

const plainEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  '"': 34,
};

/** What a double-quoted text of Go's says, escapes of bytes among them; undefined for what Go does not read. */
function unquoted(inside: string): string | undefined {
  const escape = /\\(?:x([\da-fA-F]{2})|([0-7]{3})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))|([^\\]+)/uy;
  const bytes: number[] = [];
  while (escape.lastIndex < inside.length) {
    const found = escape.exec(inside);
    if (!found) return undefined;
    const read = bytesOf(found);
    if (!read) return undefined;
    bytes.push(...read);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

function bytesOf([, hex, octal, short, long, plain, text]: RegExpExecArray): Iterable<number> | undefined {
  if (text !== undefined) return text.includes("\n") ? undefined : new TextEncoder().encode(text);
  if (hex !== undefined) return [Number.parseInt(hex, 16)];
  if (octal !== undefined) return Number.parseInt(octal, 8) > 255 ? undefined : [Number.parseInt(octal, 8)];
  if (plain !== undefined) return plainEscapes[plain] === undefined ? undefined : [plainEscapes[plain]];
  const point = Number.parseInt(short ?? long ?? "", 16);
  const isCharacter = point <= 0x10_ff_ff && !(point >= 0xd8_00 && point <= 0xdf_ff);
  return isCharacter ? new TextEncoder().encode(String.fromCodePoint(point)) : undefined;
}

/** What is wrong with matchers, and at which character. */
export function wrongMatchers(at: number, what: string): UserError {
  return new UserError(
    `At character ${at}: ${what}.`,
    'Write them as Alertmanager does, for example severity="critical",team=~"infra|db".',
  );
}
