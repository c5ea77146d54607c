import { isTimeZone } from "../../domain/text/moment.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";

/** Time zones that do not exist, and people whom the bot could never recognise. */
export function checkPeople({ people }: Files): Problem[] {
  if (!people) return [];
  return people.value.people.flatMap((person, index) => {
    const problems: Problem[] = [];
    if (person.timezone !== undefined && !isTimeZone(person.timezone)) {
      const finding = {
        message: "this time zone does not exist",
        remedy: "Write an IANA name, for example Europe/Berlin.",
      };
      problems.push(problemAt(people.source, ["people", index, "timezone"], finding));
    }
    if (Object.keys(person.accounts).length === 0) {
      const finding = {
        message: `${person.id} has no account, so nobody could speak as them`,
        remedy: "Name at least one account.",
      };
      problems.push(problemAt(people.source, ["people", index, "accounts"], finding));
    }
    return problems;
  });
}
