import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Card } from "../../domain/messages/card.ts";
import { type FormerOwner, ownersBefore } from "../../domain/people/former-owners.ts";
import type { LinkClaim } from "../../domain/people/link.ts";
import { accountOf, accountText, personOf } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { stamp } from "../../domain/text/moment.ts";
import { claimKey, parseClaim } from "../../records/link.ts";
import { formerlyIn, parsePolicy, policyKey, putWithLink } from "../../records/policy.ts";
import { replacedAnswer } from "../messages/answer-invocation.ts";
import { committedBefore, transact } from "../transact.ts";
import { refuseOwned } from "./refuse-owned.ts";

/** Whoever had the account of late may be the one who claims it, under another id. */
function refuseFormerOwner(
  { account, person }: LinkClaim,
  confirming: Pick<DoneBy, "person">,
  formerly: readonly FormerOwner[],
): void {
  const claimed = { id: person, accounts: { [account.surface]: [account.id] } };
  const mine = ownersBefore(claimed, formerly).find(({ id }) => id === confirming.person);
  if (mine)
    throw new UserError(
      `${accountText(account)} was your account until ${stamp(mine.until)}, so it takes somebody else to confirm whose it is now.`,
    );
}

/**
 * A second person confirms a claim: from then on the account is the person's. `card` is what then stands where it was
 * asked. Throws UserError when it may not be.
 */
export async function confirmLink(
  store: Store,
  confirming: { readonly claim: string; readonly card: (claim: LinkClaim) => Card },
  { invocation, ...who }: DoneBy,
): Promise<LinkClaim> {
  const once = `link-confirmed:${invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document, policyDocument] = await store.read([claimKey(confirming.claim), policyKey]);
    const claim = document && parseClaim(document.value);
    const before = claim ? undefined : await committedBefore(store, once);
    if (before !== undefined) return { result: parseClaim(before) };
    if (!claim || claim.until <= now)
      throw new UserError("There is no such claim, or its hour is over.", "Claim the account again with a fresh code.");
    if (claim.person === who.person)
      throw new UserError("You claimed this account, so it takes somebody else to confirm it.");
    const { people } = parsePolicy(policyDocument);
    refuseOwned(claim.account, people);
    if (!people.some((each) => each.id === claim.person))
      throw new UserError(`${claim.person} is no longer among the people Wardroom knows.`);
    const { account, person, claimedFrom } = claim;
    refuseFormerOwner(claim, who, formerlyIn(policyDocument, now));
    const from = accountOf(claimedFrom);
    if (!from || personOf(from, people)?.id !== person)
      throw new UserError(
        `${claimedFrom}, from which this was claimed, is no account of ${person} any more.`,
        "Claim it again, with a fresh code, from an account that is theirs.",
      );
    // The question with its button becomes what came of it.
    const shown =
      claim.asked && (await replacedAnswer(store, claim.asked.invocation, { card: confirming.card(claim), now }));
    const link = { surface: account.surface, id: account.id, person, confirmedBy: who.person, at: now };
    return {
      result: claim,
      commit: {
        once: { key: once, answer: claim },
        expect: {
          ...shown?.expect,
          [claimKey(claim.id)]: document.revision,
          [policyKey]: policyDocument?.revision ?? null,
        },
        put: [putWithLink(policyDocument, link), ...(shown?.put ?? [])],
        remove: [claimKey(claim.id)],
        notices: shown?.notices ?? [],
        journal: [{ kind: "link.confirmed", at: now, who, account: accountText(account), person, claimedFrom }],
        validUntil: now + 10_000,
      },
    };
  });
  return outcome.repeated ? parseClaim(outcome.answer) : outcome.result;
}
