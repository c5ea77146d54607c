import type { Store } from "../../domain/store.ts";
import { removeOld } from "../remove-old.ts";

/** An alert that was acknowledged so long ago is told anew. */
const acksMs = 30 * 86_400_000;

/** Removes old acknowledgements. Answers how many went. */
export async function tidyAcks(store: Store): Promise<number> {
  return removeOld(store, "ack", "at", (await store.now()) - acksMs);
}

/** No silence lasts longer than this after it was said that it ends soon. */
const endingsMs = 30 * 86_400_000;

/** Removes what people were told of silences that have long been over. Answers how many went. */
export async function tidySilenceEndings(store: Store): Promise<number> {
  return removeOld(store, "silence-ending", "at", (await store.now()) - endingsMs);
}
