import { finished, type Readable } from "node:stream";

/**
 * Bodies that have to be read before it is known whose they are. Anybody may send one slowly, or thousands of them: each has so many
 * ms, and where there are more than `most` at a time the one that has been longest under way is cut. What is sent in earnest is there
 * within moments, so that those who send slowly cut one another.
 */
export class UnprovenBodies {
  readonly #most: number;
  readonly #withinMs: number;
  /** The oldest first. */
  readonly #open = new Set<Readable>();

  constructor(limits: { readonly most: number; readonly withinMs: number }) {
    this.#most = limits.most;
    this.#withinMs = limits.withinMs;
  }

  /** Counts it until it is read, or gone. */
  hold(body: Readable): void {
    const [oldest] = this.#open;
    if (oldest && this.#open.size >= this.#most) {
      this.#open.delete(oldest);
      oldest.destroy(new Error("a body gave way to one that came after it"));
    }
    const timer = setTimeout(() => body.destroy(new Error("a body came too slowly")), this.#withinMs);
    this.#open.add(body);
    finished(body, { writable: false }, () => {
      clearTimeout(timer);
      this.#open.delete(body);
    });
  }
}
