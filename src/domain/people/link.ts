import type { Place } from "../messages/place.ts";
import type { FormerOwner } from "./former-owners.ts";
import type { Account } from "./person.ts";

/** What an account that nobody owns is shown, for its owner to type where they are known. */
export interface LinkOffer {
  readonly account: Account;
  readonly code: string;
  /** Store time in ms at which the code runs out. */
  readonly until: number;
}

/** A person says that an account is theirs; it counts once somebody else has confirmed it. */
export interface LinkClaim {
  readonly id: string;
  readonly account: Account;
  /** Id of the person who claims it. */
  readonly person: string;
  /** The account that the code was typed from, as `surface:id`. */
  readonly claimedFrom: string;
  /** Others whose account it was of late. */
  readonly was: readonly FormerOwner[];
  /** The answer that asks for the second person, and where it stands. */
  readonly asked?: { readonly invocation: string; readonly place: Place };
  /** Store time in ms after which nobody can confirm it. */
  readonly until: number;
}

/** An account that a ceremony gave to a person, besides those of people.yaml. */
export interface AccountLink extends Pick<Account, "surface" | "id"> {
  /** Id of the person who owns it. */
  readonly person: string;
  /** Id of the person who confirmed it. */
  readonly confirmedBy: string;
  readonly at: number;
}
