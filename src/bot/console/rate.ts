/** Lets `burst` through at once and `perSecond` in the long run. Times are in ms of any steady clock. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(limits: { readonly burst: number; readonly perSecond: number }, now: number) {
    this.#burst = limits.burst;
    this.#perSecond = limits.perSecond;
    this.#tokens = limits.burst;
    this.#at = now;
  }

  take(now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
