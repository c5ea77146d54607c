import type { Command, HowToAsk, Stoppable } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import type { WhatWasMeant } from "./input-problem.ts";
import { valueOf, type Word } from "./tokens.ts";

/**
 * What a line asks to stop that is no command as it stands: whoever has to stop something types in a hurry, on a phone. Any words
 * may follow, and are the reason. Which system is meant is never guessed.
 */
export type StopAsked =
  | { readonly kind: "one"; readonly command: Command; readonly values: FieldValues; readonly rest: string }
  /** `of`: the one system that is named, which may have nothing that stops it. */
  | { readonly kind: "several"; readonly meant: readonly WhatWasMeant[]; readonly of?: StopOf };

/** What a line asks to stop by its name; `nearest`: what it has instead where nothing stops it at once. */
export interface StopOf {
  readonly system: string;
  readonly nearest: readonly WhatWasMeant[];
}

/** Words of manners and of asking that may stand before it. */
const before = new Set(["run", "please", "pls", "now", "just"]);
/** Words that may stand between it and the name of its system, and that say nothing. */
const between = new Set(["the", "on", "in", "at", "for", "system", "please", "now"]);
/** Words that name one more system beside the first. */
const joining = new Set(["and", "or", "und", "plus", "also"]);
/** What every system is stopped with, whatever its operation is called, as letters alone. */
const stopWords = ["stop", "halt", "estop"];

/** What this line asks to stop; undefined where it does not begin as such a line does. */
export function readStop(text: string, words: readonly Word[], commands: readonly Command[]): StopAsked | undefined {
  const command = commands.find(({ stops }) => stops !== undefined);
  if (!command?.stops) return undefined;
  const line = new Line(words.map(valueOf), command.stops);
  const at = line.stopAt();
  if (!at) return undefined;
  const meantBy = (askings: readonly HowToAsk[]): WhatWasMeant[] => askings.map((asking) => ({ ...asking, command }));
  const asked = ({ askings }: Stoppable): WhatWasMeant[] => meantBy(askings);
  const { named, beside } = line.systemsAt(at);
  const [only, ...others] = named;
  if (!only) return { kind: "several", meant: command.stops.flatMap(asked) };
  const { names, nearest } = only.system;
  const of = { system: names[0] ?? "", nearest: meantBy(nearest) };
  // Of a system that has others besides, its name says which.
  const [first, ...more] = only.system.askings.filter(({ called }) => !at.byName || letters(called) === at.byName);
  if (others.length > 0) return { kind: "several", meant: named.flatMap(({ system }) => asked(system)) };
  const used = [...at.words, only.at];
  const last = Math.max(...used);
  // As it was typed, with its quotes: after the last of them, behind whatever stood before.
  const ahead = words.filter((_, place) => place < last && !used.includes(place) && !line.isManners(place));
  const behind = text.slice(words[last]?.end).trim();
  const rest = [...ahead.map(valueOf), behind]
    .join(" ")
    .replace(/^[\s:;,.!–—]+/u, "")
    .trim();
  const clear = at.byName !== undefined || (beside && !line.saysMore(last, { ...at, system: only.at }, commands));
  if (!first?.atOnce || more.length > 0 || !clear) return { kind: "several", meant: asked(only.system), of };
  return { kind: "one", command, values: first.args, rest };
}

interface StopAt {
  /** The places of the words that say it. */
  readonly words: readonly number[];
  /** The operation whose name it is, as letters alone: nobody types that who means something else. */
  readonly byName: string | undefined;
}

interface NamedAt {
  readonly system: Stoppable;
  readonly at: number;
}

class Line {
  readonly #typed: readonly string[];
  readonly #words: readonly string[];
  readonly #stops: readonly Stoppable[];

  constructor(words: readonly string[], stops: readonly Stoppable[]) {
    this.#typed = words;
    this.#words = words.map(plain);
    this.#stops = stops;
  }

  isManners(place: number): boolean {
    return before.has(this.#words[place] ?? "") || between.has(this.#words[place] ?? "");
  }

  /** Where it says that something is to stop: at its beginning, or right after the name of a system. */
  stopAt(): StopAt | undefined {
    let from = 0;
    while (before.has(this.#words[from] ?? "")) from += 1;
    if (this.#systemAt(from) && !this.#stopIn(from)) from += 1;
    const { length, byName } = this.#stopIn(from) ?? {};
    return length === undefined ? undefined : { words: Array.from({ length }, (_, place) => from + place), byName };
  }

  /** How many words from there say it, two where they are one name apart, as in `emergency stop`; and whether that is its name. */
  #stopIn(from: number): { readonly length: number; readonly byName: string | undefined } | undefined {
    const called = this.#stops.flatMap(({ askings }) => askings.map((each) => letters(each.called)));
    for (const count of [2, 1]) {
      const some = this.#words.slice(from, from + count);
      const name = letters(some.join(""));
      if (some.length < count) continue;
      const isName = called.includes(name) && !stopWords.includes(name);
      if (isName || stopWords.includes(name)) return { length: count, byName: isName ? name : undefined };
    }
    return undefined;
  }

  /**
   * May it mean something else than to stop the whole of that system: a question, what has another command (`stop alphapulse
   * alerts`), or what is told of a stop (`alphapulse stop failed`)?
   */
  saysMore(
    last: number,
    { words: [stop = 0], system }: StopAt & { readonly system: number },
    commands: readonly Command[],
  ): boolean {
    const next = this.#words[last + 1] ?? "";
    if (this.#typed[last]?.endsWith("?") || next.startsWith("?")) return true;
    // Whoever types `run` tells of nothing.
    if (system < stop && this.#words[0] !== "run")
      return this.#words.slice(last + 1).some((word) => !before.has(word) && /[\p{L}\p{N}]/u.test(word));
    return commands.some(({ name }) => name.split(" ")[0] === next);
  }

  /**
   * The systems that it means: the one that is named beside it, with those that stand in one row with that, else all that are
   * named. A system that is named further on is part of the reason.
   */
  systemsAt({ words }: StopAt): { readonly named: readonly NamedAt[]; readonly beside: boolean } {
    const [first = 0] = words;
    const ahead = this.#named(first - 1);
    const next = (words.at(-1) ?? 0) + 1;
    let place = next;
    while (between.has(this.#words[place] ?? "") && !this.#systemAt(place)) place += 1;
    const beside = [...ahead, ...this.#named(place)];
    if (beside.length > 0) return { named: distinct([...beside, ...this.#row(place)]), beside: true };
    return { named: distinct(this.#words.flatMap((_, at) => this.#named(at))), beside: false };
  }

  /** Those that are joined to what stands at a place: `alphapulse and logos`, `alphapulse, logos`. A colon begins the reason. */
  #row(place: number): NamedAt[] {
    if (/[:;.!–—-]$/u.test(this.#typed[place] ?? "")) return [];
    const next = place + 1;
    const at = joining.has(this.#words[next] ?? "") || /^[&+/,]$/.test(this.#words[next] ?? "") ? next + 1 : next;
    const named = this.#named(at);
    return named.length === 0 ? [] : [...named, ...this.#row(at)];
  }

  #named(at: number): NamedAt[] {
    const system = this.#systemAt(at);
    return system ? [{ system, at }] : [];
  }

  #systemAt(at: number): Stoppable | undefined {
    const word = this.#words[at];
    return word === undefined ? undefined : this.#stops.find(({ names }) => names.includes(word));
  }
}

function distinct(named: readonly NamedAt[]): NamedAt[] {
  return named.filter(({ system }, place) => named.findIndex((each) => each.system === system) === place);
}

/** A word without the signs around it, which a phone or a hurry adds: `NOW!!`, `"alphapulse",`. One of signs alone stays. */
function plain(word: string): string {
  const lower = word.toLowerCase().replaceAll("_", "-");
  return lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "") || lower;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
