import { isTimeZone } from "../../domain/text/moment.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { repeated } from "./names.ts";

/** Time zones that do not exist, people whom the bot could never recognise, and one human who may stand there as two. */
export function checkPeople({ people, wardroom }: Files): ConfigProblem[] {
  const titles = (["roles", "channels"] as const).flatMap((list) =>
    (wardroom?.value[list] ?? []).flatMap(({ title }, index) =>
      wardroom && title !== undefined && !isOneLine(title)
        ? [problemAt(wardroom.source, [list, index, "title"], notOneLine)]
        : [],
    ),
  );
  return [...titles, ...(people ? everyName(people) : [])];
}

const notOneLine = {
  message: "this is not one line of printable characters",
  remedy:
    "Write it without line breaks, control characters, and marks that are not seen or turn the direction of text.",
};

/** What is not seen, or breaks or turns a line, could forge what stands beside a name wherever it is shown. */
function isOneLine(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\u2028\u2029\p{Bidi_Control}\u200B\u2060\uFEFF]/u.test(text) && text.trim() !== "";
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
    if (!isOneLine(person.name)) problems.push(problemAt(people.source, ["people", index, "name"], notOneLine));
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
