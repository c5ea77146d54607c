import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import { ownSystemId } from "../domain/systems/own-system.ts";
import { ifLegible } from "../records/legible.ts";
import { configurationTrouble, parseTrouble, troubleKey } from "../records/trouble.ts";

/**
 * That the files cannot be used, in words; undefined while they can. Where and what is for those who may see what concerns
 * Wardroom itself: files name people and systems.
 */
export async function unusableFiles(store: Store, viewer: Viewer): Promise<string | undefined> {
  const [document] = await store.read([troubleKey(configurationTrouble)]);
  const trouble = document && ifLegible(() => parseTrouble(document));
  if (!trouble) return undefined;
  if (may(viewer, "read", ownSystemId).allowed) return `${trouble.what} ${trouble.remedy}`;
  return "The files of Wardroom's configuration cannot be used, so the configuration before them stays in use.";
}
