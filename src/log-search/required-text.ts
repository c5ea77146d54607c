/**
 * The longest plain text that every match of a pattern holds, for finding candidates quickly; undefined when that is not
 * certain. Looks only at the outermost level and gives up on alternatives and flags.
 */
export function requiredText(pattern: string): string | undefined {
  if (pattern.includes("|") || pattern.includes("(?") || pattern.includes(String.raw`\Q`)) return undefined;
  const runs: string[] = [];
  let run = "";
  let depth = 0;
  const flush = (): void => {
    if (depth === 0) runs.push(run);
    run = "";
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? "";
    if (character === "[") {
      flush();
      at = endOfClass(pattern, at);
    } else if (character === "(" || character === ")") {
      flush();
      depth += character === "(" ? 1 : -1;
    } else if (character === "*" || character === "?" || character === "{") {
      // What is before the quantifier may be absent.
      run = run.slice(0, -1);
      flush();
      if (character === "{") at = endOf(pattern, at, "}");
    } else if (character === "\\") {
      const next = pattern[at + 1] ?? "";
      at += 1;
      if (/[^A-Za-z0-9]/.test(next)) run += next;
      else {
        flush();
        if (/[pPx]/.test(next) && pattern[at + 1] === "{") at = endOf(pattern, at, "}");
        else if (next === "x") at += 2;
        else if (/[0-9]/.test(next)) return undefined;
      }
    } else if (/[.^$+]/.test(character)) flush();
    else run += character;
  }
  flush();
  const longest = runs.toSorted((a, b) => b.length - a.length)[0] ?? "";
  // A lone half of a surrogate pair would not be found in UTF-8.
  return longest.length >= 3 && longest.isWellFormed() ? longest : undefined;
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === "^") at += 1;
  if (pattern[at] === "]") at += 1;
  while (at < pattern.length && pattern[at] !== "]") {
    if (pattern.startsWith("[:", at)) at = pattern.indexOf(":]", at) + 1 || pattern.length;
    at += pattern[at] === "\\" ? 2 : 1;
  }
  return at;
}

function endOf(pattern: string, start: number, end: string): number {
  const found = pattern.indexOf(end, start);
  return found < 0 ? pattern.length : found;
}
