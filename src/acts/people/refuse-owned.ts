import { UserError } from "../../domain/failure.ts";
import { type Account, type Person, personOf } from "../../domain/people/person.ts";

/** Throws UserError for an account that is somebody's already, or that several people claim. */
export function refuseOwned(account: Account, people: readonly Person[]): void {
  const owner = personOf(account, people);
  const claimed = people.some((person) => person.accounts[account.surface]?.includes(account.id) ?? false);
  if (claimed) throw new UserError(`That account already belongs to ${owner?.name ?? "more than one person"}.`);
}
