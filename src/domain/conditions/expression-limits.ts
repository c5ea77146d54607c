import type { ASTNode } from "@marcbachmann/cel-js";

/** What goes through all of a list or a map, under a name of its own for each entry. */
const rounds = new Set(["all", "exists", "exists_one", "filter", "map"]);

/**
 * What keeps an expression from being offered though CEL takes it; undefined for one that costs no more than what was read is
 * long. A regular expression backtracks, and going through everything again for each entry squares the time: over a long answer
 * from outside either would hold everything up.
 */
export function costFault(node: ASTNode, entries: readonly string[] = []): string | undefined {
  if ((node.op === "rcall" || node.op === "call") && node.args[0] === "matches")
    return "`matches` is not offered: use contains, startsWith or endsWith";
  if (node.op !== "rcall" || !rounds.has(node.args[0])) return firstFault(node, entries);
  const [round, range, [entry, ...body]] = node.args;
  if (entries.length > 0 && !names(range, entries))
    return `\`${round}\` inside another goes through everything again for each entry: let it go through ${entries.join(" or ")}`;
  const named = entry?.op === "id" ? [...entries, entry.args] : entries;
  for (const each of body) {
    const fault = costFault(each, named);
    if (fault !== undefined) return fault;
  }
  return costFault(range, entries);
}

function firstFault(node: ASTNode, entries: readonly string[]): string | undefined {
  for (const each of below(node.args)) {
    const fault = costFault(each, entries);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function names(node: ASTNode, entries: readonly string[]): boolean {
  if (node.op === "id") return entries.includes(node.args);
  return below(node.args).some((each) => names(each, entries));
}

/** The nodes that another is made of, however its kind keeps them. */
export function below(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(below);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
