import type { Place } from "../domain/messages/place.ts";
import { accountText } from "../domain/people/person.ts";
import type { Store } from "../domain/store.ts";
import { membersIn, recentGroups } from "../records/alert-group.ts";

/** What was told before so many others is not the last. */
const mostLooked = 100;
const mostAtOnce = 20;

/**
 * Codes of the alerts that somebody was told of last, where they ask or by name, and that nobody has. Who asks is known by these
 * accounts (`surface:id`): whoever is called on one platform may answer on another.
 */
export async function lastTold(
  store: Pick<Store, "list">,
  { accounts, place }: { readonly accounts: readonly string[]; readonly place: Place },
): Promise<readonly string[]> {
  for (const group of await recentGroups(store, mostLooked)) {
    const isHere = group.place.surface === place.surface && group.place.channel === place.channel;
    const isCalled = group.calls.some(({ account }) => accounts.includes(accountText(account)));
    if (group.firing === 0 || !(isHere || isCalled)) continue;
    const members = await membersIn(store, { message: group, state: "firing", limit: mostAtOnce });
    const open = members.filter(({ ack }) => !ack).map(({ code }) => code);
    if (open.length > 0) return open;
  }
  return [];
}
