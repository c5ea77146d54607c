import { type Matcher, matcherOf } from "./matcher.ts";
import { type MatcherToken, matcherTokens, wrongMatchers } from "./matcher-tokens.ts";

/**
 * Matchers in the UTF-8 syntax that Alertmanager has since 0.27: with or without braces, names and values bare or in double
 * quotes, a comma at the end allowed. Where commas are `optional`, blanks part matchers too, as amtool has its labels. Throws
 * UserError that says what is wrong at which character.
 */
export function utf8Matchers(input: string, commas: "needed" | "optional" = "needed"): readonly Matcher[] {
  const reading = new TokenReading(matcherTokens(input));
  const isBraced = reading.take("open") !== undefined;
  const matchers: Matcher[] = [];
  while (!["end", "close"].includes(reading.next.kind)) {
    matchers.push(matcherAt(reading));
    if (["end", "close"].includes(reading.next.kind) || reading.take("comma")) continue;
    if (commas === "needed") throw reading.wrong(isBraced ? "a comma or } is expected" : "a comma is expected");
  }
  const close = reading.take("close");
  if (close && !isBraced) throw wrongMatchers(close.at, "} closes no {");
  if (isBraced && !close) throw reading.wrong("} is missing");
  if (reading.next.kind !== "end") throw reading.wrong("nothing more is expected");
  return matchers;
}

function matcherAt(reading: TokenReading): Matcher {
  const name = reading.take("text");
  if (!name || name.text === "") throw reading.wrong("the name of a label is expected", name);
  const sign = reading.take("operator");
  if (!sign) throw reading.wrong("=, !=, =~ or !~ is expected");
  const value = reading.take("text");
  if (!value) throw reading.wrong('a value is expected, "" where it is empty');
  return matcherOf(name.text, sign.operator, value.text);
}

class TokenReading {
  readonly #tokens: readonly MatcherToken[];
  #at = 0;

  constructor(tokens: readonly MatcherToken[]) {
    this.#tokens = tokens;
  }

  /** The last one is an end and is never taken. */
  get next(): MatcherToken {
    return this.#tokens[this.#at] ?? { kind: "end", at: 1, written: "" };
  }

  take<Kind extends Exclude<MatcherToken["kind"], "end">>(
    kind: Kind,
  ): Extract<MatcherToken, { kind: Kind }> | undefined {
    const { next } = this;
    if (!isOf(next, kind)) return undefined;
    this.#at += 1;
    return next;
  }

  wrong(what: string, { at, written, kind }: MatcherToken = this.next): Error {
    return wrongMatchers(at, `${what}, not ${kind === "end" ? "the end" : written}`);
  }
}

function isOf<Kind extends MatcherToken["kind"]>(
  token: MatcherToken,
  kind: Kind,
): token is Extract<MatcherToken, { kind: Kind }> {
  return token.kind === kind;
}
