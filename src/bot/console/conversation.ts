import type { WebSocket } from "@fastify/websocket";
import type { Bot } from "../surface.ts";
import type { ConsoleLog, Deliveries } from "./deliveries.ts";
import { sameToken } from "./guard.ts";
import type { Hub, Session } from "./hub.ts";
import type { MessageStore } from "./message-store.ts";
import { TokenBucket } from "./rate.ts";
import { readTyped } from "./typed.ts";
import { ClientFrame, type ConsoleSetup, closeCodes, type FrameOf, type ServerFrame } from "./wire.ts";

export interface ConversationParts {
  readonly token: string;
  readonly bot: Bot;
  readonly store: MessageStore;
  readonly hub: Hub;
  readonly deliveries: Deliveries;
  readonly current: () => ConsoleSetup;
  readonly log: ConsoleLog;
  /** A steady clock for the rate limit, ms. */
  readonly steady: () => number;
}

const helloWithinMs = 5_000;
const beatEveryMs = 15_000;
/** Bytes a page that does not read may leave waiting before it is let go. */
const backlogLimit = 8 * 1024 * 1024;

/** One page's socket, from its hello to its end. */
export class Conversation {
  readonly #socket: WebSocket;
  readonly #parts: ConversationParts;
  readonly #bucket: TokenBucket;
  readonly #beat: NodeJS.Timeout;
  readonly #hello: NodeJS.Timeout;
  #session: Session | undefined;

  constructor(socket: WebSocket, parts: ConversationParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#bucket = new TokenBucket({ burst: 60, perSecond: 15 }, parts.steady());
    this.#hello = setTimeout(() => socket.close(closeCodes.notAuthentic, "no hello"), helloWithinMs);
    this.#beat = setInterval(() => this.#send({ type: "beat" }), beatEveryMs);
    socket.on("message", (data, binary) => this.#receive(binary ? "" : textOf(data)));
    socket.on("error", (error) => parts.log.warn("a console socket failed", { error }));
    socket.on("close", () => this.#end());
  }

  #receive(text: string): void {
    const frame = ClientFrame.safeParse(parseJson(text));
    const limited = !this.#bucket.take(this.#parts.steady());
    if (!frame.success) {
      this.#send({ type: "problem", why: "The console did not understand this page. Load it again." });
      return this.#socket.close(closeCodes.badFrame, "bad frame");
    }
    if (frame.data.type === "hello") return this.#greet(frame.data);
    if (!this.#session) return this.#socket.close(closeCodes.notAuthentic, "no hello");
    if (limited) return this.#slowDown(frame.data);
    try {
      this.#dispatch(this.#session, frame.data);
    } catch (error) {
      this.#parts.log.error("a console frame failed", { error, frame: frame.data.type });
      this.#send({ type: "problem", why: "The console could not do that." });
    }
  }

  #greet(frame: FrameOf<"hello">): void {
    const { token, hub, deliveries } = this.#parts;
    const { accounts } = this.#parts.current();
    clearTimeout(this.#hello);
    if (this.#session || !sameToken(frame.token, token)) {
      return this.#socket.close(closeCodes.notAuthentic, "not this start's token");
    }
    const account = accounts.find((each) => each.id === frame.account) ?? accounts[0];
    this.#session = { tab: frame.tab, account, send: (each) => this.#send(each) };
    hub.join(this.#session);
    this.#welcome(this.#session);
    deliveries.resume(this.#session);
  }

  #dispatch(session: Session, frame: Exclude<ClientFrame, { type: "hello" }>): void {
    const { deliveries } = this.#parts;
    switch (frame.type) {
      case "become":
        return this.#become(session, frame.account);
      case "open":
        return this.#open(session, frame);
      case "send":
        return deliveries.send(session, frame);
      case "press":
        return deliveries.press(session, frame);
      case "submit":
        return deliveries.submit(session, frame);
      case "complete":
        return void this.#complete(session, frame);
      case "read":
        return this.#read(session, frame);
    }
  }

  #become(session: Session, id: string): void {
    const account = this.#parts.current().accounts.find((each) => each.id === id);
    if (!account) return this.#send({ type: "problem", why: "There is no such person here." });
    session.account = account;
    this.#welcome(session);
    this.#parts.deliveries.resume(session);
  }

  #welcome(session: Session): void {
    const { hub } = this.#parts;
    const { accounts, examples } = this.#parts.current();
    const { id } = session.account;
    this.#send({
      type: "welcome",
      account: id,
      accounts,
      channels: hub.channelsFor(id),
      examples,
      working: hub.workingFor(id),
    });
  }

  #open(session: Session, frame: FrameOf<"open">): void {
    const { store, hub } = this.#parts;
    if (!hub.mayEnter(session.account.id, frame.channel))
      return this.#send({ type: "problem", why: "This channel is not here." });
    if (store.isRoom(frame.channel)) void this.#comeIn(session, frame.channel);
    const page = store.page(frame.channel, session.account.id, frame.before);
    this.#send({
      type: "history",
      channel: frame.channel,
      messages: page.messages.map((message) => hub.view(message)),
      more: page.more,
      ...(frame.before !== undefined && { before: frame.before }),
      readTo: store.readTo(session.account.id, frame.channel),
    });
  }

  /** Who looks into a room has come into it. */
  async #comeIn(session: Session, channel: string): Promise<void> {
    const account = { surface: "console", id: session.account.id } as const;
    try {
      await this.#parts.bot.joined({ account, place: { surface: "console", channel } });
    } catch (error) {
      this.#parts.log.warn("it could not be put on record who came into a room", { error });
    }
  }

  #read(session: Session, frame: FrameOf<"read">): void {
    const { store, hub } = this.#parts;
    if (!hub.mayEnter(session.account.id, frame.channel)) return;
    store.markRead(session.account.id, frame.channel, frame.touched);
    hub.toTab({ tab: session.tab, account: session.account.id }, hub.unreadFrame(session.account.id, frame.channel));
  }

  async #complete(session: Session, frame: FrameOf<"complete">): Promise<void> {
    const { bot, hub, log } = this.#parts;
    const typed = readTyped(frame.text, false);
    if (!hub.mayEnter(session.account.id, frame.channel) || typed.kind === "say") return;
    const place = {
      surface: "console",
      channel: frame.channel,
      ...(frame.thread !== undefined && { thread: frame.thread }),
    } as const;
    try {
      const offers = await bot.complete({ surface: "console", id: session.account.id }, place, typed.text);
      const items = offers.slice(0, 50).map((each) => ({ ...each, from: each.from + typed.offset }));
      this.#send({ type: "completions", seq: frame.seq, items });
    } catch (error) {
      log.warn("a completion failed", { error });
    }
  }

  #slowDown(frame: Exclude<ClientFrame, { type: "hello" }>): void {
    const why = "Too much at once. Wait a moment, then try again.";
    this.#send("id" in frame ? { type: "refused", id: frame.id, why } : { type: "problem", why });
  }

  #send(frame: ServerFrame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > backlogLimit) return this.#socket.terminate();
    this.#socket.send(JSON.stringify(frame));
  }

  #end(): void {
    clearTimeout(this.#hello);
    clearInterval(this.#beat);
    if (this.#session) this.#parts.hub.leave(this.#session);
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
