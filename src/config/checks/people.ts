import { inert } from "../../domain/text/inert.ts";
import { isTimeZone } from "../../domain/text/moment.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files } from "./files.ts";
import { repeated } from "./names.ts";

/** Time zones that do not exist, people whom the bot could never recognise, and one human who may stand there as two. */
export function checkPeople({ people, wardroom }: Files): ConfigProblem[] {
  return [...(wardroom ? everyText(wardroom) : []), ...(people ? everyName(people) : [])];
}

/** Titles, and the ids of a platform by which rights are given. */
function everyText({ value, source }: NonNullable<Files["wardroom"]>): ConfigProblem[] {
  const titles = (["roles", "channels"] as const).flatMap((list) =>
    (value[list] ?? []).map(({ title }, index) => notOneLine(title, { source, path: [list, index, "title"] })),
  );
  const channels = (value.channels ?? []).map(({ channel }, index) =>
    notOneLine(channel, { source, path: ["channels", index, "channel"] }),
  );
  const groups = (value.groups ?? []).map(({ group }, index) =>
    notOneLine(group, { source, path: ["groups", index, "group"] }),
  );
  return [...titles, ...channels, ...groups].flat();
}

/**
 * What is not seen, or breaks or turns a line, could forge what stands beside a text wherever it is shown. What makes one
 * emoji of several may stand between them.
 */
function notOneLine(
  text: string | undefined,
  { source, path }: { readonly source: SourceText; readonly path: Path },
): ConfigProblem[] {
  if (text === undefined) return [];
  const shown = inert(text);
  if (shown === text && text.trim() !== "") return [];
  const mark = shown === text ? "blanks alone" : (/⟨U\+[0-9A-F]+⟩/.exec(shown)?.[0] ?? "a mark that is not seen");
  const mistake = {
    message: `this is not one line of printable characters: it holds ${mark}`,
    remedy:
      "Write it without line breaks, control characters, blanks other than the plain one, and marks that are not seen or turn the direction of text.",
  };
  return [problemAt(source, path, mistake)];
}

function everyName(people: NonNullable<Files["people"]>): ConfigProblem[] {
  const names = people.value.people.map(({ name }, index) => {
    return { name, compared: sameToReaders(name), source: people.source, path: ["people", index, "name"] };
  });
  return [...repeated(names, "a person"), ...everyPerson(people)];
}

/** Names that people would take for one: compatibility forms, case, spaces and what is not seen do not tell two apart. */
function sameToReaders(name: string): string {
  return name
    .normalize("NFKC")
    .replaceAll(/[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function everyPerson(people: NonNullable<Files["people"]>): ConfigProblem[] {
  return people.value.people.flatMap((person, index) => {
    const problems: ConfigProblem[] = [];
    const { source } = people;
    problems.push(...notOneLine(person.name, { source, path: ["people", index, "name"] }));
    for (const [surface, ids = []] of Object.entries(person.accounts))
      for (const [at, id] of ids.entries())
        problems.push(...notOneLine(id, { source, path: ["people", index, "accounts", surface, at] }));
    if (person.timezone !== undefined && !isTimeZone(person.timezone)) {
      const mistake = {
        message: "this time zone does not exist",
        remedy: "Write an IANA name, for example Europe/Berlin.",
      };
      problems.push(problemAt(people.source, ["people", index, "timezone"], mistake));
    }
    if (Object.keys(person.accounts).length === 0) {
      const mistake = {
        message: `${person.id} has no account, so nobody could speak as them`,
        remedy: "Name at least one account.",
      };
      problems.push(problemAt(people.source, ["people", index, "accounts"], mistake));
    }
    return problems;
  });
}
