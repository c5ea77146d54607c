interface Known<Value> {
  readonly at: number;
  readonly value: Value;
}

const remembered = 5_000;
/** A no is believed for so long only: what keeps somebody out may be mended by now. Yet who asks on and on costs one look. */
export const noForMs = 5_000;
/** The part of its time after which an answer that is used is asked for anew, beside the work. */
const earlyAt = 0.75;
/** What a platform said some time ago may stand in for its silence so long, for a question; never for a decision. */
const staleMs = 3_600_000;

/** Remembers answers for as long as who asks allows; the same question asked meanwhile is asked once. */
export class Memory<Value> {
  readonly #known = new Map<string, Known<Value>>();
  readonly #asking = new Map<string, Promise<Value>>();
  readonly #isSilence: (error: unknown) => boolean;

  /** `isSilence` tells a platform that does not answer from one that says no. */
  constructor(isSilence: (error: unknown) => boolean) {
    this.#isSilence = isSilence;
  }

  /** The answer, at most `maxAgeMs` old; 0 asks now. */
  async get(key: string, maxAgeMs: number, ask: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key);
    const age = known ? performance.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age < maxAgeMs) {
      // Asked again a little early, so that who asks now and then never waits for it.
      if (age > maxAgeMs * earlyAt) this.#shared(key, ask).catch(() => {});
      return known.value;
    }
    try {
      // What is being asked began before now, and so is no answer to who wants to know as of now.
      return await (maxAgeMs === 0 ? this.#fresh(key, ask) : this.#shared(key, ask));
    } catch (error) {
      if (known && maxAgeMs > 0 && age < staleMs && this.#isSilence(error)) return known.value;
      throw error;
    }
  }

  #shared(key: string, ask: () => Promise<Value>): Promise<Value> {
    const under = this.#asking.get(key);
    if (under) return under;
    const asking = this.#fresh(key, ask).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #fresh(key: string, ask: () => Promise<Value>): Promise<Value> {
    const at = performance.now();
    const value = await ask();
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(key, { at, value });
    return value;
  }
}
