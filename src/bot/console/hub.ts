import { inert } from "../../domain/text/inert.ts";
import type { MessageRow } from "./message-rows.ts";
import type { MessageStore } from "./message-store.ts";
import { viewOf } from "./view.ts";
import type { ChannelView, ConsoleAccount, ConsoleChannel, ConsoleSetup, MessageView, ServerFrame } from "./wire.ts";

/** One open page. `account` is who it is now, which only its own `hello` and `become` change. */
export interface Session {
  /** The browser tab; the same after a reconnect. */
  readonly tab: string;
  account: ConsoleAccount;
  send(frame: ServerFrame): void;
}

export interface HubParts {
  readonly store: MessageStore;
  readonly current: () => Pick<ConsoleSetup, "accounts" | "channels">;
}

/** Who is connected, and who gets to see what. */
export class Hub {
  readonly #parts: HubParts;
  readonly #sessions = new Set<Session>();
  readonly #working = new Map<string, { count: number; readonly message: MessageRow }>();

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#sessions.size;
  }

  join(session: Session): void {
    this.#sessions.add(session);
  }

  leave(session: Session): void {
    this.#sessions.delete(session);
  }

  /** To the pages of one tab, as long as it still is the same account. */
  toTab(owner: { readonly tab: string; readonly account: string }, frame: ServerFrame): boolean {
    const pages = [...this.#sessions].filter((each) => each.tab === owner.tab && each.account.id === owner.account);
    for (const page of pages) page.send(frame);
    return pages.length > 0;
  }

  /** A new or changed message, to every page that may see it, with what is now unread there. */
  publish(message: MessageRow): void {
    const view = this.view(message);
    for (const session of this.#sessions) {
      if (!this.mayEnter(session.account.id, message.channel) || !visibleTo(message, session.account.id)) continue;
      session.send({ type: "message", message: view });
      session.send(this.unreadFrame(session.account.id, message.channel));
    }
  }

  /** Several deliveries may work under one message: a button pressed while the answer is on its way. */
  setWorking(message: MessageRow, on: boolean): void {
    const count = (this.#working.get(message.id)?.count ?? 0) + (on ? 1 : -1);
    if (count > 0) this.#working.set(message.id, { count, message });
    else this.#working.delete(message.id);
    for (const session of this.#sessions) {
      if (visibleTo(message, session.account.id)) session.send({ type: "working", ask: message.id, on: count > 0 });
    }
  }

  workingFor(account: string): readonly string[] {
    return [...this.#working.values()].flatMap(({ message }) => (visibleTo(message, account) ? [message.id] : []));
  }

  unreadFrame(account: string, channel: string): ServerFrame {
    return { type: "unread", channel, count: this.#parts.store.unread(account, channel) };
  }

  view(message: MessageRow): MessageView {
    const files = message.body.kind === "card" ? this.#parts.store.filesOf(message.id) : [];
    return viewOf(
      message,
      files,
      (id) => this.#parts.current().accounts.find((each) => each.id === id)?.personName ?? id,
    );
  }

  knows(channel: string): boolean {
    const { current, store } = this.#parts;
    return [...current().channels, ...store.rooms()].some((each) => each.channel === channel);
  }

  /** Is there such a channel, and may this account be in it? */
  mayEnter(account: string, channel: string): boolean {
    return this.#channelsOf(account).some((each) => each.channel === channel);
  }

  /** Every channel of an account: those that are configured, then rooms of incidents. */
  channelsFor(account: string): readonly ChannelView[] {
    const { store } = this.#parts;
    return this.#channelsOf(account).map((each) => ({ ...each, unread: store.unread(account, each.channel) }));
  }

  #channelsOf(account: string): readonly ConsoleChannel[] {
    const { current, store } = this.#parts;
    const rooms = store
      .rooms()
      .filter(({ secluded, members }) => secluded === 0 || members.includes(account))
      .map(({ channel, topic }) => ({
        id: channel,
        title: channel,
        channel,
        ...(topic !== "" && { topic: inert(topic) }),
      }));
    return [...current().channels, ...rooms];
  }

  /** Tells every page which channels there are. */
  publishChannels(): void {
    for (const session of this.#sessions)
      session.send({ type: "channels", channels: this.channelsFor(session.account.id) });
  }
}

export function visibleTo(message: MessageRow, account: string): boolean {
  return message.audience === null || message.audience === account;
}
