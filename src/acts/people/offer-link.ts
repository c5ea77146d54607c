import { randomBytes } from "node:crypto";
import type { LinkOffer } from "../../domain/people/link.ts";
import type { Account } from "../../domain/people/person.ts";
import type { Store } from "../../domain/store.ts";
import { codeKey, offerKey, putOffer, readOffer } from "../../records/link.ts";
import { transact } from "../transact.ts";

/** How long a code can be typed in. */
const offerForMs = 10 * 60_000;
/** The last minute of a code is not enough to walk over and type it. */
const leastLeftMs = 60_000;

/**
 * The code that an account nobody owns is shown. Whoever is known elsewhere and types it there claims the account; it
 * counts only once somebody else has confirmed that. The same account gets the same code until it runs out.
 */
export async function offerLink(store: Store, account: Account): Promise<string> {
  const code = newCode();
  const outcome = await transact(store, async (now) => {
    const standing = await readOffer(store, account);
    if (standing && standing.offer.until > now + leastLeftMs) return { result: standing.offer.code };
    const offer: LinkOffer = { account, code, until: now + offerForMs };
    return {
      result: code,
      commit: {
        expect: { [offerKey(account)]: standing?.revision ?? null },
        put: putOffer(offer),
        remove: standing ? [codeKey(standing.offer.code)] : [],
      },
    };
  });
  if (outcome.repeated) throw new Error("an offered code cannot be a repeated delivery");
  return outcome.result;
}

/** Letters and digits that nobody mistakes for each other: 40 bits in two groups of four. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

function newCode(): string {
  return [...randomBytes(8)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
