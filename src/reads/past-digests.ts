import type { Store } from "../domain/store.ts";
import { type DigestRecord, digestsUntil, readDigest } from "../records/digest.ts";

/** What is on record of a digest, the newest first; what cannot be read is left out. */
export async function pastOfDigest(
  store: Pick<Store, "list">,
  name: string,
  { until, limit }: { readonly until: number; readonly limit: number },
): Promise<readonly DigestRecord[]> {
  return (await digestsUntil(store, name, { until, limit })).found;
}

/** The one of a local date, or of what an asked one is called by; the last that was made where none is named. */
export async function digestOfDate(
  store: Pick<Store, "read" | "list">,
  name: string,
  { slot, until }: { readonly slot: string | undefined; readonly until: number },
): Promise<DigestRecord | undefined> {
  if (slot !== undefined) return (await readDigest(store, { name, slot }))?.record;
  const past = await pastOfDigest(store, name, { until, limit: mostLookedThrough });
  return past.find(({ state }) => state === "made");
}

const mostLookedThrough = 31;
