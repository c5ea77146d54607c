import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import type { Log } from "../../domain/log.ts";
import type { Outgoing } from "../../domain/messages/message.ts";
import type { Account } from "../../domain/people/person.ts";
import { asTask, readToDo } from "../chat/room-talk.ts";
import type { Form } from "../language/form.ts";
import type { Bot } from "../surface.ts";
import { type ConsoleCourier, rootOf } from "./courier.ts";
import { type Hub, type Session, visibleTo } from "./hub.ts";
import type { MessageRow } from "./message-rows.ts";
import type { MessageStore } from "./message-store.ts";
import { readTyped } from "./typed.ts";
import { inertForm } from "./view.ts";
import type { FrameOf, ServerFrame } from "./wire.ts";

/** The part of a log that the console writes to. */
export type ConsoleLog = Pick<Log, "warn" | "error">;

export interface DeliveryParts {
  readonly bot: Bot;
  readonly store: MessageStore;
  readonly hub: Hub;
  readonly courier: ConsoleCourier;
  readonly log: ConsoleLog;
  readonly now: () => number;
}

interface Owner {
  readonly tab: string;
  readonly account: string;
}

interface PageDelivery {
  readonly id: string;
  /** The id the page gave it. */
  readonly clientId: string;
  readonly owner: Owner;
  readonly content: DeliveryContent;
  readonly root: string;
  readonly answers?: string;
  /** The message under which its answer appears. */
  readonly under: MessageRow;
}

interface Progress {
  accepted: boolean;
  done: boolean;
}

const remembered = 1_000;

/**
 * Turns what a page sends into deliveries to the bot. The page repeats what was not acknowledged, so one id reaches
 * the bot once while this process lives; after a restart the bot itself knows the id.
 */
export class Deliveries {
  readonly #parts: DeliveryParts;
  readonly #progress = new Map<string, Progress>();
  readonly #running = new Set<Promise<void>>();
  readonly #waitingForms = new Map<string, ServerFrame>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  send(session: Session, frame: FrameOf<"send">): void {
    const { store, hub } = this.#parts;
    const refuse = (why: string) => session.send({ type: "refused", id: frame.id, why });
    if (!hub.mayEnter(session.account.id, frame.channel)) return refuse("This channel is not here.");
    const root = frame.thread === undefined ? undefined : this.#seen(session, frame.thread);
    if (frame.thread !== undefined && root?.channel !== frame.channel) return refuse("This thread is no longer kept.");
    const typed = readTyped(frame.text, frame.say);
    if (!typed.text) return refuse("There is nothing to send.");
    const { message, fresh } = store.add({
      nonce: `person:${session.account.id}:${frame.id}`,
      channel: frame.channel,
      ...(root && { thread: rootOf(root) }),
      author: session.account.id,
      at: this.#parts.now(),
      body: { kind: typed.kind, text: typed.text },
    });
    if (fresh) hub.publish(message);
    const todo = store.isRoom(frame.channel) ? readToDo(typed.text, { names: /(?<=^|\s)@[\w.-]+/ }) : undefined;
    if (typed.kind === "say" && !todo) return session.send({ type: "accepted", id: frame.id });
    this.#deliver(session, frame.id, {
      content: todo ? asTask({ ...todo, ...ownerOf(todo) }) : { kind: "text", text: typed.text },
      root: rootOf(message),
      ...(root && { answers: message.id }),
      under: message,
    });
  }

  press(session: Session, frame: FrameOf<"press">): void {
    const card = this.#seen(session, frame.message);
    const offered = card?.body.kind === "card" && card.body.card.actions?.some((each) => each.id === frame.action);
    if (!card || !offered) {
      return session.send({ type: "refused", id: frame.id, why: "This button is no longer offered." });
    }
    this.#deliver(session, frame.id, {
      content: { kind: "press", action: frame.action },
      root: rootOf(card),
      ...(card.answers !== null && { answers: card.answers }),
      under: card,
    });
  }

  submit(session: Session, frame: FrameOf<"submit">): void {
    const root = this.#seen(session, frame.thread);
    const under = this.#seen(session, frame.answers ?? frame.thread);
    if (!root || !under || root.channel !== frame.channel) {
      return session.send({
        type: "refused",
        id: frame.id,
        why: "The message this form belongs to is no longer kept.",
      });
    }
    this.#deliver(session, frame.id, {
      content: {
        kind: "form",
        command: frame.command,
        values: frame.values,
        ...(frame.carried.length > 0 && { carried: frame.carried }),
      },
      root: rootOf(root),
      ...(frame.answers !== undefined && { answers: frame.answers }),
      under,
    });
  }

  /** A form that was opened while its tab was away. */
  resume(session: Session): void {
    const key = ownerKey({ tab: session.tab, account: session.account.id });
    const form = this.#waitingForms.get(key);
    if (form && this.#waitingForms.delete(key)) session.send(form);
  }

  /** Resolves when everything under way has been handled. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #seen(session: Session, id: string): MessageRow | undefined {
    const message = this.#parts.store.find(id);
    const { id: account } = session.account;
    const isSeen = message && visibleTo(message, account) && this.#parts.hub.mayEnter(account, message.channel);
    return isSeen ? message : undefined;
  }

  #deliver(
    session: Session,
    clientId: string,
    what: Pick<PageDelivery, "content" | "root" | "answers" | "under">,
  ): void {
    const owner = { tab: session.tab, account: session.account.id };
    const delivery = { ...what, id: `${owner.account}:${clientId}`, clientId, owner };
    const known = this.#progress.get(delivery.id);
    if (known?.accepted) session.send({ type: "accepted", id: clientId });
    if (known?.done) session.send({ type: "done", id: clientId });
    if (known) return;
    this.#remember(delivery.id);
    const running = this.#run(delivery).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(delivery: PageDelivery): Promise<void> {
    const { bot, hub, log } = this.#parts;
    hub.setWorking(delivery.under, true);
    try {
      await bot.handle(this.#forBot(delivery), () => this.#accepted(delivery));
    } catch (error) {
      log.error("a console delivery failed", { error, delivery: delivery.id });
      hub.toTab(delivery.owner, { type: "refused", id: delivery.clientId, why: "The bot failed. Try it again." });
    }
    this.#accepted(delivery);
    const progress = this.#progress.get(delivery.id);
    if (progress) progress.done = true;
    hub.setWorking(delivery.under, false);
    hub.toTab(delivery.owner, { type: "done", id: delivery.clientId });
  }

  #accepted(delivery: PageDelivery): void {
    const progress = this.#progress.get(delivery.id);
    if (!progress || progress.accepted) return;
    progress.accepted = true;
    this.#parts.hub.toTab(delivery.owner, { type: "accepted", id: delivery.clientId });
  }

  #forBot(delivery: PageDelivery) {
    const { channel } = delivery.under;
    const place = { surface: "console", channel, thread: delivery.root } as const;
    const account: Account = { surface: "console", id: delivery.owner.account };
    const answers = delivery.answers === undefined ? {} : { answers: delivery.answers };
    return {
      id: delivery.id,
      account,
      place,
      content: delivery.content,
      respond: async (message: Outgoing) => {
        const ref = this.#parts.courier.put({ place, ...answers }, message);
        return message.audience ? undefined : ref;
      },
      form: async (form: Form) => {
        const view = { form: inertForm(form), channel, thread: delivery.root, ...answers };
        this.#openForm(delivery.owner, { type: "form", id: delivery.clientId, view });
      },
    };
  }

  #openForm(owner: Owner, frame: ServerFrame): void {
    if (!this.#parts.hub.toTab(owner, frame)) bounded(this.#waitingForms, 100).set(ownerKey(owner), frame);
  }

  #remember(id: string): void {
    bounded(this.#progress, remembered).set(id, { accepted: false, done: false });
  }
}

/** `@boris` is whom people know as boris. */
function ownerOf({ owner }: { readonly owner?: string }): { readonly owner?: string } {
  return owner === undefined ? {} : { owner: owner.replace(/^@/, "") };
}

function ownerKey(owner: Owner): string {
  return `${owner.account} ${owner.tab}`;
}

/** Lets the oldest entry go when the map is full. */
function bounded<Key, Value>(map: Map<Key, Value>, limit: number): Map<Key, Value> {
  for (const key of map.keys()) {
    if (map.size < limit) break;
    map.delete(key);
  }
  return map;
}
