import type { Place } from "../domain/messages/place.ts";
import type { Store } from "../domain/store.ts";
import { membersIn, recentGroups } from "../records/alert-group.ts";

/** What was told before so many others is not the last. */
const mostLooked = 100;
const mostAtOnce = 20;

/** Codes of the alerts that somebody was told of last, where they ask or by name, and that nobody has. */
export async function lastTold(
  store: Pick<Store, "list">,
  { account, place }: { readonly account: string; readonly place: Place },
): Promise<readonly string[]> {
  for (const group of await recentGroups(store, mostLooked)) {
    const isHere = group.place.surface === place.surface && group.place.channel === place.channel;
    const isCalled = group.calls.some((each) => `${each.account.surface}:${each.account.id}` === account);
    if (group.firing === 0 || !(isHere || isCalled)) continue;
    const members = await membersIn(store, { message: group, state: "firing", limit: mostAtOnce });
    const open = members.filter(({ ack }) => !ack).map(({ code }) => code);
    if (open.length > 0) return open;
  }
  return [];
}
