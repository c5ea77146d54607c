/** What keeps coming within so many ms of each other is one rush. */
const calmMs = 25;
/** Work that can wait does so for this long at a time, and then has as long for itself, ms. */
const turnMs = 250;

/**
 * Lets work that can wait give way to what somebody waits for, and never for more than half of the time: in a rush that does not end
 * both have their turns.
 */
export class GiveWay {
  #arrivedAt = Number.NEGATIVE_INFINITY;
  #ownUntil = Number.NEGATIVE_INFINITY;

  /** Something came that is to be answered at once. */
  arrives(): void {
    this.#arrivedAt = performance.now();
  }

  /** Resolves once nothing comes any more, or after a turn. */
  async pass(): Promise<void> {
    const until = performance.now() + turnMs;
    while (performance.now() >= this.#ownUntil) {
      const calmAt = this.#arrivedAt + calmMs;
      const now = performance.now();
      if (calmAt <= now) return;
      if (now >= until) {
        this.#ownUntil = now + turnMs;
        return;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(calmAt, until) - now);
      });
    }
  }
}
