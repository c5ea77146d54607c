import type { Silence } from "../domain/alerts/silence.ts";
import type { Store } from "../domain/store.ts";
import { readSilence, silencesAt } from "../records/silence.ts";

/** Silences that hold at a time in ms, those that end first first. */
export async function silencesNow(store: Pick<Store, "list">, now: number): Promise<readonly Silence[]> {
  const { found } = await silencesAt(store, now);
  return found.map(({ silence }) => silence);
}

/** A silence by its id, whether it still holds or not; undefined where there is none. */
export async function silenceNamed(store: Pick<Store, "read">, id: string): Promise<Silence | undefined> {
  const name = id.toLowerCase();
  if (!/^[0-9a-f]{8}$/.test(name)) return undefined;
  const read = await readSilence(store, name);
  return read?.silence;
}
