import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Log } from "../../domain/log.ts";
import { drain } from "../chat/drain.ts";

/** Something Slack delivered, from a socket or over HTTP. */
export interface Envelope {
  readonly body: Record<string, unknown>;
  /** Tells Slack that it is taken; with what is to be shown at once, for commands and forms. */
  acknowledge(payload?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Tells Slack that it is not taken, where there is a way to say so: an event it then delivers again. */
  decline?(): void;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

/** Acknowledges an envelope; a listener finds it in its context, because Bolt acknowledges events before anybody has them. */
export interface EnvelopeContext {
  readonly acknowledge: Envelope["acknowledge"];
  /** It broke while it was handled: whether anything was accepted is not known. */
  readonly broke: () => void;
}

const restarting = {
  response_type: "ephemeral",
  text: "Not accepted: Wardroom is just being restarted. Nothing was done; ask again in a moment.",
};
const broken = {
  response_type: "ephemeral",
  text: "That could not be read, so nothing was done. If it happens again, tell whoever runs Wardroom.",
};

/** Bolt's way in, fed by our own sockets and our own HTTP route. */
export class EnvelopeReceiver implements Receiver {
  readonly #log: Log;
  readonly #ready: () => boolean;
  #app: App | undefined;
  #draining = false;
  readonly #underWay = new Set<Promise<void>>();
  /** What Slack has no acknowledgement of yet. */
  readonly #open = new Set<Promise<void>>();

  /** `ready` says whether it is known who the bot is: before that nothing can be told from what the bot said itself. */
  constructor(log: Log, ready: () => boolean = () => true) {
    this.#log = log;
    this.#ready = ready;
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
    if (this.#draining || !this.#ready()) return this.#refuse(envelope);
    const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
    const handling = this.#handle(envelope, resolve).finally(() => this.#underWay.delete(handling));
    this.#underWay.add(handling);
    const open = Promise.race([acknowledged, handling]).finally(() => this.#open.delete(open));
    this.#open.add(open);
  }

  /** Until every listener is done with it; `acknowledged` is called once Slack has been told. Never rejects. */
  async #handle(envelope: Envelope, acknowledged: () => void): Promise<void> {
    let state: "open" | "acknowledged" | "broken" = "open";
    const acknowledge: Envelope["acknowledge"] = async (payload) => {
      state = "acknowledged";
      await envelope.acknowledge(payload);
      acknowledged();
    };
    const broke = (): void => {
      if (state === "open") state = "broken";
    };
    const event: ReceiverEvent = {
      body: envelope.body,
      // Events are acknowledged when they are accepted, not when they arrive.
      ack: async (payload) => {
        if (!isEvent(envelope)) await acknowledge(payloadOf(payload));
      },
      customProperties: { acknowledge, broke } satisfies EnvelopeContext,
      ...(envelope.retryNum !== undefined && { retryNum: envelope.retryNum }),
      ...(envelope.retryReason !== undefined && { retryReason: envelope.retryReason }),
    };
    try {
      await this.#app?.processEvent(event);
    } catch (error) {
      this.#log.error("something Slack delivered could not be handled", { error });
      broke();
    }
    const ended: string = state;
    if (ended !== "acknowledged") this.#settle(envelope, ended === "broken");
  }

  /**
   * Whatever nobody acknowledged is told to Slack all the same, or it waits and delivers again: what asks nothing of the
   * bot as taken, an event that broke as not taken, because it may go better the next time.
   */
  #settle(envelope: Envelope, broke: boolean): void {
    if (broke && isEvent(envelope)) return envelope.decline?.();
    this.#acknowledge(envelope, broke && envelope.body["command"] !== undefined ? broken : nothingFor(envelope));
  }

  /** What is not taken is not acknowledged either: Slack delivers an event again, to another socket. A command it does not. */
  #refuse(envelope: Envelope): void {
    if (envelope.body["command"] === undefined) return envelope.decline?.();
    this.#acknowledge(envelope, restarting);
  }

  #acknowledge(envelope: Envelope, payload: Readonly<Record<string, unknown>> | undefined): void {
    envelope
      .acknowledge(payload)
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

function isEvent({ body }: Envelope): boolean {
  return body["type"] === "event_callback";
}

/** What Slack takes as an answer that says nothing: a menu waits for a list of its options. */
function nothingFor({ body }: Envelope): Readonly<Record<string, unknown>> | undefined {
  return body["type"] === "block_suggestion" ? { options: [] } : undefined;
}

function payloadOf(payload: unknown): Record<string, unknown> | undefined {
  if (typeof payload === "string") return { text: payload };
  return typeof payload === "object" && payload !== null ? { ...payload } : undefined;
}
