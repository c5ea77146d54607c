import { z } from "zod";
import type { Put, Store } from "../domain/store.ts";
import { legible } from "./legible.ts";

const StoredCounter = z.object({ last: z.int() });

/** One counter for each kind of thing that people call by a number. */
export function counterKey(what: string): string {
  return `counter/${what}`;
}

/** The last number given to something of this kind, 0 when none was, and the revision it stands at. */
export async function readCounter(
  store: Store,
  what: string,
): Promise<{ readonly last: number; readonly revision: string | null }> {
  const [document] = await store.read([counterKey(what)]);
  return {
    last: document ? legible(document, (value) => StoredCounter.parse(value)).last : 0,
    revision: document?.revision ?? null,
  };
}

/** `last` is the number that was given with this commit. */
export function putCounter(what: string, last: number): Put {
  return { key: counterKey(what), value: { last } };
}
