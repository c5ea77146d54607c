import type { Log } from "../../domain/log.ts";

/** Slack shows an error after three seconds, so what is not accepted by then is acknowledged all the same, in words. */
const latestMs = 2_000;

/** Tells Slack once that something arrived, and no later than Slack waits. */
export class Acknowledgement {
  readonly #send: (payload?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout | undefined;
  #sent = false;

  /** `late` is what to send when nothing was decided in time; left out for what Slack delivers again by itself. */
  constructor(
    send: (payload?: Readonly<Record<string, unknown>>) => Promise<void>,
    options: { readonly late?: Readonly<Record<string, unknown>>; readonly log: Log },
  ) {
    this.#send = send;
    this.#log = options.log;
    const { late } = options;
    this.#timer = late && setTimeout(() => this.give(late), latestMs);
  }

  /** The first call counts. */
  give(payload?: Readonly<Record<string, unknown>>): void {
    if (this.#sent) return;
    this.#sent = true;
    clearTimeout(this.#timer);
    // A socket that is gone cannot take it: Slack delivers again, and the recorded answer is given.
    this.#send(payload).catch((error: unknown) => this.#log.debug("an acknowledgement was not taken", { error }));
  }

  get given(): boolean {
    return this.#sent;
  }
}

/** What a person sees when the store is too slow to accept in time. */
export const notAcceptedYet = {
  response_type: "ephemeral",
  text: "Not accepted yet: the store is slow. If no answer follows, nothing was done; ask again.",
};
