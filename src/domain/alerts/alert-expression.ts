import { UserError } from "../failure.ts";
import { type Matcher, type MatcherOperator, matcherOf } from "./matcher.ts";

const signs = [">=", "<=", "==", "!=", ">", "<"] as const;
export type ComparisonSign = (typeof signs)[number];

/** `up{job="api"}`: which series are meant. `at`: where it stands in the expression. */
export interface SeriesNamed {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly at: number;
}

/** What the bot can judge of PromQL by itself. */
export type AlertExpression =
  | { readonly kind: "compare"; readonly series: SeriesNamed; readonly sign: ComparisonSign; readonly limit: number }
  | { readonly kind: "absent"; readonly series: SeriesNamed }
  | { readonly kind: "and" | "or" | "unless"; readonly left: AlertExpression; readonly right: AlertExpression };

/** Why an expression is not judged: what stands at a character of it. */
export interface ExpressionFault {
  readonly at: number;
  readonly message: string;
}

/** Reads an expression. What only a Prometheus can work out is a fault, by its name. */
export function readAlertExpression(text: string): { readonly expression: AlertExpression } | ExpressionFault {
  const reader = new Reader(text);
  try {
    return { expression: reader.whole() };
  } catch (error) {
    if (error instanceof Refused) return { at: error.at, message: error.message };
    throw error;
  }
}

/** Every series that an expression names. */
export function seriesNamedIn(
  expression: AlertExpression,
): readonly (SeriesNamed & { readonly sign?: ComparisonSign })[] {
  switch (expression.kind) {
    case "compare":
      return [{ ...expression.series, sign: expression.sign }];
    case "absent":
      return [expression.series];
    case "and":
    case "or":
    case "unless":
      return [...seriesNamedIn(expression.left), ...seriesNamedIn(expression.right)];
  }
}

class Refused extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const turned = { ">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!=" } as const;
const name = /[a-zA-Z_:][\w:]*/y;
const number = /[-+]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf|nan)(?![\w:])/iy;
const modifiers = ["on", "ignoring", "group_left", "group_right", "bool", "offset", "by", "without"];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): AlertExpression {
    const expression = this.#or();
    this.#blank();
    if (this.#at < this.#text.length) this.#refuseNext();
    return expression;
  }

  #or(): AlertExpression {
    let left = this.#and();
    while (this.#word("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): AlertExpression {
    let left = this.#one();
    for (;;) {
      if (this.#word("and")) left = { kind: "and", left, right: this.#one() };
      else if (this.#word("unless")) left = { kind: "unless", left, right: this.#one() };
      else return left;
    }
  }

  #one(): AlertExpression {
    if (this.#sign("(")) {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    const limit = this.#number();
    if (limit !== undefined) {
      const sign = this.#comparison();
      return { kind: "compare", series: this.#series(), sign: turned[sign], limit };
    }
    if (this.#word("absent", "(")) {
      this.#expect("(");
      const series = this.#series();
      this.#expect(")");
      return { kind: "absent", series };
    }
    const series = this.#series();
    const sign = this.#comparison();
    const right = this.#number();
    if (right === undefined) throw this.#refused("a series is compared with a number alone");
    return { kind: "compare", series, sign, limit: right };
  }

  #series(): SeriesNamed {
    this.#blank();
    const at = this.#at;
    const found = this.#match(name);
    if (found === undefined) return this.#refuseNext();
    this.#blank();
    if (modifiers.includes(found.toLowerCase())) throw new Refused(at, `\`${found}\` is for a Prometheus alone`);
    if (this.#text[this.#at] === "(") throw new Refused(at, `${found}(…) is worked out by a Prometheus alone`);
    const matchers = this.#sign("{") ? this.#matchers() : [];
    this.#blank();
    if (this.#text[this.#at] === "[") throw new Refused(at, `${found}[…] over a time is for a Prometheus alone`);
    return { name: found, matchers, at };
  }

  #matchers(): readonly Matcher[] {
    const matchers: Matcher[] = [];
    while (!this.#sign("}")) {
      this.#blank();
      const at = this.#at;
      const label = this.#match(/[a-zA-Z_]\w*/y);
      this.#blank();
      const operator = (["=~", "!~", "!=", "="] as const).find((each) => this.#text.startsWith(each, this.#at));
      if (label === undefined || operator === undefined) throw new Refused(at, "this is no condition on a label");
      this.#at += operator.length;
      matchers.push(this.#matcher(label, operator, at));
      if (!this.#sign(",")) {
        this.#expect("}");
        break;
      }
    }
    return matchers;
  }

  #matcher(label: string, operator: MatcherOperator, at: number): Matcher {
    this.#blank();
    const quoted = this.#match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y);
    if (quoted === undefined) throw new Refused(at, `the value of the label ${label} stands in no quotes`);
    const inner = quoted.slice(1, -1);
    const value = quoted.startsWith("`")
      ? inner
      : inner.replaceAll(/\\(.)/g, (_, each: string) => (each === "n" ? "\n" : each));
    try {
      return matcherOf(label, operator, value);
    } catch (error) {
      if (error instanceof UserError) throw new Refused(at, error.message.replace(/\.$/, ""));
      throw error;
    }
  }

  #comparison(): ComparisonSign {
    this.#blank();
    const sign = signs.find((each) => this.#text.startsWith(each, this.#at));
    if (sign === undefined) return this.#refuseNext("a comparison with a number is missing");
    this.#at += sign.length;
    return sign;
  }

  #number(): number | undefined {
    this.#blank();
    const text = this.#match(number)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text.endsWith("nan")) return Number.NaN;
    if (text.endsWith("inf")) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(text);
  }

  /** Takes a word; with `before` only where that follows it. */
  #word(word: string, before = ""): boolean {
    this.#blank();
    const end = this.#at + word.length;
    if (this.#text.slice(this.#at, end).toLowerCase() !== word) return false;
    if (/[\w:]/.test(this.#text.charAt(end)) || !this.#text.slice(end).trimStart().startsWith(before)) return false;
    this.#at = end;
    return true;
  }

  #sign(sign: string): boolean {
    this.#blank();
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#sign(sign)) this.#refuseNext();
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Blanks, and what `#` makes a comment. */
  #blank(): void {
    this.#match(/(?:\s|#[^\n]*)*/y);
  }

  #refused(message: string): Refused {
    return new Refused(this.#at, message);
  }

  /** Names what stands there in place of what could. */
  #refuseNext(otherwise = "this is not what can stand here"): never {
    this.#blank();
    const rest = this.#text.slice(this.#at);
    const [word = ""] = /^(?:[a-zA-Z_:][\w:]*|\S)/.exec(rest) ?? [];
    if (rest === "") throw this.#refused("the expression ends too early");
    if (/^[-+*/%^@]$/.test(word)) throw this.#refused(`\`${word}\` is worked out by a Prometheus alone`);
    if (modifiers.includes(word.toLowerCase())) throw this.#refused(`\`${word}\` is for a Prometheus alone`);
    throw this.#refused(`${otherwise}: \`${word}\``);
  }
}
