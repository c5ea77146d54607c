import { z } from "zod";
import { Place } from "../domain/messages/place.ts";
import { FormerOwner } from "../domain/people/former-owners.ts";
import type { LinkClaim, LinkOffer } from "../domain/people/link.ts";
import { Account, accountText } from "../domain/people/person.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

/** A code under the account that it is shown to, and the same under the code that is typed. */
const StoredOffer = z.object({ account: Account, code: z.string(), until: z.number() });

const StoredClaim = z.object({
  id: z.string(),
  account: Account,
  person: z.string(),
  claimedFrom: z.string(),
  was: z.array(FormerOwner).default([]),
  asked: z.object({ invocation: z.string(), place: Place }).exactOptional(),
  until: z.number(),
});

/** The same account is shown the same code until it runs out. */
export function offerKey(account: Account): string {
  return `link-offer/${accountText(account)}`;
}

/** A code as it is typed, without the dash. */
export function codeKey(code: string): string {
  return `link-code/${code}`;
}

/** The button that confirms a claim names it by this id. */
export function claimKey(id: string): string {
  return `link-claim/${id}`;
}

/** The offer with the revision it stands at; undefined when the account has none. */
export async function readOffer(
  store: Store,
  account: Account,
): Promise<{ readonly offer: LinkOffer; readonly revision: string } | undefined> {
  const [document] = await store.read([offerKey(account)]);
  return document && { offer: legible(document, (value) => StoredOffer.parse(value)), revision: document.revision };
}

/** The offer that a document under a code holds. */
export function parseOffer(document: Document): LinkOffer {
  return legible(document, (value) => StoredOffer.parse(value));
}

/** The claim that a document holds, or that a delivery was answered with before. */
export function parseClaim(value: unknown): LinkClaim {
  return StoredClaim.parse(value);
}

/** Claims that wait which an account made, each with the revision it stands at. */
export async function claimsFrom(
  store: Pick<Store, "list">,
  account: Pick<Account, "surface" | "id">,
): Promise<Document[]> {
  const claims = await store.list("link-claim", "until");
  return claims.filter(({ value }) => StoredClaim.safeParse(value).data?.claimedFrom === accountText(account));
}

/** An offer as it is found by its account and by its code. */
export function putOffer(offer: LinkOffer): Put[] {
  const index = { until: sortable(offer.until) };
  return [
    { key: offerKey(offer.account), value: offer, index },
    { key: codeKey(offer.code), value: offer, index },
  ];
}

/** Found by the end of its time when it is time to drop it. */
export function putClaim(claim: LinkClaim): Put {
  return { key: claimKey(claim.id), value: claim, index: { until: sortable(claim.until) } };
}
