import { mayRest, overBehind } from "../../domain/approvals/predecessor.ts";
import type { EndedUndecided } from "../../domain/approvals/request.ts";
import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { type ListedRequest, readRequest, requestsOfSystemUntil } from "../../records/request.ts";

/**
 * How what was approved is over because what it waited for did not end as done; undefined where it may start. To be asked after the
 * lock was read that a claim relies on: whatever it waited for held that until its end was written down.
 */
export async function endedBehind(
  store: Store,
  asked: ListedRequest,
  now: number,
): Promise<EndedUndecided | undefined> {
  if (!mayRest(asked.sealed)) return undefined;
  const { waitedFor = [] } = asked.request;
  // What has held it up for long may be older than those that are listed; what was over before the first look never did.
  const held = await Promise.all(waitedFor.map((id) => readRequest(store, id).catch(nothingUnreadable)));
  const listed = await requestsOfSystemUntil(store, asked.sealed.system, now);
  return overBehind(asked, [...held.flatMap((each) => each ?? []), ...listed], now);
}
