import { type Random, wander } from "../random.ts";

export const troubles = ["latency", "queue", "blocks", "errors"] as const;
/** What goes wrong with an instance now and then: slow answers, a growing queue, a lagging chain, failed calls. */
export type Trouble = (typeof troubles)[number];

/** The conditions an instance works under at one moment. */
export interface Weather {
  readonly trouble: Trouble | undefined;
  /** Median of the answer time, seconds. */
  readonly medianLatency: number;
  /** Share of calls that end in a 5xx. */
  readonly errorShare: number;
  readonly queueLag: number;
  readonly blockGap: number;
  /** Population stability index of the model's inputs; above 0.2 is commonly called drift. */
  readonly drift: number;
}

const quietSeconds = { least: 20 * 60, most: 70 * 60 };
const troubleSeconds = { least: 180, most: 360 };

/** The changing conditions of one instance: calm mostly, with some minutes of trouble every hour or so. */
export class Climate {
  readonly #random: Random;
  #trouble: Trouble | undefined;
  #secondsLeft: number;
  #queueLag = 120;
  #blockGap = 3;
  #drift: number;

  constructor(random: Random) {
    this.#random = random;
    this.#secondsLeft = random.between(quietSeconds.least, quietSeconds.most);
    this.#drift = random.between(0.06, 0.12);
  }

  /** Trouble starts now and lasts so long. */
  strike(trouble: Trouble, seconds: number): void {
    this.#trouble = trouble;
    this.#secondsLeft = seconds;
  }

  /** Calm from now on, for the usual while. */
  calm(): void {
    this.#trouble = undefined;
    this.#secondsLeft = this.#random.between(quietSeconds.least, quietSeconds.most);
  }

  /** The conditions `seconds` later. */
  step(seconds: number): Weather {
    this.#secondsLeft -= seconds;
    if (this.#secondsLeft <= 0) {
      if (this.#trouble) this.calm();
      else this.strike(this.#random.pick(troubles), this.#random.between(troubleSeconds.least, troubleSeconds.most));
    }
    const random = this.#random;
    const pull = Math.min(1, seconds / 20);
    const isStuck = this.#trouble === "blocks";
    this.#queueLag = Math.max(
      0,
      wander(this.#queueLag, { home: this.#trouble === "queue" ? 2_400 : 120, pull, noise: 14 }, random),
    );
    // A chain connection that hangs misses one block every twelve seconds; once back it catches up fast.
    this.#blockGap = isStuck
      ? Math.min(240, this.#blockGap + seconds / 3)
      : Math.max(0, wander(this.#blockGap, { home: 3, pull, noise: 0.4 }, random));
    this.#drift = Math.max(0.01, wander(this.#drift, { home: 0.09, pull: pull / 50, noise: 0.0008 }, random));
    return {
      trouble: this.#trouble,
      medianLatency: this.#trouble === "latency" ? 0.11 : 0.028,
      errorShare: this.#trouble === "errors" ? 0.14 : 0.006,
      queueLag: Math.round(this.#queueLag),
      blockGap: Math.round(this.#blockGap),
      drift: this.#drift,
    };
  }
}
