import type { Card } from "../domain/messages/card.ts";
import { namedPerson } from "../domain/people/change-effects.ts";
import type { FormerOwner } from "../domain/people/former-owners.ts";
import type { LinkClaim } from "../domain/people/link.ts";
import { accountText, type Person } from "../domain/people/person.ts";
import { stamp } from "../domain/text/moment.ts";

/** Asks for the second person who confirms that an account is the claimer's. */
export function linkClaimCard({ id, account, claimedFrom, was }: LinkClaim, person: Pick<Person, "id" | "name">): Card {
  return {
    tone: "warning",
    title: `Is ${accountText(account)} an account of ${person.name}?`,
    summary: `${was.map((owner) => formerWords(account, owner)).join("")}Somebody else who administers Wardroom has to confirm it within the hour. Ask the person, not the account.`,
    blocks: [
      {
        kind: "fields",
        fields: [
          { name: "Account", value: accountText(account) },
          { name: "Person", value: `${person.name} (${person.id})` },
          { name: "Claimed from", value: claimedFrom },
        ],
      },
    ],
    actions: [{ label: "Confirm", style: "primary", command: "link confirm", args: { claim: id } }],
  };
}

/** One human with two ids would be two people who agree with each other. */
function formerWords(account: LinkClaim["account"], owner: FormerOwner): string {
  return `${accountText(account)} was ${namedPerson(owner)}'s until ${stamp(owner.until)}: confirm it only if that is somebody else. `;
}

/** What stands in place of the question once it was confirmed. Both people go by name. */
export function linkedCard({ account }: LinkClaim, owner: string, confirmedBy: string): Card {
  return {
    tone: "good",
    title: `${accountText(account)} now belongs to ${owner}`,
    summary: `${confirmedBy} confirmed it. It has the rights of ${owner}, and counts as the same person.`,
    blocks: [],
  };
}

/** The account has no rights from now on. */
export function linkRemovedCard(account: string): Card {
  return { tone: "neutral", title: `${account} belongs to nobody now`, blocks: [] };
}
