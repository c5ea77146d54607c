import type { Lease, Leases } from "../domain/lease.ts";
import type { Store } from "../domain/store.ts";
import { newId } from "../records/ids.ts";
import { leaseKey, putLease, readLeases } from "../records/lease.ts";

/**
 * Leases kept in the store, by its clock. Each is a document; taking, keeping and handing back expect the revision it was
 * read at, so two processes can never both believe that it is theirs for longer than a lease lasts.
 */
export function storedLeases(store: Store): Leases {
  return {
    async take(names, forMs) {
      const leases = await readLeases(store, names);
      const now = await store.now();
      for (const [position, name] of names.entries()) {
        const before = leases[position];
        if (before && before.until > now) continue;
        const owner = newId();
        const taken = await write(store, name, { owner, until: now + forMs, revision: before?.revision ?? null });
        if (taken !== undefined) return leaseOf(store, { name, owner, forMs, revision: taken });
      }
      return undefined;
    },
    async held(names) {
      const leases = await readLeases(store, names);
      const now = await store.now();
      return leases.filter((lease) => lease !== undefined && lease.until > now).length;
    },
  };
}

interface Holding {
  readonly name: string;
  readonly owner: string;
  readonly forMs: number;
  readonly revision: string;
}

function leaseOf(store: Store, { name, owner, forMs, revision: first }: Holding): Lease {
  let revision: string | undefined = first;
  return {
    name,
    async renew() {
      if (revision === undefined) return false;
      revision = await write(store, name, { owner, until: (await store.now()) + forMs, revision });
      return revision !== undefined;
    },
    async release() {
      if (revision === undefined) return;
      // A lease that cannot be handed back runs out by itself.
      await write(store, name, { owner, until: 0, revision }).catch(() => undefined);
      revision = undefined;
    },
  };
}

/** The new revision; undefined when another was faster. */
async function write(
  store: Store,
  name: string,
  held: { owner: string; until: number; revision: string | null },
): Promise<string | undefined> {
  const id = newId();
  const { outcome } = await store.commit({
    id,
    expect: { [leaseKey(name)]: held.revision },
    put: [putLease(name, held.owner, held.until)],
    // Whoever shares a file with this process ends with it when the power fails, and so does what it held.
    relaxed: true,
  });
  return outcome === "committed" ? id : undefined;
}
