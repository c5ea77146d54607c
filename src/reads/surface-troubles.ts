import { deafTrouble, lateTrouble } from "../domain/messages/trouble.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { ifLegible } from "../records/legible.ts";
import { parseTrouble, troubleKey } from "../records/trouble.ts";

/** Of each surface that people are told on: that nobody is heard there, or that what is said there is late or lost, in words. */
export async function surfaceTroubles(store: Store, { channels }: Policy): Promise<readonly string[]> {
  const surfaces = [...new Set(channels.map(({ surface }) => surface))];
  const found = await store.read(
    surfaces.flatMap((surface) => [troubleKey(deafTrouble(surface)), troubleKey(lateTrouble(surface))]),
  );
  return found.flatMap((document) => {
    const trouble = document && ifLegible(() => parseTrouble(document));
    return trouble ? [trouble.what] : [];
  });
}
