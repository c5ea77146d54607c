import { z } from "zod";
import type { Put, Store } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";

const StoredLease = z.object({ owner: z.string(), until: z.number() });

/** A lease as it stands in the store; `until` is store time in ms. */
interface KeptLease {
  readonly owner: string;
  readonly until: number;
  readonly revision: string;
}

/** One document for each thing that only so many may hold. */
export function leaseKey(name: string): string {
  return `lease/${name}`;
}

/**
 * The leases of these names, in their order; undefined for one that nobody has ever held. One that cannot be read says of
 * nobody that they hold it, so it is free: else whatever only one may do would never be done again.
 */
export async function readLeases(store: Store, names: readonly string[]): Promise<(KeptLease | undefined)[]> {
  const documents = await store.read(names.map(leaseKey));
  return documents.map((document) => {
    if (!document) return undefined;
    const held = ifLegible(() => legible(document, (value) => StoredLease.parse(value)));
    return { owner: "", until: 0, ...held, revision: document.revision };
  });
}

/** `until` is store time in ms; 0 hands it back. */
export function putLease(name: string, owner: string, until: number): Put {
  return { key: leaseKey(name), value: { owner, until } };
}
