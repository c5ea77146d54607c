import type { Log } from "../../domain/log.ts";
import type { Courier, MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Meter } from "../../domain/meter.ts";
import { stamp } from "../../domain/text/moment.ts";

/** The title of the standing message. */
export const selfCheckTitle = "Wardroom listens";
const everyMs = 60_000;
/** So many edits in a row that were taken and not seen, and the time in which they come. */
const deafAfterUntold = 2;
const deafAfterMs = 150_000;
/**
 * Where several processes share what is told, each edits once a minute and hears one in a minute on average, so by chance
 * alone it hears nothing for so long once in years.
 */
const deafAmongOthersAfterMs = 15 * 60_000;
/** As long as an alert may take to be seen, in a hundred that come in a minute. */
const lateAfterMs = 15_000;
/** The moment of sending, ms since 1970, as the message carries it: what is told of an edit is of that very edit. */
const moment = /\b1\d{12}\b/;

/**
 * Proves that what is said arrives: one standing message is edited every minute, and the platform has to tell of it. A
 * connection that is open says less than that. How long that takes is the way of an alert, through the limits that the bot
 * keeps, the platform and its connection back.
 */
export class SelfCheck {
  readonly #courier: Courier;
  readonly #channel: string;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #find: (() => Promise<MessageRef | undefined>) | undefined;
  #message: MessageRef | undefined;
  #heardAt = performance.now();
  #arrivedAt = performance.now();
  /** Posts and edits that the platform took since something was told last. */
  #untold = 0;
  /** What the platform refused last, and since when. */
  #refused: { readonly what: "posted" | "edited"; readonly since: number } | undefined;
  /** How long the last edits took to be seen, ms, the newest first. */
  #took: readonly number[] = [];
  #isBeating = false;
  #timer: NodeJS.Timeout | undefined;

  /** `find` looks for the message of a process before this one, where the courier does not find it by its nonce. */
  constructor(parts: {
    readonly courier: Courier;
    readonly channel: string;
    readonly log: Log;
    readonly meter: Meter;
    readonly find?: () => Promise<MessageRef | undefined>;
  }) {
    this.#find = parts.find;
    this.#courier = parts.courier;
    this.#channel = parts.channel;
    this.#log = parts.log;
    this.#meter = parts.meter;
  }

  /** Again from the start, as after a connection that was lost. */
  start(): void {
    this.stop();
    this.#heardAt = performance.now();
    this.#arrivedAt = performance.now();
    this.#untold = 0;
    this.#refused = undefined;
    void this.#beat();
    this.#timer = setInterval(() => void this.#beat(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The platform told that this message is `told` now. */
  saw(id: string, told: unknown): void {
    if (id !== this.#message?.id) return;
    this.heard();
    const [sentAt] = moment.exec(JSON.stringify(told) ?? "") ?? [];
    if (sentAt === undefined) return;
    // Also of an edit by another process: what it took is what it took.
    const ms = Math.max(0, Date.now() - Number(sentAt));
    this.#arrivedAt = performance.now();
    this.#took = [ms, ...this.#took].slice(0, 2);
    this.#meter.observe("wardroom_canary_seconds", ms / 1_000, { surface: this.#courier.surface });
  }

  /** Something was told that only this process can have been told. */
  heard(): void {
    this.#heardAt = performance.now();
    this.#untold = 0;
  }

  /**
   * How nothing is heard; undefined also where that cannot be known, since the platform takes nothing that it could tell of.
   * `shared`: other processes take a part of what is told.
   */
  deaf({ shared = false } = {}): string | undefined {
    const after = shared ? deafAmongOthersAfterMs : deafAfterMs;
    if (this.#untold < deafAfterUntold || performance.now() - this.#heardAt < after) return undefined;
    return `nothing was told of the bot's own message for ${minutes(after)}`;
  }

  /** How what is said fails to arrive in time; undefined while it does. The same words for as long as it is the same. */
  late({ shared = false } = {}): string | undefined {
    const after = shared ? deafAmongOthersAfterMs : deafAfterMs;
    const refused = this.#refused;
    // Whatever others say: what this process says is not taken.
    if (refused && performance.now() - refused.since >= deafAfterMs)
      return `the bot's own message could not be ${refused.what} for ${minutes(deafAfterMs)}`;
    if (performance.now() - this.#arrivedAt >= after)
      return `an edit of the bot's own message was last seen more than ${minutes(after)} ago`;
    const isLate = this.#took.length === 2 && this.#took.every((ms) => ms > lateAfterMs);
    return isLate ? `the last edits of the bot's own message took more than ${lateAfterMs / 1_000} s` : undefined;
  }

  async #beat(): Promise<void> {
    // What waits to be sent is late already, and two of it would not be there sooner.
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      this.#message ??= await this.#find?.();
      this.#message ??= await this.#courier.post(
        { surface: this.#courier.surface, channel: this.#channel },
        this.#standing(),
      );
      this.#message = await this.#courier.edit(this.#message, this.#standing());
      this.#untold += 1;
      this.#refused = undefined;
    } catch (error) {
      const what = this.#message ? "edited" : "posted";
      this.#refused = { what, since: this.#refused?.since ?? performance.now() };
      this.#log.warn(`the self-check's message could not be ${what}`, { error });
    } finally {
      this.#isBeating = false;
    }
  }

  #standing(): Outgoing {
    const now = Date.now();
    const [took] = this.#took;
    const before = took === undefined ? "" : ` The one before was seen after ${(took / 1_000).toFixed(2)} s.`;
    return {
      card: {
        tone: "neutral",
        title: selfCheckTitle,
        summary: `Edited every minute, to prove that it hears. Last: ${stamp(now)} (${now}).${before}`,
        blocks: [],
      },
      files: [],
      nonce: "self-check",
      // After a restart it is the message of before.
      again: true,
    };
  }
}

function minutes(ms: number): string {
  return `${ms / 60_000} minutes`;
}
