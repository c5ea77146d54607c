import type { Request } from "../domain/approvals/request.ts";
import type { Approvers } from "../domain/approvals/who-could.ts";

/** A phone shows no more of them. */
const mostNames = 4;
/** A row of a list shows no more of them. */
const mostInRow = 2;

/** Who can still say yes, by name: for reading, as everything on a card. Nobody is called by it. */
export function approversWords({ names, groups, enough }: Approvers, { code }: Pick<Request, "code">): string {
  const more = `confirm who ${code}`;
  if (names.length === 0) return groups ? `members of a group: ${more}` : `NOBODY can as things stand: ${more}`;
  const also = groups ? ", and members of a group" : "";
  return `${namesWords(names, mostNames)}${also}${enough ? "" : `, who are NOT ENOUGH: ${more}`}`;
}

/** The same where there is little room. */
export function approversCell({ names, groups }: Approvers): string {
  if (names.length === 0) return groups ? "members of a group" : "NOBODY";
  return namesWords(names, mostInRow);
}

function namesWords(names: readonly string[], most: number): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}
