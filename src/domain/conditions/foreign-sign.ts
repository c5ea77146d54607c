/** What other languages write, the longest first, and what CEL has for it. */
const signs: Readonly<Record<string, string>> = {
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "=<": "<=",
  "=>": ">=",
  "=": "==",
  "&": "&&",
  "|": "||",
  and: "&&",
  or: "||",
  not: "!",
};

/** Texts in quotes, then what is CEL, then what is not: each is gone past whole, so that no part of it is taken for another. */
const token = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[\w.]+|[=!<>]+|&+|\|+/g;

/** What an expression that CEL does not read has from another language, with what stands for it; undefined where there is none. */
export function foreignSign(expression: string): string | undefined {
  const found = [...expression.matchAll(token)].map(([text]) => text).find((text) => Object.hasOwn(signs, text));
  return found === undefined ? undefined : `\`${found}\` is not known here: write \`${signs[found]}\``;
}
