import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Log } from "../../domain/log.ts";
import { drain } from "../chat/drain.ts";

/** Something Slack delivered, from a socket or over HTTP. */
export interface Envelope {
  readonly body: Record<string, unknown>;
  /** Tells Slack that it is taken; with what is to be shown at once, for commands and forms. */
  acknowledge(payload?: Readonly<Record<string, unknown>>): Promise<void>;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

/** Acknowledges an envelope; a listener finds it in its context, because Bolt acknowledges events before anybody has them. */
export interface EnvelopeContext {
  readonly acknowledge: Envelope["acknowledge"];
}

const restarting = {
  response_type: "ephemeral",
  text: "Not accepted: Wardroom is just being restarted. Nothing was done; ask again in a moment.",
};

/** Bolt's way in, fed by our own sockets and our own HTTP route. */
export class EnvelopeReceiver implements Receiver {
  readonly #log: Log;
  #app: App | undefined;
  #draining = false;
  readonly #underWay = new Set<Promise<void>>();
  /** What Slack has no acknowledgement of yet. */
  readonly #open = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  init(app: App): void {
    this.#app = app;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** Hands an envelope to Bolt. Never rejects, and never waits for an answer before the next one. */
  take(envelope: Envelope): void {
    if (this.#draining) return this.#refuse(envelope);
    const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
    const acknowledge: Envelope["acknowledge"] = async (payload) => {
      await envelope.acknowledge(payload);
      resolve();
    };
    const event: ReceiverEvent = {
      body: envelope.body,
      // Events are acknowledged when they are accepted, not when they arrive.
      ack: async (payload) => {
        if (envelope.body["type"] !== "event_callback") await acknowledge(payloadOf(payload));
      },
      customProperties: { acknowledge },
      ...(envelope.retryNum !== undefined && { retryNum: envelope.retryNum }),
      ...(envelope.retryReason !== undefined && { retryReason: envelope.retryReason }),
    };
    const handling = (this.#app?.processEvent(event) ?? Promise.resolve())
      .catch((error: unknown) => this.#log.error("something Slack delivered could not be handled", { error }))
      .finally(() => this.#underWay.delete(handling));
    this.#underWay.add(handling);
    const open = Promise.race([acknowledged, handling]).finally(() => this.#open.delete(open));
    this.#open.add(open);
  }

  /** What is not taken is not acknowledged either: Slack delivers an event again, to another socket. A command it does not. */
  #refuse(envelope: Envelope): void {
    if (envelope.body["command"] === undefined) return;
    envelope
      .acknowledge(restarting)
      .catch((error: unknown) => this.#log.debug("an acknowledgement was not taken", { error }));
  }

  /** Takes nothing new and waits until what was taken has been acknowledged. */
  async shut(): Promise<void> {
    this.#draining = true;
    await drain(this.#open);
  }

  /** Waits until what was taken has been handled. */
  async drain(): Promise<void> {
    await drain(this.#underWay);
  }
}

function payloadOf(payload: unknown): Record<string, unknown> | undefined {
  if (typeof payload === "string") return { text: payload };
  return typeof payload === "object" && payload !== null ? { ...payload } : undefined;
}
