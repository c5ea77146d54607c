const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** A text in quotes, a comment to the end of its line, a bracket, or a quote that opens and never closes. */
const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`|#[^\n]*|[()[\]{}"'`]/g;

/** Which bracket or quote of a PromQL expression has no partner; undefined where each has. Whether it is one otherwise, only Prometheus says. */
export function unbalanced(query: string): string | undefined {
  const open: string[] = [];
  for (const [text] of query.matchAll(token)) {
    if (text in closing) open.push(text);
    else if ([")", "]", "}"].includes(text)) {
      const last = open.pop();
      if (last === undefined) return `the bracket ${text} was never opened`;
      if (closing[last] !== text) return `${closing[last]} is expected where ${text} closes a bracket`;
    } else if (text.length === 1 && text !== "#") return `the quote ${text} is never closed`;
  }
  const last = open.at(-1);
  return last === undefined ? undefined : `the bracket ${last} is never closed`;
}
