import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { LinkClaim } from "../../domain/people/link.ts";
import { accountText } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { claimKey, parseClaim } from "../../records/link.ts";
import { parsePolicy, policyKey, putWithLink } from "../../records/policy.ts";
import { replacedAnswer } from "../messages/answer-invocation.ts";
import { committedBefore, transact } from "../transact.ts";
import { refuseOwned } from "./refuse-owned.ts";

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
