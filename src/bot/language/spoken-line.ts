import type { System } from "../../domain/systems/system.ts";
import { distance } from "../../domain/text/distance.ts";
import type { Field } from "./field.ts";
import { spokenTime } from "./spoken-time.ts";
import { quote, valueOf, wordsOf } from "./tokens.ts";

/** What a line names that is known, and the words that are left of it. */
export interface SpokenLine {
  readonly systems: readonly System[];
  /** How long ago, or since when; as it was said. */
  readonly since: string | undefined;
  /** The code of an alert or a request. */
  readonly code: string | undefined;
  /** In lower case, without signs: all words but those that named something. */
  readonly words: readonly string[];
}

const sinceField: Field = { name: "since", label: "", help: "", kind: "text", required: false, time: "since" };

/**
 * Finds systems (by id, alias or the first word of the title, or a slip of those that is no word of its own), a time and a code among the
 * words of a line.
 */
export function readSpoken(text: string, systems: readonly System[], isWord: (word: string) => boolean): SpokenLine {
  const raw = wordsOf(text);
  const kept: string[] = [];
  let since: string | undefined;
  for (let at = 0; at < raw.length; ) {
    const time = since === undefined ? spokenTime(raw, at, { fields: [], open: [sinceField] }) : undefined;
    if (time) since = time.value;
    else kept.push(...plainWords(valueOf(raw[at] ?? { start: 0, end: 0, head: "" })));
    at = time?.next ?? at + 1;
  }
  const named = kept.map(
    (word) => systemSaid(word, systems) ?? (isWord(word) ? undefined : systemMeant(word, systems)),
  );
  const code = kept.find((word) => /^(?=.*\d)[0-9a-f]{6,12}$/.test(word));
  return {
    systems: [...new Set(named.flatMap((system) => system ?? []))],
    since,
    code,
    words: kept.filter((word, at) => !named[at] && word !== code),
  };
}

/** `What's` is `whats`, `alphapulse's` is `alphapulse`: signs and case say nothing. */
export function plainWords(word: string): string[] {
  return word
    .toLowerCase()
    .replace(/['’](?:s|re|m)$/u, (end) =>
      end.endsWith("s") && !/^(?:what|who|how|where|that|it|let)/i.test(word) ? "" : end.slice(1),
    )
    .replaceAll(/['’]/gu, "")
    .split(/[^\p{L}\p{N}_.-]+/u)
    .map((each) => each.replaceAll(/^[._-]+|[._-]+$/g, ""))
    .filter((each) => each !== "");
}

function systemSaid(word: string, systems: readonly System[]): System | undefined {
  return systems.find((system) => spokenNamesOf(system).includes(word));
}

function systemMeant(word: string, systems: readonly System[]): System | undefined {
  const near = systems.filter((system) => spokenNamesOf(system).some((name) => isSlip(word, name)));
  return near.length === 1 ? near[0] : undefined;
}

/** What a system goes by. */
export function spokenNamesOf({ id, aliases, title }: System): readonly string[] {
  const [first = ""] = title.toLowerCase().split(/[\s-]/);
  return [id, ...aliases, ...(first.length >= 4 ? [first] : [])];
}

/** One letter off in a short word, two in a long one; never in one of three letters, nor in a number, which is another name. */
export function isSlip(word: string, meant: string): boolean {
  if (word.replaceAll(/\D/g, "") !== meant.replaceAll(/\D/g, "")) return false;
  const most = meant.length >= 8 ? 2 : meant.length >= 4 ? 1 : 0;
  return most > 0 && Math.abs(word.length - meant.length) <= most && distance(word, meant) <= most;
}

/** ` since:…`, or nothing. */
export function sinceKey(since: string | undefined): string {
  if (since === undefined) return "";
  return ` since:${/\s/.test(since) ? quote(since) : since}`;
}
