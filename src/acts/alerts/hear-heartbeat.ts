import { heardStep, heartbeatId } from "../../domain/alerts/sign-of-life.ts";
import type { Store } from "../../domain/store.ts";
import { ifLegible } from "../../records/legible.ts";
import { lifeKey, parseLife, putLife } from "../../records/life.ts";
import { transactAnew } from "../transact.ts";

/** Puts on record that a job has called. Answers when, store time in ms. Throws when the store cannot. */
export async function hearHeartbeat(store: Store, job: string): Promise<number> {
  const id = heartbeatId(job);
  return transactAnew(store, async (now) => {
    const [document] = await store.read([lifeKey(id)]);
    // A record that cannot be read says no more than this call does.
    const before = document && ifLegible(() => parseLife(document));
    return {
      result: now,
      commit: { expect: { [lifeKey(id)]: document?.revision ?? null }, put: [putLife(heardStep(before, id, now))] },
    };
  });
}
