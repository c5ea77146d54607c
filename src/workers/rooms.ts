/** Room for so many of each kind at a time, so that however many there are of one kind, the others find room. */
export class Rooms {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Does it where there is room for one more of its kind; undefined where there is none. */
  async enter<Result>(kind: string, does: () => Promise<Result>): Promise<Result | undefined> {
    const taken = this.#taken.get(kind) ?? 0;
    if (taken >= this.#most) return undefined;
    this.#taken.set(kind, taken + 1);
    try {
      return await does();
    } finally {
      const left = (this.#taken.get(kind) ?? 1) - 1;
      if (left > 0) this.#taken.set(kind, left);
      else this.#taken.delete(kind);
    }
  }
}
