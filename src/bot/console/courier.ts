import { BackendError } from "../../domain/failure.ts";
import type { Courier, MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Hub } from "./hub.ts";
import type { MessageRow } from "./message-rows.ts";
import type { MessageStore } from "./message-store.ts";

export interface AnswerSpot {
  readonly place: Place;
  /** The asking it answers, when that is not the thread's root. */
  readonly answers?: string;
}

/** Puts the bot's messages into the console. */
export class ConsoleCourier implements Courier {
  readonly surface = "console";
  readonly #store: MessageStore;
  readonly #hub: Hub;
  readonly #now: () => number;

  constructor(parts: { readonly store: MessageStore; readonly hub: Hub; readonly now: () => number }) {
    this.#store = parts.store;
    this.#hub = parts.hub;
    this.#now = parts.now;
  }

  async post(place: Place, message: Outgoing): Promise<MessageRef> {
    return this.put({ place }, message);
  }

  async edit(ref: MessageRef, message: Outgoing): Promise<MessageRef> {
    if (!this.#hub.knows(ref.channel)) throw noChannel(ref.channel);
    const edited = this.#attempt(() => this.#store.edit(ref.id, message.card, message.files));
    if (!edited) throw new BackendError("console", { fault: "missing", detail: "the message is no longer kept" });
    this.#hub.publish(edited);
    return ref;
  }

  /** Posts where an asking wants its answer. */
  put(spot: AnswerSpot, message: Outgoing): MessageRef {
    const { channel } = spot.place;
    const { audience } = message;
    if (!this.#hub.knows(channel)) throw noChannel(channel);
    if (audience && audience.surface !== "console") {
      throw new BackendError("console", { fault: "refused", detail: `it has no ${audience.surface} accounts` });
    }
    const { message: kept, fresh } = this.#attempt(() =>
      this.#store.add(
        {
          nonce: `bot:${message.nonce}`,
          channel,
          ...this.#thread(spot),
          ...(audience && { audience: audience.id }),
          at: this.#now(),
          body: { kind: "card", card: message.card },
        },
        message.files,
      ),
    );
    if (fresh) this.#hub.publish(kept);
    return { surface: "console", channel, id: kept.id };
  }

  /** A thread whose root is no longer kept would hide the message: it goes to the channel instead. */
  #thread({ place, answers }: AnswerSpot): { thread?: string; answers?: string } {
    const root = place.thread === undefined ? undefined : this.#store.find(place.thread);
    if (!root || root.channel !== place.channel) return {};
    return { thread: root.thread ?? root.id, ...(answers !== undefined && { answers }) };
  }

  #attempt<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : "its storage failed";
      throw new BackendError("console", { fault: "broken", detail });
    }
  }
}

/** The message a button or form belongs under. */
export function rootOf(message: MessageRow): string {
  return message.thread ?? message.id;
}

function noChannel(channel: string): BackendError {
  return new BackendError("console", { fault: "missing", detail: `there is no channel ${channel}` });
}
