import { z } from "zod";
import { claimLink, confirmLink, type LinkClaim, removeLink } from "../acts/people/link-account.ts";
import { defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Card } from "../domain/messages/card.ts";
import { accountOf, accountText } from "../domain/people/person.ts";

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
    const { person, account, place } = invocation;
    const claim = await claimLink(store, { code, person, account, invocation: invocation.id, place });
    return {
      card: {
        tone: "warning",
        title: `Is ${accountText(claim.account)} an account of ${person.name}?`,
        summary:
          "Somebody else who administers Wardroom has to confirm it within the hour. Ask the person, not the account.",
        blocks: [
          {
            kind: "fields",
            fields: [
              { name: "Account", value: accountText(claim.account) },
              { name: "Person", value: `${person.name} (${person.id})` },
              { name: "Claimed from", value: account },
            ],
          },
        ],
        actions: [{ label: "Confirm", style: "primary", command: "link confirm", args: { claim: claim.id } }],
      },
    };
  },
});

export const linkConfirm = defineCommand({
  name: "link confirm",
  summary: "Confirm that an account belongs to the person who claimed it",
  permission: "administer",
  examples: ["link confirm 0f3c…"],
  input: z.object({
    claim: z.string().length(32).meta({ label: "Claim", help: "The id behind the card's button", positional: true }),
  }),
  async run({ claim: id }, { invocation, policy, store }) {
    const { person, account } = invocation;
    const nameOf = (wanted: string): string => policy().people.find((each) => each.id === wanted)?.name ?? wanted;
    const card = (claim: LinkClaim): Card =>
      linkedCard(claim, { owner: nameOf(claim.person), confirmedBy: person.name });
    return { card: card(await confirmLink(store, { claim: id, person, account, invocation: invocation.id, card })) };
  },
});

function linkedCard(claim: LinkClaim, { owner, confirmedBy }: Readonly<Record<"owner" | "confirmedBy", string>>): Card {
  return {
    tone: "good",
    title: `${accountText(claim.account)} now belongs to ${owner}`,
    summary: `${confirmedBy} confirmed it. It has the rights of ${owner}, and counts as the same person.`,
    blocks: [],
  };
}

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
    const removed = await removeLink(store, {
      linked,
      person: invocation.person,
      account: invocation.account,
      invocation: invocation.id,
    });
    if (!removed)
      throw new UserError(`No code ever linked ${account}.`, "Accounts in people.yaml are taken away in people.yaml.");
    return { card: { tone: "neutral", title: `${account} belongs to nobody now`, blocks: [] } };
  },
});
