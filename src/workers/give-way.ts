/** What keeps coming within so many ms of each other is one rush. */
const calmMs = 25;
/** In a rush work that can wait does so for this long at a time, and then has this long for itself, ms. */
const waitMs = 250;
const ownMs = 100;

/**
 * Lets work that can wait give way to what somebody waits for, and never for ever: in a rush that does not end both have their
 * turns.
 */
export class GiveWay {
  #underWay = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #ownUntil = Number.NEGATIVE_INFINITY;

  /** Something came that is to be answered at once. What this answers is called once it is, or is gone. */
  arrives(): () => void {
    this.#underWay += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#underWay -= 1;
      this.#lastAt = performance.now();
    };
  }

  /** Resolves once nothing waits and nothing comes any more, or after a turn. */
  async pass(): Promise<void> {
    const until = performance.now() + waitMs;
    while (performance.now() >= this.#ownUntil) {
      const now = performance.now();
      const calmAt = this.#underWay > 0 ? now + calmMs : this.#lastAt + calmMs;
      if (calmAt <= now) return;
      if (now >= until) {
        this.#ownUntil = now + ownMs;
        return;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(calmAt, until) - now);
      });
    }
  }
}
