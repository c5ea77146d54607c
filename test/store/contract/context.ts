import { randomUUID } from "node:crypto";
import type { Claimed, Commit, Store, StoredEntry } from "../../../src/domain/store.ts";

/** A state of one backend that tests may open as often as they like. */
export interface StateUnderTest {
  open(): Promise<Store<StoredEntry>>;
  /** Returns when so much of the store's own time has passed. */
  elapse(ms: number): Promise<void>;
  /** Sets the clock of the machine that keeps the state ahead, or back to where it was. */
  setClock(to: { readonly aheadMs: number }): Promise<void>;
  close(): Promise<void>;
}

/** The state of the running test and a store opened on it. */
export interface Context {
  readonly state: () => StateUnderTest;
  readonly store: () => Store<StoredEntry>;
}

/** A commit with a random id. */
export function commit(parts: Omit<Commit<StoredEntry>, "id"> = {}): Commit<StoredEntry> {
  return { id: randomUUID(), ...parts };
}

export function only(items: readonly Claimed[]): Claimed {
  const [item] = items;
  if (!item || items.length !== 1) throw new Error(`one item expected, not ${items.length}`);
  return item;
}
