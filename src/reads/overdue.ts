import type { Watched } from "../domain/alerts/alert.ts";
import { type Awaited, overdueAlert } from "../domain/alerts/sign-of-life.ts";
import type { Document, Store } from "../domain/store.ts";
import { ifLegible } from "../records/legible.ts";
import { lifeKey, parseLife } from "../records/life.ts";

/** What is awaited of a system, each as one thing that is watched. */
export async function overdueOf(
  store: Pick<Store, "read" | "now">,
  system: string,
  awaited: readonly Awaited[],
): Promise<readonly Watched[]> {
  const own = awaited.filter((each) => each.system === system);
  if (own.length === 0) return [];
  const at = await store.now();
  const documents = await store.read(own.map(({ id }) => lifeKey(id)));
  return own.map((each, place) => watchedAs(each, documents[place], at));
}

function watchedAs(awaited: Awaited, document: Document | undefined, at: number): Watched {
  const { id: source } = awaited;
  const life = document && ifLegible(() => parseLife(document));
  if (document && !life) {
    const detail = `its record ${document.key} cannot be read`;
    return { source, reading: { ok: false, fault: "broken", detail, at, latencyMs: 0 } };
  }
  const alert = overdueAlert(awaited, life);
  return { source, reading: { ok: true, value: alert ? [alert] : [], at, latencyMs: 0 } };
}
