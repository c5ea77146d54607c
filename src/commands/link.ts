import { z } from "zod";
import { claimLink } from "../acts/people/claim-link.ts";
import { confirmLink } from "../acts/people/confirm-link.ts";
import { removeLink } from "../acts/people/remove-link.ts";
import { linkClaimCard, linkedCard, linkRemovedCard } from "../cards/link.ts";
import { defineCommand, doneBy } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Card } from "../domain/messages/card.ts";
import type { LinkClaim } from "../domain/people/link.ts";
import { accountOf, personName } from "../domain/people/person.ts";

/** Open to everybody who is known: a claim counts only once somebody else has confirmed it. */
export const linkClaim = defineCommand({
  name: "link claim",
  summary: "Make another account of yours known, with the code it was shown",
  permission: "read",
  changes: true,
  open: true,
  examples: ["link claim K7Q2-M4XD"],
  input: z.object({
    code: z.string().min(8).max(12).meta({ label: "Code", help: "Shown by the account to link", positional: true }),
  }),
  async run({ code }, { invocation, store }) {
    const claim = await claimLink(store, { code, place: invocation.place }, doneBy(invocation));
    return { card: linkClaimCard(claim, invocation.person) };
  },
});

/** Nobody confirms their own claim. The card where it was asked for changes with it. */
export const linkConfirm = defineCommand({
  name: "link confirm",
  summary: "Confirm that an account belongs to the person who claimed it",
  permission: "administer",
  examples: ["link confirm 0f3c…"],
  input: z.object({
    claim: z.string().length(32).meta({ label: "Claim", help: "The id behind the card's button", positional: true }),
  }),
  async run({ claim }, { invocation, people, store }) {
    const card = (confirmed: LinkClaim): Card =>
      linkedCard(confirmed, personName(confirmed.person, people.policy().people), invocation.person.name);
    return { card: card(await confirmLink(store, { claim, card }, doneBy(invocation))) };
  },
});

/** Takes away what a code gave. Accounts in people.yaml are changed there. */
export const linkRemove = defineCommand({
  name: "link remove",
  summary: "Take away an account that was linked with a code",
  permission: "administer",
  examples: ["link remove slack:U012ABCDEF"],
  input: z.object({
    account: z.string().min(3).max(100).meta({
      label: "Account",
      help: "As surface:id, for example slack:U012ABCDEF",
      positional: true,
      suggest: "accounts",
    }),
  }),
  async run({ account }, { invocation, store }) {
    const linked = accountOf(account);
    if (!linked)
      throw new UserError(`${account} is no account.`, "Write it as surface:id, for example slack:U012ABCDEF.");
    if (!(await removeLink(store, linked, doneBy(invocation))))
      throw new UserError(`No code ever linked ${account}.`, "Accounts in people.yaml are taken away in people.yaml.");
    return { card: linkRemovedCard(account) };
  },
});
