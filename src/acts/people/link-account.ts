import { randomBytes } from "node:crypto";
import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import type { Who } from "../../domain/journal.ts";
import type { Card } from "../../domain/messages/card.ts";
import { Place } from "../../domain/messages/place.ts";
import { Account, accountText, type Person, personOf } from "../../domain/people/person.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { noticeQueue } from "../../records/notice.ts";
import { answerNotice } from "../messages/record-delivery.ts";
import { committedBefore, transact } from "../transact.ts";
import { linksIn, parsePolicy, policyKey, withLink, withoutLink } from "./policy-in-force.ts";

/** How long a code can be typed in, and how long a claim waits for the second person. */
const offerForMs = 10 * 60_000;
const claimForMs = 60 * 60_000;

const Offer = z.object({ account: Account, code: z.string(), until: z.number() });
const Claim = z.object({
  id: z.string(),
  account: Account,
  person: z.string(),
  /** The account the code was typed from. */
  claimedFrom: z.string(),
  /** The answer that asks for the second person, and where it stands. */
  asked: z.object({ invocation: z.string(), place: Place }).exactOptional(),
  until: z.number(),
});
export type LinkClaim = z.output<typeof Claim>;

/**
 * The code that an account nobody owns is shown. Whoever is known elsewhere and types it there claims the account; it
 * counts only once somebody else has confirmed that. The same account gets the same code until it runs out.
 */
export async function offerLink(store: Store, account: Account): Promise<string> {
  const code = newCode();
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([offerKey(account)]);
    const standing = document && Offer.parse(document.value);
    // The last minute is not enough to walk over and type it.
    if (standing && standing.until > now + 60_000) return { result: standing.code };
    const offer = { account, code, until: now + offerForMs };
    return {
      result: code,
      commit: {
        expect: { [offerKey(account)]: document?.revision ?? null },
        put: [
          { key: offerKey(account), value: offer },
          { key: codeKey(code), value: offer },
        ],
        remove: standing ? [codeKey(standing.code)] : [],
      },
    };
  });
  if (outcome.repeated) throw new Error("an offered code cannot be a repeated delivery");
  return outcome.result;
}

/** A person types a code that another account was shown. Throws UserError when there is no such code, or it is late. */
export async function claimLink(
  store: Store,
  claim: {
    readonly code: string;
    readonly person: Person;
    readonly account: string;
    readonly invocation: string;
    readonly place: Place;
  },
): Promise<LinkClaim> {
  const code = readCode(claim.code);
  const once = `link:${claim.invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document, policyDocument] = await store.read([codeKey(code), policyKey]);
    const offer = document && Offer.parse(document.value);
    // A code is gone once it was claimed, also for the delivery that did.
    const before = document ? undefined : await committedBefore(store, once);
    if (before !== undefined) return { result: Claim.parse(before) };
    if (!offer || offer.until <= now)
      throw new UserError(
        "That code is not known, or its ten minutes are over.",
        "Ask Wardroom something from the account you want to link: it shows a fresh code.",
      );
    refuseOwned(offer.account, parsePolicy(policyDocument).people);
    const claimed: LinkClaim = {
      id: newId(),
      account: offer.account,
      person: claim.person.id,
      claimedFrom: claim.account,
      asked: { invocation: claim.invocation, place: claim.place },
      until: now + claimForMs,
    };
    return {
      result: claimed,
      commit: {
        once: { key: once, answer: claimed },
        expect: { [codeKey(code)]: document.revision },
        put: [{ key: claimKey(claimed.id), value: claimed }],
        remove: [codeKey(code), offerKey(offer.account)],
        journal: [
          {
            kind: "link.claimed",
            at: now,
            who: whoOf(claim),
            account: accountText(offer.account),
            person: claim.person.id,
          },
        ],
      },
    };
  });
  return outcome.repeated ? Claim.parse(outcome.answer) : outcome.result;
}

/** A second person confirms a claim: from then on the account is the person's. Throws UserError when it may not be. */
export async function confirmLink(
  store: Store,
  confirming: {
    readonly claim: string;
    readonly person: Person;
    readonly account: string;
    readonly invocation: string;
    /** What then stands where it was asked. */
    readonly card: (claim: LinkClaim) => Card;
  },
): Promise<LinkClaim> {
  const once = `link-confirmed:${confirming.invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document, policyDocument] = await store.read([claimKey(confirming.claim), policyKey]);
    const claim = document && Claim.parse(document.value);
    const before = claim ? undefined : await committedBefore(store, once);
    if (before !== undefined) return { result: Claim.parse(before) };
    if (!claim || claim.until <= now)
      throw new UserError("There is no such claim, or its hour is over.", "Claim the account again with a fresh code.");
    if (claim.person === confirming.person.id)
      throw new UserError("You claimed this account, so it takes somebody else to confirm it.");
    const { people } = parsePolicy(policyDocument);
    refuseOwned(claim.account, people);
    if (!people.some((each) => each.id === claim.person))
      throw new UserError(`${claim.person} is no longer among the people Wardroom knows.`);
    const link = { surface: claim.account.surface, id: claim.account.id, person: claim.person };
    return {
      result: claim,
      commit: {
        once: { key: once, answer: claim },
        expect: { [claimKey(claim.id)]: document.revision, [policyKey]: policyDocument?.revision ?? null },
        put: [
          { key: policyKey, value: withLink(policyDocument, { ...link, confirmedBy: confirming.person.id, at: now }) },
        ],
        remove: [claimKey(claim.id)],
        notices: answered(claim, confirming.card(claim), now),
        journal: [
          {
            kind: "link.confirmed",
            at: now,
            who: whoOf(confirming),
            account: accountText(claim.account),
            person: claim.person,
            claimedFrom: claim.claimedFrom,
          },
        ],
        validUntil: now + 10_000,
      },
    };
  });
  return outcome.repeated ? Claim.parse(outcome.answer) : outcome.result;
}

/** The question with its button becomes what came of it. A terminal shows nothing later. */
function answered({ asked }: LinkClaim, card: Card, now: number): Owed[] {
  if (!asked || asked.place.surface === "terminal") return [];
  const body = { kind: "answer", place: asked.place, card, files: [] };
  return [{ queue: noticeQueue(asked.place.surface), id: answerNotice(asked.invocation), due: now, body }];
}

/** Takes away an account that was linked by a ceremony. False when there is no such link; people.yaml is not touched. */
export async function removeLink(
  store: Store,
  removing: {
    readonly linked: Account;
    readonly person: Person;
    readonly account: string;
    readonly invocation: string;
  },
): Promise<boolean> {
  const once = `link-removed:${removing.invocation}`;
  const outcome = await transact(store, async (now) => {
    const [policyDocument] = await store.read([policyKey]);
    const { surface, id } = removing.linked;
    const owner = linksIn(policyDocument).find((link) => link.surface === surface && link.id === id)?.person;
    const without = withoutLink(policyDocument, removing.linked);
    if (!without || owner === undefined) return { result: (await committedBefore(store, once)) !== undefined };
    return {
      result: true,
      commit: {
        once: { key: once, answer: true },
        expect: { [policyKey]: policyDocument?.revision ?? null },
        put: [{ key: policyKey, value: without }],
        journal: [
          {
            kind: "link.removed",
            at: now,
            who: whoOf(removing),
            account: accountText(removing.linked),
            person: owner,
          },
        ],
      },
    };
  });
  return outcome.repeated || outcome.result;
}

function whoOf({ person, account }: { readonly person: Person; readonly account: string }): Who {
  return { person: person.id, name: person.name, account };
}

function refuseOwned(account: Account, people: readonly Person[]): void {
  const owner = personOf(account, people);
  const claimed = people.some((person) => person.accounts[account.surface]?.includes(account.id) ?? false);
  if (claimed) throw new UserError(`That account already belongs to ${owner?.name ?? "more than one person"}.`);
}

/** Letters and digits that nobody mistakes for each other: 40 bits in two groups of four. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

function newCode(): string {
  return [...randomBytes(8)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

function readCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
}

function offerKey(account: Account): string {
  return `link-offer/${accountText(account)}`;
}

function codeKey(code: string): string {
  return `link-code/${code}`;
}

function claimKey(id: string): string {
  return `link-claim/${id}`;
}
