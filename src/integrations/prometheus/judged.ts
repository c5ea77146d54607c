import type { RuleExpression } from "../../domain/systems/metrics.ts";

const literal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const comparison = /^(?:>=|<=|==|!=|>|<)/;
const turned: Readonly<Record<string, string>> = { ">": "<", ">=": "<=", "<": ">", "<=": ">=" };

/**
 * What an expression compares with a number, and the number: the comparison alone has a course only while it holds. All of the
 * expression where it is no such comparison as a whole.
 */
export function judgedBy(expression: string): RuleExpression {
  const whole = { text: expression };
  const parts = partsOf(expression);
  if (!parts) return whole;
  const [left, sign, right] = parts;
  if (literal.test(right) && !literal.test(left)) return { text: left, limit: { sign, at: Number(right) } };
  if (literal.test(left) && !literal.test(right))
    return { text: right, limit: { sign: turned[sign] ?? sign, at: Number(left) } };
  return whole;
}

/** Both sides of the only comparison that stands in no brackets; undefined where there is none, or it is not all there is. */
function partsOf(expression: string): [string, string, string] | undefined {
  const found: { at: number; sign: string }[] = [];
  const bare = outsideBrackets(expression);
  for (let at = 0; at < bare.length; at += 1) {
    const [sign] = comparison.exec(bare.slice(at)) ?? [];
    if (sign === undefined) continue;
    found.push({ at, sign });
    at += sign.length - 1;
  }
  const [only, ...others] = found;
  // They bind less than a comparison, so that what is compared is only a part. A comment ends somewhere.
  if (!only || others.length > 0 || /\b(?:and|or|unless|bool)\b|#/i.test(bare)) return undefined;
  const { at, sign } = only;
  return [expression.slice(0, at).trim(), sign, expression.slice(at + sign.length).trim()];
}

/** The text with blanks for all that stands in brackets or in quotes. */
function outsideBrackets(text: string): string {
  let depth = 0;
  let quote = "";
  let bare = "";
  for (let at = 0; at < text.length; at += 1) {
    const each = text.charAt(at);
    const isInside = depth > 0 || quote !== "";
    if (quote !== "") {
      if (each === "\\" && quote !== "`") {
        bare += " ";
        at += 1;
      } else if (each === quote) quote = "";
    } else if (`"'\``.includes(each)) quote = each;
    else if ("([{".includes(each)) depth += 1;
    else if (")]}".includes(each)) depth -= 1;
    bare += isInside || depth > 0 || quote !== "" ? " " : each;
  }
  return bare;
}
