import type { Command } from "../../domain/commands/command.ts";

/** Words around what somebody wants, as they are said to a colleague or typed at another tool. */
const aside =
  /^(?:please|pls|show|me|us|the|a|an|my|our|give|get|tell|let|see|look|at|can|could|would|you|i|we|want|need|to|what|whats|how|is|are|of|for|on|in|from|all|kubectl|docker|compose|wardroom)$/i;

/** What is left of a line without the words around what it wants. */
export function withoutAsides(words: readonly string[]): readonly string[] {
  return words.filter((word) => !aside.test(word));
}

/**
 * How a line may have been meant that names no command, as it would be typed; none where nobody can tell. `approve ABC123` lacks its first
 * word, `show me the logs` has some too many, and `set alphapulse to paper` half a name.
 */
export function likeLines(
  words: readonly string[],
  { commands, systems }: { readonly commands: readonly Command[]; readonly systems: ReadonlySet<string> },
): readonly string[] {
  const kept = withoutAsides(words);
  const [first = "", ...rest] = kept.map((word) => word.toLowerCase());
  // Of a reason every word stays as it is.
  const behind = words.slice(words.indexOf(kept[0] ?? "") + 1);
  const after = behind.slice(behind.findIndex((word) => !aside.test(word))).join(" ");
  const named = commands.map(({ name }) => name);
  // A first word that several begin with lacks its second, and is told which there are.
  const isGroup = named.some((name) => name.startsWith(`${first} `));
  const second = isGroup ? [] : named.filter((name) => name.split(" ")[1] === first);
  if (second.length > 0) return second.map((name) => `${name} ${after}`.trim());
  const own = named.find((name) => name === first) ?? named.find((name) => rest.includes(name));
  const halves = own === undefined ? named.filter((name) => name.startsWith(`${first}-`)) : [own];
  const dropped = systems.has(first) ? [own] : [own, first];
  const others = kept.filter((word) => !dropped.includes(word.toLowerCase()));
  const at = others.findIndex((word) => systems.has(word.toLowerCase()));
  const ordered = at > 0 ? [...others.slice(at, at + 1), ...others.toSpliced(at, 1)] : others;
  return first === "" ? [] : halves.slice(0, 3).map((name) => [name, ...ordered].join(" "));
}
