import { isTimeZone } from "../../domain/text/moment.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";

/** Time zones that do not exist, and people whom the bot could never recognise. */
export function checkPeople({ people }: Files): ConfigProblem[] {
  if (!people) return [];
  return people.value.people.flatMap((person, index) => {
    const problems: ConfigProblem[] = [];
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
