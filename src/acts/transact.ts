import type { Commit, Json, Store } from "../domain/store.ts";
import { newId } from "./identity.ts";

/** What an attempt decided: a change to commit, or only an answer. */
export interface Attempt<Result> {
  readonly result: Result;
  readonly commit?: Omit<Commit, "id">;
}

export type Transacted<Result> =
  | { readonly repeated: false; readonly result: Result }
  | { readonly repeated: true; readonly answer: Json };

/** More rivals than this for one document means a fault, not a race. */
const maxAttempts = 50;

/**
 * Reads, decides and commits, again from the start when what was read has moved or its time has passed.
 * `attempt` gets the store's time. Throws when the store cannot answer, or when the document never stands still.
 */
export async function transact<Result>(
  store: Store,
  attempt: (now: number) => Promise<Attempt<Result>>,
): Promise<Transacted<Result>> {
  for (let tries = 0; tries < maxAttempts; tries += 1) {
    const { result, commit } = await attempt(await store.now());
    if (!commit) return { repeated: false, result };
    const answer = await store.commit({ id: newId(), ...commit });
    switch (answer.outcome) {
      case "committed":
        return { repeated: false, result };
      case "repeated":
        return { repeated: true, answer: answer.answer };
      case "conflict":
      case "late":
        break;
    }
  }
  throw new Error("a document was changed by others faster than it could be decided on");
}
