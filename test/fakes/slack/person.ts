import { fieldsOf, listOf } from "./method.ts";
import { joinedEvent } from "./rooms.ts";
import type { FakeSlack } from "./slack.ts";
import type { FakeMessage, View } from "./world.ts";

/** Something Slack handed to the bot, and how the bot took it. */
export class Delivery {
  readonly id: string;
  readonly type: "events_api" | "slash_commands" | "interactive";
  readonly payload: Readonly<Record<string, unknown>>;
  readonly sentAt = performance.now();
  /** How long until it was acknowledged, and with what; pending while it is not. */
  readonly acked: Promise<{ readonly afterMs: number; readonly payload: unknown }>;
  isAcked = false;
  /** How often Slack waited in vain. */
  late = 0;
  readonly #told: ((payload: unknown) => void)[] = [];
  #resolve: (ack: { afterMs: number; payload: unknown }) => void = () => {};

  constructor(id: string, type: Delivery["type"], payload: Readonly<Record<string, unknown>>) {
    this.id = id;
    this.type = type;
    this.payload = payload;
    this.acked = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  whenAcked(tell: (payload: unknown) => void): void {
    this.#told.push(tell);
  }

  acknowledge(payload: unknown): void {
    this.isAcked = true;
    for (const tell of this.#told) tell(payload);
    this.#resolve({ afterMs: performance.now() - this.sentAt, payload });
  }

  timedOut(): void {
    this.late += 1;
  }
}

/** Somebody in the workspace, or an account of another one. */
export class SlackPerson {
  readonly id: string;
  readonly #slack: FakeSlack;

  constructor(slack: FakeSlack, id: string) {
    this.#slack = slack;
    this.id = id;
  }

  slash(text: string, at: { channel: string; command?: string }): Delivery {
    const { world } = this.#slack;
    return this.#slack.deliver({
      type: "slash_commands",
      payload: {
        token: "unused",
        team_id: this.#team,
        team_domain: "fake",
        channel_id: at.channel,
        channel_name: world.channels.get(at.channel)?.name ?? "",
        user_id: this.id,
        user_name: this.#name,
        command: at.command ?? "/ops",
        text,
        api_app_id: world.appId,
        is_enterprise_install: "false",
        response_url: this.#slack.responseUrl(this.id, at.channel),
        trigger_id: world.trigger(this.id),
      },
    });
  }

  /** Names the bot in a channel. */
  mention(text: string, at: { channel: string; thread?: string }): Delivery {
    const ts = this.#posted(`<@${this.#slack.world.botUser}> ${text}`, at);
    return this.#slack.event({
      type: "app_mention",
      user: this.id,
      team: this.#team,
      user_team: this.#team,
      text: `<@${this.#slack.world.botUser}> ${text}`,
      ts,
      channel: at.channel,
      event_ts: ts,
      ...(at.thread !== undefined && { thread_ts: at.thread }),
    });
  }

  /** Says something in a channel without naming the bot. */
  say(text: string, at: { channel: string; thread?: string }): Delivery {
    const ts = this.#posted(text, at);
    return this.#slack.event({
      type: "message",
      user: this.id,
      team: this.#team,
      text,
      ts,
      channel: at.channel,
      channel_type: "channel",
      event_ts: ts,
      ...(at.thread !== undefined && { thread_ts: at.thread }),
    });
  }

  /** Comes into a channel by themselves; the bot hears of it where it is in it and may see who is. */
  joins(channel: string): Delivery | undefined {
    const { world, scopes } = this.#slack;
    const [there, user] = [world.channels.get(channel), world.users.get(this.id)];
    if (!there || !user) throw new Error("there is no such channel, or no such person");
    there.members.add(this.id);
    const isTold = there.members.has(world.botUser) && scopes.has(there.isPrivate ? "groups:read" : "channels:read");
    return isTold ? this.#slack.event(joinedEvent(there, user)) : undefined;
  }

  dm(text: string): Delivery {
    const channel = this.#slack.world.directWith(this.id);
    const ts = this.#posted(text, { channel });
    return this.#slack.event({
      type: "message",
      user: this.id,
      team: this.#team,
      text,
      ts,
      channel,
      channel_type: "im",
      event_ts: ts,
    });
  }

  /** Edits a message of theirs: Slack tells the bot of both. */
  edit(message: { ts: string; channel: string }, text: string): Delivery {
    const changed = {
      type: "message",
      user: this.id,
      team: this.#team,
      text,
      ts: message.ts,
      edited: { user: this.id, ts: message.ts },
    };
    this.#slack.event({ ...changed, type: "app_mention", channel: message.channel, event_ts: message.ts });
    return this.#slack.event({
      type: "message",
      subtype: "message_changed",
      channel: message.channel,
      channel_type: "channel",
      message: changed,
      previous_message: changed,
      ts: message.ts,
      event_ts: message.ts,
      hidden: true,
    });
  }

  /** Puts a sign under a message; the bot hears of it where it may. */
  reacts(message: FakeMessage, reaction: string): Delivery | undefined {
    if (!this.#slack.scopes.has("reactions:read")) return undefined;
    return this.#slack.event({
      type: "reaction_added",
      user: this.id,
      reaction,
      item: { type: "message", channel: message.channel, ts: message.ts },
      item_user: message.author,
      event_ts: this.#slack.world.ts(),
    });
  }

  /** Presses a button, found by its label. */
  press(message: FakeMessage | { blocks: readonly unknown[]; channel: string }, label: string): Delivery {
    const button = message.blocks
      .flatMap((block) => listOf(fieldsOf(block)["elements"]))
      .map(fieldsOf)
      .find((element) => element["type"] === "button" && fieldsOf(element["text"])["text"] === label);
    if (!button) throw new Error(`there is no button ${label}`);
    const ts = "ts" in message ? message.ts : undefined;
    return this.#interact({
      type: "block_actions",
      container:
        ts === undefined
          ? { type: "message", is_ephemeral: true, channel_id: message.channel }
          : { type: "message", message_ts: ts, channel_id: message.channel, is_ephemeral: false },
      channel: { id: message.channel, name: "x" },
      ...(ts !== undefined &&
        "thread" in message && { message: { ts, ...(message.thread !== undefined && { thread_ts: message.thread }) } }),
      ...(ts !== undefined && !("thread" in message) && { message: { ts } }),
      response_url: this.#slack.responseUrl(this.id, message.channel),
      actions: [
        {
          type: "button",
          action_id: button["action_id"],
          block_id: "b",
          text: button["text"],
          action_ts: `${this.#slack.world.next()}.0`,
        },
      ],
    });
  }

  /** The modal that is open for them, if any. */
  get view(): View | undefined {
    return this.#slack.world.views.findLast((view) => view.user === this.id && view.open);
  }

  /** Fills the open modal in, by field, and sends it off; what the bot finds wrong stands in `view.errors`. */
  submit(values: Readonly<Record<string, string>>): Delivery {
    const { view } = this;
    if (!view) throw new Error("no modal is open");
    const state = Object.fromEntries(
      listOf(view.content["blocks"])
        .map(fieldsOf)
        .flatMap((block) => this.#filled(block, values)),
    );
    const delivery = this.#interact({
      type: "view_submission",
      view: { ...view.content, id: view.id, hash: view.hash, state: { values: state } },
      response_urls: [],
    });
    delivery.whenAcked((payload) => {
      const { response_action: action, errors } = fieldsOf(payload);
      if (action === "errors")
        view.errors = Object.fromEntries(Object.entries(fieldsOf(errors)).map(([name, why]) => [name, String(why)]));
      else view.open = false;
    });
    return delivery;
  }

  shortcut(callback: string, message: FakeMessage): Delivery {
    return this.#interact({
      type: "message_action",
      callback_id: callback,
      message_ts: message.ts,
      channel: { id: message.channel, name: "x" },
      message: {
        type: "message",
        ts: message.ts,
        text: message.text,
        user: message.author,
        ...(message.thread !== undefined && { thread_ts: message.thread }),
      },
      response_url: this.#slack.responseUrl(this.id, message.channel),
      action_ts: `${this.#slack.world.next()}.0`,
    });
  }

  openHome(): Delivery {
    return this.#slack.event({
      type: "app_home_opened",
      user: this.id,
      channel: this.#slack.world.directWith(this.id),
      tab: "home",
      event_ts: this.#slack.world.ts(),
    });
  }

  #filled(block: Record<string, unknown>, values: Readonly<Record<string, string>>): [string, unknown][] {
    if (block["type"] !== "input") return [];
    const id = String(block["block_id"]);
    const element = fieldsOf(block["element"]);
    const label = String(fieldsOf(block["label"])["text"]);
    const value = values[label] ?? values[id.replace("field:", "")] ?? element["initial_value"] ?? null;
    const chosen = fieldsOf(element["initial_option"])["value"];
    const select = element["type"] === "static_select";
    const option = values[label] ?? values[id.replace("field:", "")] ?? chosen;
    return [
      [
        id,
        {
          [String(element["action_id"])]: select
            ? { type: "static_select", selected_option: option === undefined ? null : { value: option } }
            : { type: String(element["type"]), value },
        },
      ],
    ];
  }

  #interact(rest: Readonly<Record<string, unknown>>): Delivery {
    const { world } = this.#slack;
    return this.#slack.deliver({
      type: "interactive",
      payload: {
        team: { id: this.#team, domain: "fake" },
        user: { id: this.id, username: this.#name, team_id: this.#team },
        api_app_id: world.appId,
        token: "unused",
        trigger_id: world.trigger(this.id),
        is_enterprise_install: false,
        enterprise: null,
        ...rest,
      },
    });
  }

  #posted(text: string, at: { channel: string; thread?: string }): string {
    const { world } = this.#slack;
    const ts = world.ts();
    world.messages.push({
      ts,
      channel: at.channel,
      author: this.id,
      text,
      blocks: [],
      files: [],
      edits: 0,
      deleted: false,
      parsed: [],
      ...(at.thread !== undefined && { thread: at.thread }),
    });
    return ts;
  }

  get #team(): string {
    return this.#slack.world.users.get(this.id)?.team ?? "TELSEWHERE";
  }

  get #name(): string {
    return this.#slack.world.users.get(this.id)?.name ?? "somebody";
  }
}
