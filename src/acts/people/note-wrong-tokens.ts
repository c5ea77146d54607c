import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";

/** Puts on record that so many more terminal tokens were given that nobody has. Whose guesses they were is not known. */
export async function noteWrongTokens(store: Store, count: number): Promise<void> {
  const at = await store.now();
  await store.commit({ id: newId(), journal: [{ kind: "terminal.refused", at, who: nobody, count }] });
}
