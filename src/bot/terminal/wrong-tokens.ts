/** So many wrong tokens in a minute are answered as such; further ones are told to wait. */
const perMinute = 10;
const windowMs = 60_000;

/**
 * Counts wrong tokens. The first of a minute is told at once and the rest of it in one, so that guessing is on record and
 * the record does not grow by each guess. A right token is looked up all the same: nobody is locked out by another's guesses.
 */
export class WrongTokens {
  readonly #tell: (count: number) => void;
  #count = 0;
  #untold = 0;
  #window: NodeJS.Timeout | undefined;

  /** `tell` puts on record that so many more were wrong. */
  constructor(tell: (count: number) => void) {
    this.#tell = tell;
  }

  /** One more. Answers whether it is one too many for this minute. */
  add(): { readonly tooMany: boolean; readonly retryAfterSeconds: number } {
    this.#count += 1;
    if (this.#window) this.#untold += 1;
    else {
      this.#window = setTimeout(() => this.flush(), windowMs).unref();
      this.#tell(1);
    }
    return { tooMany: this.#count > perMinute, retryAfterSeconds: windowMs / 1_000 };
  }

  /** Tells what was only counted, and begins anew. */
  flush(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    if (this.#untold > 0) this.#tell(this.#untold);
    this.#count = 0;
    this.#untold = 0;
  }
}
