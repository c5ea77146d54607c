import type { Store } from "../../domain/store.ts";
import { removeOld } from "../remove-old.ts";

/** Removes codes and claims whose time is over: nobody can use them any more. Answers how many went. */
export async function tidyLinks(store: Store): Promise<number> {
  const now = await store.now();
  let removed = 0;
  for (const kind of ["link-offer", "link-code", "link-claim"]) removed += await removeOld(store, kind, "until", now);
  return removed;
}
