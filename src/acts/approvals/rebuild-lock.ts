import type { Holder } from "../../domain/approvals/lock.ts";
import { isUrgent } from "../../domain/approvals/request.ts";
import { keepsLock } from "../../domain/approvals/run.ts";
import type { Who } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import type { UnreadableRecord } from "../../domain/unreadable.ts";
import { ifLegible } from "../../records/legible.ts";
import { lockKey, parseLock, putLock } from "../../records/lock.ts";
import { openRequests } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";

/** More than this were never open at a time. */
const most = 1_000;

/** What holds something of the system now, by its own record; and the requests of which that cannot be said. */
export interface RebuiltLock {
  readonly holders: readonly { readonly code: string; readonly operation: string }[];
  readonly unreadable: readonly UnreadableRecord[];
}

/**
 * Writes the lock of a system anew from the requests that are under way, when it cannot be read: what they hold they go on
 * holding, and everything else is free. Undefined, with nothing changed, when it can be read. It is on record who did it.
 */
export async function rebuildLock(store: Store, system: string, who: Who): Promise<RebuiltLock | undefined> {
  const outcome = await transact(store, (now) => attemptRebuilding(store, { system, who, now }));
  return outcome.repeated ? undefined : outcome.result;
}

async function attemptRebuilding(
  store: Store,
  { system, who, now }: { readonly system: string; readonly who: Who; readonly now: number },
): Promise<Attempt<RebuiltLock | undefined>> {
  const key = lockKey(system);
  const [document] = await store.read([key]);
  if (!document || ifLegible(() => parseLock(document))) return { result: undefined };
  const { found, unreadable } = await openRequests(store, most);
  const holding = found.filter(
    ({ request, sealed }) => sealed.system === system && keepsLock(request.state) && !isUrgent(sealed),
  );
  const holders = holding.map(
    ({ request, sealed }): Holder => ({ request: request.id, targets: sealed.plan.targets ?? [] }),
  );
  return {
    result: {
      holders: holding.map(({ request, sealed }) => ({ code: request.code, operation: sealed.operation })),
      unreadable,
    },
    commit: {
      expect: { [key]: document.revision },
      // What the fence was is lost. It rose by one with each run, so that this is past all there have been.
      put: [putLock(system, { holders, fence: now })],
      journal: [{ kind: "lock.rebuilt", at: now, who, system, holders: holding.map(({ request }) => request.code) }],
      durable: true,
    },
  };
}
