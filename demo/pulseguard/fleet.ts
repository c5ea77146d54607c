import { readUnits } from "./home.ts";
import type { Instance } from "./instance.ts";

/** Keeps each instance at what it was told through the scripts. */
export class Fleet {
  readonly #home: string;
  readonly #now: () => number;
  /** When each was started last, as far as it has been followed. */
  readonly #since: Map<number, number>;

  constructor(home: string, now: () => number) {
    this.#home = home;
    this.#now = now;
    this.#since = new Map([...readUnits(home)].map(([number, { since }]) => [number, since]));
  }

  /** Does it run? One that was started anew is a new process, with the model of that moment. */
  follows(instance: Instance): boolean {
    const number = Number(instance.id.at(-1));
    const unit = readUnits(this.#home).get(number);
    if (!unit?.running) return false;
    if (unit.since !== this.#since.get(number)) instance.restart(this.#now());
    this.#since.set(number, unit.since);
    instance.modelVersion = unit.model;
    return true;
  }
}
