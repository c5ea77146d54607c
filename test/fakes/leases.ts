import type { Lease, Leases } from "../../src/domain/lease.ts";

/** Leases that several surfaces of one test share, and that the test can take away. */
export class SharedLeases implements Leases {
  readonly #held = new Map<string, object>();
  /** The store does not answer. */
  down = false;
  /** How many renewals the store answered, and how many it did not. */
  renewed = 0;
  refused = 0;

  async take([name = ""]: readonly string[]): Promise<Lease | undefined> {
    if (this.down) throw new Error("the store is down");
    if (this.#held.has(name)) return undefined;
    const mine = {};
    this.#held.set(name, mine);
    return {
      name,
      renew: async () => {
        if (this.down) {
          this.refused += 1;
          throw new Error("the store is down");
        }
        this.renewed += 1;
        return this.#held.get(name) === mine;
      },
      release: async () => {
        if (this.#held.get(name) === mine) this.#held.delete(name);
      },
    };
  }

  async held(names: readonly string[]): Promise<number> {
    return names.filter((name) => this.#held.has(name)).length;
  }

  /** Another process has it from now on. */
  steal(name: string): void {
    this.#held.set(name, {});
  }

  free(name: string): void {
    this.#held.delete(name);
  }
}
