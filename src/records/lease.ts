import { z } from "zod";
import type { Put, Store } from "../domain/store.ts";

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

/** The leases of these names, in their order; undefined for one that nobody has ever held. */
export async function readLeases(store: Store, names: readonly string[]): Promise<(KeptLease | undefined)[]> {
  const documents = await store.read(names.map(leaseKey));
  return documents.map((document) => document && { ...StoredLease.parse(document.value), revision: document.revision });
}

/** `until` is store time in ms; 0 hands it back. */
export function putLease(name: string, owner: string, until: number): Put {
  return { key: leaseKey(name), value: { owner, until } };
}
