import { offerLink } from "../../acts/people/offer-link.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import { type Account, type Person, personOf } from "../../domain/people/person.ts";
import { type Policy, withGroups } from "../../domain/people/policy.ts";
import type { SurfaceTraits } from "../../domain/people/surface.ts";
import type { Store } from "../../domain/store.ts";
import { strangerCard } from "./explain-failure.ts";

/** How old may be what a platform says of an account that only asks. A decision reads it anew. */
const standingMaxAgeMs = 60_000;

/** The person behind an account, with the roles that its groups give; or why its platform does not vouch for it. */
export async function whoAsks(directory: Directory, account: Account, policy: Policy): Promise<Asker> {
  const person = personOf(account, policy.people);
  const standing = await directory.standing(account, { maxAgeMs: standingMaxAgeMs });
  if (!standing.ok) return { person: undefined, barred: standing };
  if (!person) return { person: undefined };
  return { person: withGroups(person, { surface: account.surface, groups: standing.groups }, policy) };
}

export interface Asker {
  readonly person: Person | undefined;
  /** Why the platform does not vouch for the account, whoever owns it. */
  readonly barred?: Extract<Standing, { ok: false }>;
}

/** A platform's account that nobody owns is told how to make it somebody's. Undefined for one that was handed out. */
export async function linkCard(
  { store, surfaces }: { readonly store: Store; readonly surfaces: readonly SurfaceTraits[] },
  { surface, id }: Account,
): Promise<Card | undefined> {
  const traits = surfaces.find((each) => each.id === surface);
  return traits?.accounts === "platform"
    ? strangerCard(traits.name, await offerLink(store, { surface, id }))
    : undefined;
}
