import { z } from "zod";
import type { Put, Store } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";

const StoredLastHalt = z.object({ request: z.string() });

/** The key under which a system has what came last of all that whatever sets it going is decided anew after. */
export function lastHaltKey(system: string): string {
  return `halt/${system}`;
}

/** What came last of a system, and the revision that says so; null where nothing has come yet. */
export interface LastHalt {
  readonly revision: string | null;
  /** Id of the request; undefined also where the record cannot be read, whose revision counts all the same. */
  readonly request: string | undefined;
}

export async function readLastHalt(store: Pick<Store, "read">, system: string): Promise<LastHalt> {
  const [document] = await store.read([lastHaltKey(system)]);
  const parsed = document && ifLegible(() => legible(document, (value) => StoredLastHalt.parse(value)));
  return { revision: document?.revision ?? null, request: parsed?.request };
}

/** Put without a look at what stands there, so that a stop waits for nothing: its revision is what others expect. */
export function putLastHalt(system: string, request: string): Put {
  return { key: lastHaltKey(system), value: { request } };
}
