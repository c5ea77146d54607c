/** Levels as answers name them, mildest first. */
export const levels = ["trace", "debug", "info", "warn", "error", "critical"] as const;
export type Level = (typeof levels)[number];

const words: ReadonlyMap<string, Level> = new Map(
  (
    [
      ["trace", "trace verbose finest silly"],
      ["debug", "debug fine"],
      ["info", "info information informational notice"],
      ["warn", "warn warning"],
      ["error", "error err severe"],
      ["critical", "critical crit fatal alert emerg emergency panic"],
    ] as const
  ).flatMap(([level, names]) => names.split(" ").map((name): [string, Level] => [name, level])),
);

/**
 * The level of a value as logs write it: a word of Python, pino, syslog or Java in any case, a pino number (10 to 60),
 * or a syslog severity (0 to 7).
 */
export function levelOf(value: unknown): Level | undefined {
  if (typeof value === "number") return levelOfNumber(value);
  if (typeof value !== "string" || value.length > 20) return undefined;
  const word = value.trim().toLowerCase();
  return /^\d{1,2}$/.test(word) ? levelOfNumber(Number(word)) : words.get(word);
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
/** Free text says "error" about many things: a level is written large, in brackets, before a colon, or as `level=`. */
const inLine = new RegExp(
  `\\b(?:level|lvl|severity)="?(${names})\\b|\\[\\s?(${names})\\s?\\]|(?:^|\\s)(${names}):|\\b(${names.toUpperCase()})\\b`,
  "i",
);
const large = new RegExp(`\\b(${names.toUpperCase()})\\b`);

/** The level named at the head of a plain line, after its time. */
export function levelInLine(line: string): Level | undefined {
  const head = line.slice(0, 160);
  const match = inLine.exec(head);
  const marked = match?.[1] ?? match?.[2] ?? match?.[3];
  const loud = large.exec(head);
  if (marked !== undefined && !(loud && loud.index < (match?.index ?? 0))) return words.get(marked.toLowerCase());
  return loud?.[1] === undefined ? undefined : words.get(loud[1].toLowerCase());
}
