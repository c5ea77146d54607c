import type { Commit, Json, Store } from "../domain/store.ts";
import { newId } from "../records/ids.ts";

/** What an attempt decided: a change to commit, or only an answer. */
export interface Attempt<Result> {
  readonly result: Result;
  /** Its id is its own as a rule; one that is given stands for the one attempt that it is given to. */
  readonly commit?: Omit<Commit, "id"> & { readonly id?: string };
}

export type Transacted<Result> =
  | { readonly repeated: false; readonly result: Result }
  | { readonly repeated: true; readonly answer: Json };

/**
 * The answer of a delivery that was committed before; undefined for one that never was. It is asked where a guard refuses:
 * what the delivery itself did may be why. Changes nothing, because nothing is ever at the revision it expects.
 */
export async function committedBefore(store: Store, key: string): Promise<Json | undefined> {
  const asked = await store.commit({ id: newId(), once: { key, answer: null }, expect: { "nothing/here": "never" } });
  return asked.outcome === "repeated" ? asked.answer : undefined;
}

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

/** The same for a commit that is no delivery of its own, so that there is no recorded answer that it could get. */
export async function transactAnew<Result>(
  store: Store,
  attempt: (
    now: number,
  ) => Promise<{ readonly result: Result; readonly commit?: Omit<Commit, "id" | "once"> & { readonly once?: never } }>,
): Promise<Result> {
  const outcome = await transact(store, attempt);
  if (outcome.repeated) throw new Error("what was no delivery was answered as one that came before");
  return outcome.result;
}
