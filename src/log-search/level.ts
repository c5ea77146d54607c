import { visibleText } from "../domain/text/undisguise.ts";

/** Levels as answers name them, mildest first. */
export const levels = ["trace", "debug", "info", "warn", "error", "critical"] as const;
export type Level = (typeof levels)[number];

const words: ReadonlyMap<string, Level> = new Map(
  (
    [
      ["trace", "trace trce trc verbose vrb finest finer silly"],
      ["debug", "debug dbug dbg fine"],
      ["info", "info inf information informational notice config success"],
      ["warn", "warn wrn warning"],
      ["error", "error err eror severe fail failure"],
      ["critical", "critical crit crt fatal ftl alert emerg emergency panic dpanic"],
    ] as const
  ).flatMap(([level, names]) => names.split(" ").map((name): [string, Level] => [name, level])),
);

/** Words as nearly every program writes them: this is asked for each line of a gigabyte. */
const asWritten: ReadonlyMap<string, Level> = new Map(
  [...words].flatMap(([word, level]): [string, Level][] => [
    [word, level],
    [word.toUpperCase(), level],
  ]),
);

/** One letter, as klog, MongoDB, Android and Ruby write a level. */
const letters: ReadonlyMap<string, Level> = new Map([
  ["v", "trace"],
  ["t", "trace"],
  ["d", "debug"],
  ["i", "info"],
  ["n", "info"],
  ["w", "warn"],
  ["e", "error"],
  ["f", "critical"],
  ["c", "critical"],
]);

/**
 * The level of a value as logs write it: a word of Python, pino, syslog, .NET, Go or Java in any case, a letter, a pino number
 * (10 to 60), or a syslog severity (0 to 7). Colours around it are left aside.
 */
export function levelOf(value: unknown): Level | undefined {
  if (typeof value === "number") return levelOfNumber(value);
  if (typeof value !== "string" || value.length > 40) return undefined;
  const quick = asWritten.get(value);
  if (quick !== undefined) return quick;
  const word = visibleText(value)
    .trim()
    .replace(/^[[<(](.*)[\])>]$/, "$1")
    .toLowerCase();
  return /^\d{1,2}$/.test(word) ? levelOfNumber(Number(word)) : (words.get(word) ?? letters.get(word));
}

export function rankOf(level: Level): number {
  return levels.indexOf(level);
}

function levelOfNumber(value: number): Level | undefined {
  if (value >= 0 && value < 8) return syslog[Math.floor(value)];
  if (value >= 10 && value < 70) return levels[Math.floor(value / 10) - 1];
  return undefined;
}

const syslog: readonly Level[] = ["critical", "critical", "critical", "error", "warn", "info", "info", "debug"];

const names = [...words.keys()].join("|");
/** `success` and `config` written large are words of what is told, and no levels. */
const loudNames = [...words.keys()].filter((name) => name !== "success" && name !== "config" && name !== "failure");
/** Free text says "error" about many things: a level is written large, in brackets, before a colon, or as `level=`. */
const inLine = new RegExp(
  `\\[\\s?(${names})\\s?\\]|(?:^|\\s)(${names}):|\\b(${loudNames.join("|").toUpperCase()})\\b`,
  "i",
);
const large = new RegExp(`\\b(${loudNames.join("|").toUpperCase()})\\b`);
/** A field of a pair or of JSON inside the line. */
const field = /\b(?:log_?)?(?:level|lvl|levelname|severity)["']?\s?[:=]\s?["']?([\w[\]]{1,15})/i;
/** The head of a klog line, a tag of Android, and Ruby's logger. */
const initial = /^([VIWEFD])\d{4} \d\d:|(?:^|\s)([VDIWEF])\/[\w.$-]{1,80}[:(\s]|^([DIWEF]), \[/;
/** The priority at the head of a message of syslog: facility times eight, and severity. */
const priority = /^<(\d{1,3})>/;

/** How far into a line a level in large letters, and one in a field, is looked for. */
const headMax = 160;
const fieldMax = 2_000;

/** The level named at the head of a plain line, after its time. */
export function levelInLine(line: string): Level | undefined {
  const text = visibleText(line.slice(0, fieldMax));
  const told = priority.exec(text)?.[1];
  if (told !== undefined) return syslog[Number(told) % 8];
  const head = text.slice(0, headMax);
  const found = [pairIn(text), markedIn(head), letterIn(head)].flatMap((each) => each ?? []);
  return found.toSorted((a, b) => a.at - b.at)[0]?.level;
}

interface Named {
  readonly at: number;
  readonly level: Level;
}

function pairIn(text: string): Named | undefined {
  const match = field.exec(text);
  const level = levelOf(match?.[1]);
  return match && level ? { at: match.index, level } : undefined;
}

function letterIn(head: string): Named | undefined {
  const match = initial.exec(head);
  const level = levelOf(match?.[1] ?? match?.[2] ?? match?.[3]);
  return match && level ? { at: match.index, level } : undefined;
}

function markedIn(head: string): Named | undefined {
  const match = inLine.exec(head);
  const marked = match?.[1] ?? match?.[2];
  const loud = large.exec(head);
  if (match && marked !== undefined && !(loud && loud.index < match.index))
    return named(match.index, marked.toLowerCase());
  return loud?.[1] === undefined ? undefined : named(loud.index, loud[1].toLowerCase());
}

function named(at: number, word: string): Named | undefined {
  const level = words.get(word);
  return level && { at, level };
}
