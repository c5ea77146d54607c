/** One condition on a label. A label that a series does not have is the empty text. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** How an aggregation or a pair of vectors picks the labels that count. */
export interface Grouping {
  /** False: every label but these. */
  readonly keeps: boolean;
  readonly labels: readonly string[];
}

/** A query, read. `at`: where it stands in the text, counted from 1, for what is wrong with it. */
export type Expression =
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "selector"; readonly matchers: readonly Matcher[]; readonly rangeMs?: number; readonly at: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly at: number }
  | {
      readonly kind: "aggregate";
      readonly operation: string;
      readonly grouping: Grouping;
      readonly of: Expression;
      readonly at: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly bool: boolean;
      readonly matching: Grouping;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    };

/** A query that this part of PromQL does not know. `at` counts the characters from 1. */
export class QueryFault extends Error {
  override readonly name = "QueryFault";
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** No labels but those that are named; a series has all its labels by default. */
export const allLabels: Grouping = { keeps: false, labels: [] };

export const aggregations = ["sum", "avg", "max", "min", "count"] as const;
export const functions = ["rate", "increase", "histogram_quantile", "vector"] as const;

interface Token {
  readonly kind: "name" | "number" | "string" | "sign" | "range" | "end";
  readonly text: string;
  /** Counted from 1. */
  readonly at: number;
}

const tokenForms: readonly (readonly [Token["kind"], RegExp])[] = [
  // Of an offset, which is not known here.
  ["sign", /\d+(?:ms|[smhdwy])(?![\w:])/y],
  ["range", /\[\s*((?:\d+(?:ms|[smhdwy]))+)\s*\]/y],
  ["number", /(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w:])/iy],
  ["name", /[a-zA-Z_:][\w:]*/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ["sign", /=~|!~|!=|==|<=|>=|[-+*/%^<>=(){},]/y],
];

/** Comments and spaces between two tokens. */
const between = /(?:\s|#[^\n]*)*/y;

function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skip(query, 0);
  while (at < query.length) {
    const token = tokenAt(query, at);
    tokens.push(token);
    at = skip(query, at + token.text.length);
  }
  return [...tokens, { kind: "end", text: "", at: query.length + 1 }];
}

function skip(query: string, from: number): number {
  between.lastIndex = from;
  between.test(query);
  return between.lastIndex;
}

function tokenAt(query: string, from: number): Token {
  for (const [kind, form] of tokenForms) {
    form.lastIndex = from;
    const found = form.exec(query);
    if (found) return { kind, text: found[0], at: from + 1 };
  }
  throw new QueryFault(`unexpected character: ${JSON.stringify(query.charAt(from))}`, from + 1);
}

/** The operators, weakest first. */
const levels = [["or"], ["and", "unless"], ["==", "!=", "<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]] as const;
export const comparisons: ReadonlySet<string> = new Set(levels[2]);
export const setOperators: ReadonlySet<string> = new Set(["or", "and", "unless"]);

/** Reads the part of PromQL that the demo's own files use. Throws QueryFault for everything else. */
export function parsePromql(query: string): Expression {
  const parser = new Parser(tokensOf(query));
  const read = parser.binary(0);
  const rest = parser.peek();
  if (rest.kind !== "end") throw new QueryFault(`unexpected ${JSON.stringify(rest.text)}`, rest.at);
  return read;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: 1 };
  }

  binary(level: number): Expression {
    const operators: readonly string[] | undefined = levels[level];
    if (!operators) return this.#unary();
    let left = this.binary(level + 1);
    while (operators.includes(this.peek().text.toLowerCase()) && this.peek().kind !== "string") {
      const { text, at } = this.#take();
      const bool = comparisons.has(text) && this.#skipWord("bool");
      const matching = this.#matching();
      const right = this.binary(level + 1);
      left = { kind: "binary", operator: text.toLowerCase(), bool, matching, left, right, at };
    }
    return left;
  }

  /** A sign binds weaker than a power: -2 ^ 2 is -4. */
  #unary(): Expression {
    const { text, at } = this.peek();
    if (text !== "-" && text !== "+") return this.#power();
    this.#take();
    const of = this.#unary();
    if (text === "+") return of;
    const less: Expression = { kind: "number", value: -1, at };
    return { kind: "binary", operator: "*", bool: false, matching: allLabels, left: less, right: of, at };
  }

  #power(): Expression {
    const left = this.#single();
    if (this.peek().text !== "^") return left;
    const { at } = this.#take();
    return { kind: "binary", operator: "^", bool: false, matching: this.#matching(), left, right: this.#unary(), at };
  }

  #single(): Expression {
    const token = this.peek();
    const { kind, text, at } = token;
    if (kind === "number") {
      this.#take();
      return { kind: "number", value: Number(text), at };
    }
    if (text === "(") {
      this.#take();
      const inner = this.binary(0);
      this.#expect(")");
      return inner;
    }
    if (text === "{") return this.#selector([], at);
    if (kind === "name") return this.#named(this.#take());
    throw new QueryFault(kind === "end" ? "unexpected end of input" : `unexpected ${JSON.stringify(text)}`, at);
  }

  #named({ text, at }: Token): Expression {
    const lower = text.toLowerCase();
    if (/^(?:inf|nan)$/.test(lower))
      return { kind: "number", value: lower === "inf" ? Number.POSITIVE_INFINITY : Number.NaN, at };
    const next = this.peek();
    if (isOneOf(aggregations, lower) && /^(?:\(|by|without)$/i.test(next.text)) return this.#aggregate(lower, at);
    if (next.text !== "(") return this.#selector([{ label: "__name__", operator: "=", value: text }], at);
    if (!isOneOf(functions, text)) throw new QueryFault(`unknown function with name ${JSON.stringify(text)}`, at);
    return { kind: "call", name: text, args: this.#arguments(), at };
  }

  #aggregate(operation: string, at: number): Expression {
    const before = this.#grouping();
    const [of, ...others] = this.#arguments();
    if (!of || others.length > 0) throw new QueryFault(`wrong number of arguments for aggregate expression`, at);
    const grouping = before ?? this.#grouping() ?? { keeps: true, labels: [] };
    return { kind: "aggregate", operation, grouping, of, at };
  }

  #grouping(): Grouping | undefined {
    if (this.#skipWord("by")) return { keeps: true, labels: this.#labels() };
    return this.#skipWord("without") ? { keeps: false, labels: this.#labels() } : undefined;
  }

  #matching(): Grouping {
    if (this.#skipWord("on")) return { keeps: true, labels: this.#labels() };
    return this.#skipWord("ignoring") ? { keeps: false, labels: this.#labels() } : allLabels;
  }

  #labels(): string[] {
    return this.#list("(", ")", () => {
      const { kind, text, at } = this.#take();
      if (kind !== "name") throw new QueryFault(`unexpected ${JSON.stringify(text)} in grouping opts`, at);
      return text;
    });
  }

  #arguments(): Expression[] {
    return this.#list("(", ")", () => this.binary(0));
  }

  #selector(named: readonly Matcher[], at: number): Expression {
    const more = this.peek().text === "{" ? this.#list("{", "}", () => this.#matcher()) : [];
    const matchers = [...named, ...more];
    if (matchers.every((each) => fitsEmpty(each)))
      throw new QueryFault("vector selector must contain at least one non-empty matcher", at);
    if (this.peek().kind !== "range") return { kind: "selector", matchers, at };
    return { kind: "selector", matchers, rangeMs: durationMs(this.#take().text), at };
  }

  #matcher(): Matcher {
    const { kind, text: label, at } = this.#take();
    if (kind !== "name") throw new QueryFault(`unexpected ${JSON.stringify(label)} in label matching`, at);
    const { text: operator, at: operatorAt } = this.#take();
    if (!isOneOf(["=", "!=", "=~", "!~"] as const, operator))
      throw new QueryFault(`unexpected ${JSON.stringify(operator)} in label matching`, operatorAt);
    const value = this.#take();
    if (value.kind !== "string")
      throw new QueryFault(`unexpected ${JSON.stringify(value.text)} in label matching, expected string`, value.at);
    return { label, operator, value: textIn(value) };
  }

  #list<Item>(open: string, close: string, read: () => Item): Item[] {
    this.#expect(open);
    const items: Item[] = [];
    while (this.peek().text !== close) {
      items.push(read());
      if (this.peek().text !== ",") break;
      this.#take();
    }
    this.#expect(close);
    return items;
  }

  #expect(text: string): void {
    const found = this.#take();
    if (found.text !== text)
      throw new QueryFault(
        found.kind === "end" ? `unexpected end of input, expected ${text}` : `unexpected ${JSON.stringify(found.text)}`,
        found.at,
      );
  }

  #skipWord(word: string): boolean {
    const found = this.peek();
    if (found.kind !== "name" || found.text.toLowerCase() !== word) return false;
    this.#take();
    return true;
  }

  #take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }
}

function isOneOf<Word extends string>(words: readonly Word[], text: string): text is Word {
  return words.some((word) => word === text);
}

/** Anchored, as PromQL has it. Throws QueryFault for a pattern that is none. */
export function fits({ operator, value }: Matcher, label: string): boolean {
  switch (operator) {
    case "=":
      return label === value;
    case "!=":
      return label !== value;
    case "=~":
      return patternOf(value).test(label);
    case "!~":
      return !patternOf(value).test(label);
  }
}

function patternOf(value: string): RegExp {
  try {
    return new RegExp(`^(?:${value})$`, "s");
  } catch {
    throw new QueryFault(`error parsing regexp: ${JSON.stringify(value)}`, 1);
  }
}

function fitsEmpty(matcher: Matcher): boolean {
  return fits(matcher, "");
}

function textIn({ text, at }: Token): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  const inner = text.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => {
    const known: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "'": "'" };
    const meant = known[letter];
    if (meant === undefined) throw new QueryFault("unknown escape sequence", at);
    return meant;
  });
  return inner;
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1h30m` in ms. */
export function durationMs(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0),
    0,
  );
}
