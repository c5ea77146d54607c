import type { Store } from "../domain/store.ts";
import { ownSystem } from "../domain/systems/own-system.ts";
import { type UnreadableRecord } from "../domain/unreadable.ts";
import { openIncidents } from "../records/incident.ts";
import { openInvocations } from "../records/invocation.ts";
import { eachLegible } from "../records/legible.ts";
import { lockKey, parseLock } from "../records/lock.ts";
import { parseProposedPolicy, proposedPolicyKey } from "../records/proposed-policy.ts";
import { openRequests } from "../records/request.ts";
import { parseRun, runKey } from "../records/run.ts";

/** More than this are never open at a time. */
const most = 1_000;

/**
 * What of all that is open cannot be read: commands that wait for their answer, requests with their runs, incidents, the change
 * of people and rules that waits, and the locks of these systems and of Wardroom itself.
 */
export async function unreadableRecords(
  store: Pick<Store, "list" | "read">,
  systems: readonly { readonly id: string }[],
): Promise<readonly UnreadableRecord[]> {
  const [invocations, requests, incidents] = await Promise.all([
    openInvocations(store, most),
    openRequests(store, most),
    openIncidents(store, most),
  ]);
  const [proposed, ...locks] = await store.read([
    proposedPolicyKey,
    ...[ownSystem, ...systems].map(({ id }) => lockKey(id)),
  ]);
  const runs = await store.read(requests.found.map(({ request }) => runKey(request.id)));
  const beside = [
    eachLegible(
      [proposed].filter((document) => document !== undefined),
      parseProposedPolicy,
    ),
    eachLegible(
      locks.filter((document) => document !== undefined),
      parseLock,
    ),
    eachLegible(
      runs.filter((document) => document !== undefined),
      parseRun,
    ),
  ];
  return [invocations, requests, incidents, ...beside].flatMap(({ unreadable }) => unreadable);
}
