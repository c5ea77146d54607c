import { UserError } from "../domain/failure.ts";
import type { LogQuery } from "../domain/systems/logs.ts";
import type { FileLog } from "./file-log.ts";
import { isFilterable } from "./judge.ts";
import { levelOf, levels, rankOf } from "./level.ts";
import type { LineFormat, Question } from "./scan-task.ts";

const patternMax = 500;
const textMax = 1_000;

export function formatOf(source: Omit<FileLog, "file" | "root">): LineFormat {
  return {
    kind: source.format,
    time: source.time,
    level: source.level ?? "level",
    message: source.message,
    show: source.show,
    hide: source.hide,
    zone: source.zone,
  };
}

/** The question as the scanning threads understand it. Throws UserError with what to mend. */
export async function questionOf(query: LogQuery, source: Omit<FileLog, "file" | "root">): Promise<Question> {
  if (!(query.from <= query.to))
    throw new UserError("The range ends before it begins.", "Give a start that is earlier than the end.");
  return {
    from: query.from,
    to: query.to,
    untilNow: query.untilNow === true,
    rank: rankAsked(query.level, source),
    match: await matchAsked(query.match),
    where: (query.where ?? []).map(({ field, value }) => {
      if (!isFilterable(field, source.hide))
        throw new UserError(`The field "${field}" is hidden, so it cannot be filtered on.`, "Filter on another field.");
      return { field, value };
    }),
    fields: query.fields && query.fields.length > 0 ? query.fields : undefined,
  };
}

function rankAsked(word: string | undefined, source: Pick<FileLog, "id" | "format" | "level">): number | undefined {
  if (word === undefined || word === "") return undefined;
  const level = levelOf(word);
  if (level === undefined) throw new UserError(`There is no level "${word}".`, `The levels are: ${levels.join(", ")}.`);
  if (source.format === "csv" && source.level === undefined)
    throw new UserError(`The log "${source.id}" has no levels.`, "Leave the level out.");
  return rankOf(level);
}

async function matchAsked(text: string | undefined): Promise<Question["match"]> {
  if (text === undefined || text === "") return undefined;
  if (text.length > textMax)
    throw new UserError(`The text to match is longer than ${textMax} characters.`, "Shorten it.");
  const pattern = /^\/(.+)\/$/s.exec(text)?.[1];
  if (pattern === undefined) return { kind: "text", text };
  if (pattern.length > patternMax)
    throw new UserError(`The pattern is longer than ${patternMax} characters.`, "Shorten it.");
  const asked = { kind: "pattern", text: pattern } as const;
  await patternOf(asked);
  return asked;
}

/** What tells whether a text fits the pattern that is asked for; undefined where none is. Throws UserError for a wrong one. */
export async function patternOf(match: Question["match"]): Promise<((text: string) => boolean) | undefined> {
  if (match?.kind !== "pattern") return undefined;
  // Loaded at first use: most questions have no pattern.
  const { compilePattern } = await import("../domain/text/pattern.ts");
  return compilePattern(match.text);
}
