import type { Log } from "../../domain/log.ts";
import type { Courier, MessageRef, Outgoing } from "../../domain/messages/message.ts";
import { stamp } from "../../domain/text/moment.ts";

/** The title of the standing message. */
export const selfCheckTitle = "Wardroom listens";
const everyMs = 60_000;
/** Two edits in a row that were not seen. */
const deafAfterMs = 150_000;
/**
 * Where several processes share what is told, each edits once a minute and hears one in a minute on average, so by chance
 * alone it hears nothing for so long once in years.
 */
const deafAmongOthersAfterMs = 15 * 60_000;

/**
 * Proves that what is said arrives: one standing message is edited every minute, and the platform has to tell of it. A
 * connection that is open says less than that.
 */
export class SelfCheck {
  readonly #courier: Courier;
  readonly #channel: string;
  readonly #log: Log;
  readonly #find: (() => Promise<MessageRef | undefined>) | undefined;
  #message: MessageRef | undefined;
  #heardAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** `find` looks for the message of a process before this one, where the courier does not find it by its nonce. */
  constructor(parts: {
    readonly courier: Courier;
    readonly channel: string;
    readonly log: Log;
    readonly find?: () => Promise<MessageRef | undefined>;
  }) {
    this.#find = parts.find;
    this.#courier = parts.courier;
    this.#channel = parts.channel;
    this.#log = parts.log;
  }

  /** Again from the start, as after a connection that was lost. */
  start(): void {
    this.stop();
    this.#heardAt = performance.now();
    void this.#beat();
    this.#timer = setInterval(() => void this.#beat(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The platform told of an edit of this message. */
  saw(id: string): void {
    if (id === this.#message?.id) this.heard();
  }

  /** Something was told that only this process can have been told. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** `shared`: other processes take a part of what is told. */
  deaf({ shared = false } = {}): string | undefined {
    const silentMs = performance.now() - this.#heardAt;
    return silentMs < (shared ? deafAmongOthersAfterMs : deafAfterMs)
      ? undefined
      : `nothing was told of the bot's own message for ${Math.round(silentMs / 1_000)} s`;
  }

  async #beat(): Promise<void> {
    const message: Outgoing = {
      card: {
        tone: "neutral",
        title: selfCheckTitle,
        summary: `Edited every minute, to prove that it hears. Last: ${stamp(Date.now())}.`,
        blocks: [],
      },
      files: [],
      nonce: "self-check",
      // After a restart it is the message of before.
      again: true,
    };
    try {
      this.#message ??= await this.#find?.();
      this.#message ??= await this.#courier.post({ surface: this.#courier.surface, channel: this.#channel }, message);
      this.#message = await this.#courier.edit(this.#message, message);
    } catch (error) {
      this.#log.warn("the self-check's message could not be edited", { error });
    }
  }
}
