import type { Command } from "../../domain/commands/command.ts";
import { valueOf, type Word, wordsOf } from "./tokens.ts";

/** Little words that people put between what they name: `scale api to 5 on prsm`. */
const between = /^(?:of|in|on|for|from|to|at|by|the|please)$/i;

/**
 * The same without the little words, and with the system first where another word of it names one; undefined where that leaves it as it was,
 * or with no known system where there has to be one. What stands behind the first key stays as it is. `named`: how many words the command's name takes.
 */
export function inOrder(
  text: string,
  {
    command,
    named,
    commands,
  }: { readonly command: Command; readonly named: number; readonly commands: readonly Command[] },
): string | undefined {
  const words = wordsOf(text);
  const key = words.findIndex((word, at) => at >= named && /[:=]|^--/.test(text.slice(word.start, word.end)));
  const until = key < 0 ? words.length : key;
  const raw = (part: readonly Word[]): string[] => part.map(({ start, end }) => text.slice(start, end));
  const kept = words.slice(named, until).filter((word) => !between.test(valueOf(word)));
  const behind = text.slice(words[until]?.start ?? text.length);
  const known = systemsKnown(commands);
  const at = kept.findIndex((word) => known.has(valueOf(word).toLowerCase()));
  if (command.systemField !== undefined && at < 0) return undefined;
  const moved = at > 0 ? [...kept.slice(at, at + 1), ...kept.toSpliced(at, 1)] : kept;
  const ordered = [...raw(words.slice(0, named)), ...raw(moved), behind].join(" ").trim();
  return ordered === text.trim() ? undefined : ordered;
}

/** The systems that something is asked of by its own name. */
export function systemsKnown(commands: readonly Command[]): ReadonlySet<string> {
  return new Set(
    commands.flatMap(({ typedAlone, systemField = "" }) =>
      [...(typedAlone?.values() ?? [])].flat().flatMap(({ args }) => args[systemField]?.toLowerCase() ?? []),
    ),
  );
}
