import { worthTellingMs } from "../worth-telling.ts";

/** How fast the store's time goes while the machine's clock is behind it: slower, so that the two meet again. */
const catchUpRate = 0.9;

/**
 * The time of a store, which never goes back: what lapsed stays lapsed although the machine's clock is set back, also
 * while nobody ran. It goes on from the newest time seen, a tenth slower, until the machine's clock has come up to it.
 */
export class ForwardClock {
  readonly #machine: () => number;
  readonly #onSetBack: (behindMs: number) => void;
  #newest: number;
  /** What the machine's clock said last; undefined before it was asked. */
  #last: number | undefined;

  /** `newest` is the newest time that the store has seen, in ms; `onSetBack` hears how far the machine's clock is behind. */
  constructor(machine: () => number, newest: number, onSetBack: (behindMs: number) => void = () => {}) {
    this.#machine = machine;
    this.#newest = newest;
    this.#onSetBack = onSetBack;
  }

  /** Ms since 1970, never less than it said before. */
  now(): number {
    const machine = this.#machine();
    const gone = machine - (this.#last ?? Number.NEGATIVE_INFINITY);
    const isSetBack = this.#last === undefined || gone < 0;
    this.#newest = Math.max(machine, this.#newest + (isSetBack ? 0 : gone * catchUpRate));
    this.#last = machine;
    const behind = this.#newest - machine;
    if (isSetBack && behind >= worthTellingMs) this.#onSetBack(behind);
    return Math.floor(this.#newest);
  }
}
