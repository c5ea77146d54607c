import type { MessageRef, Outgoing } from "../../domain/message.ts";
import type { Log } from "../../domain/ports.ts";
import { stamp } from "../../domain/words.ts";
import type { SlackCourier } from "./courier.ts";

const everyMs = 60_000;
/** Two edits in a row that were not seen. */
const deafAfterMs = 150_000;

/**
 * Proves that what is said arrives: one standing message is edited every minute, and Slack has to tell of it. A socket that
 * is open says less than that.
 */
export class SelfCheck {
  readonly #courier: SlackCourier;
  readonly #channel: string;
  readonly #log: Log;
  #message: MessageRef | undefined;
  #heardAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: { readonly courier: SlackCourier; readonly channel: string; readonly log: Log }) {
    this.#courier = parts.courier;
    this.#channel = parts.channel;
    this.#log = parts.log;
  }

  start(): void {
    this.#heardAt = performance.now();
    void this.#beat();
    this.#timer = setInterval(() => void this.#beat(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  saw(ts: string): void {
    if (ts === this.#message?.id) this.#heardAt = performance.now();
  }

  deaf(): string | undefined {
    const silentMs = performance.now() - this.#heardAt;
    return silentMs < deafAfterMs
      ? undefined
      : `Slack has not told of the bot's own message for ${Math.round(silentMs / 1_000)} s`;
  }

  async #beat(): Promise<void> {
    const message: Outgoing = {
      card: {
        tone: "neutral",
        title: "Wardroom listens",
        summary: `Edited every minute, to prove that it hears. Last: ${stamp(Date.now())}.`,
        blocks: [],
      },
      files: [],
      nonce: "self-check",
      // After a restart it is the message of before.
      again: true,
    };
    try {
      this.#message ??= await this.#courier.post({ surface: "slack", channel: this.#channel }, message);
      this.#message = await this.#courier.edit(this.#message, message);
    } catch (error) {
      this.#log.warn("the self-check's message could not be edited", { error });
    }
  }
}
