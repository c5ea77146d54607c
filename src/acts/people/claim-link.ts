import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Place } from "../../domain/messages/place.ts";
import { ownersBefore } from "../../domain/people/former-owners.ts";
import type { LinkClaim } from "../../domain/people/link.ts";
import { accountText } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { codeKey, offerKey, parseClaim, parseOffer, putClaim } from "../../records/link.ts";
import { formerlyIn, parsePolicy, policyKey } from "../../records/policy.ts";
import { committedBefore, transact } from "../transact.ts";
import { refuseOwned } from "./refuse-owned.ts";

/** How long a claim waits for the second person. */
const claimForMs = 60 * 60_000;

/** A person types a code that another account was shown. Throws UserError when there is no such code, or it is late. */
export async function claimLink(
  store: Store,
  asked: { readonly code: string; readonly place: Place },
  { invocation, ...who }: DoneBy,
): Promise<LinkClaim> {
  const code = readCode(asked.code);
  const once = `link:${invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document, policyDocument] = await store.read([codeKey(code), policyKey]);
    const offer = document && parseOffer(document);
    // A code is gone once it was claimed, also for the delivery that did.
    const before = document ? undefined : await committedBefore(store, once);
    if (before !== undefined) return { result: parseClaim(before) };
    if (!offer || offer.until <= now)
      throw new UserError(
        "That code is not known, or its ten minutes are over.",
        "Ask Wardroom something from the account you want to link: it shows a fresh code.",
      );
    const { account } = offer;
    refuseOwned(account, parsePolicy(policyDocument).people);
    const claimed = { id: who.person, accounts: { [account.surface]: [account.id] } };
    const claim: LinkClaim = {
      id: newId(),
      account,
      person: who.person,
      claimedFrom: who.account,
      was: ownersBefore(claimed, formerlyIn(policyDocument, now)),
      asked: { invocation, place: asked.place },
      until: now + claimForMs,
    };
    return {
      result: claim,
      commit: {
        once: { key: once, answer: claim },
        expect: { [codeKey(code)]: document.revision },
        put: [putClaim(claim)],
        remove: [codeKey(code), offerKey(account)],
        journal: [{ kind: "link.claimed", at: now, who, account: accountText(account), person: who.person }],
      },
    };
  });
  return outcome.repeated ? parseClaim(outcome.answer) : outcome.result;
}

function readCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
}
