import { setTimeout as sleep } from "node:timers/promises";
import { commandData, type Option } from "./command-data.ts";
import type { FakeDiscord } from "./discord.ts";
import { pinged } from "./mentions.ts";
import { modalData } from "./modal-data.ts";
import { channelWire, memberWire, messageWire, threadMembersWire, userWire } from "./wire.ts";
import { FakeMessage, fieldsOf, type Interaction, listOf, textOf } from "./world.ts";

/** How the bot answered first. */
interface Ack {
  readonly withinMs: number;
  readonly type: number;
  readonly ephemeral: boolean;
}

const answerWithinMs = 3_000;
const lookEveryMs = 5;
const ephemeralFlag = 64;

/** Something Discord handed to the bot, and how the bot took it. */
export class Delivery {
  readonly interaction: Interaction;
  readonly #discord: FakeDiscord;
  readonly #frame: Readonly<Record<string, unknown>>;

  constructor(discord: FakeDiscord, interaction: Interaction, frame: Readonly<Record<string, unknown>>) {
    this.#discord = discord;
    this.interaction = interaction;
    this.#frame = frame;
  }

  /** The same interaction once more, as a gateway that resumes may send it. */
  redeliver(): void {
    this.#discord.gateway.dispatch("INTERACTION_CREATE", this.#frame);
  }

  /** Until it was acknowledged; rejects when Discord would say that the application did not respond. */
  get acked(): Promise<Ack> {
    return this.#untilAcked();
  }

  /** The modal that answered it. */
  get modal(): Readonly<Record<string, unknown>> | undefined {
    return this.interaction.ack?.type === 9 ? this.interaction.ack.data : undefined;
  }

  /** What stands as its answer: the first message, and what followed it. */
  get answers(): FakeMessage[] {
    const { ack, original, followUps } = this.interaction;
    // What was pressed is none.
    return this.#shown(ack?.type === 6 ? followUps : [original, ...followUps]);
  }

  #shown(ids: readonly (string | undefined)[]): FakeMessage[] {
    return this.#discord.world.messages.filter((each) => ids.includes(each.id) && !each.deleted && !each.thinking);
  }

  async #untilAcked(): Promise<Ack> {
    const { interaction } = this;
    const until = performance.now() + answerWithinMs;
    while (!interaction.ack) {
      if (performance.now() > until) throw new Error("the application did not respond");
      await sleep(lookEveryMs);
    }
    const { afterMs, type, data } = interaction.ack;
    return { withinMs: afterMs, type, ephemeral: (Number(data["flags"] ?? 0) & ephemeralFlag) > 0 };
  }
}

interface At {
  readonly channel: string;
  /** Another guild than the bot's. */
  readonly guild?: string;
}

/** Somebody on Discord, in the bot's server or not. */
export class DiscordPerson {
  readonly id: string;
  readonly #discord: FakeDiscord;

  constructor(discord: FakeDiscord, id: string) {
    this.#discord = discord;
    this.id = id;
  }

  /** Uses a native command: `slash("confirm approve", { request: "4F7A2C" }, { channel })`. */
  slash(name: string, options: Readonly<Record<string, Option>>, at: At): Delivery {
    return this.#interact({ type: 2, data: commandData(this.#registered(at), { name, options }) }, at);
  }

  /** What is offered while typing in one option. */
  async autocomplete(
    name: string,
    focused: { option: string; typed: string },
    at: At & { others?: Readonly<Record<string, Option>> },
  ): Promise<readonly string[]> {
    const options = { ...at.others, [focused.option]: focused.typed };
    const data = commandData(this.#registered(at), { name, options, typing: focused.option });
    const delivery = this.#interact({ type: 4, data }, at);
    await delivery.acked;
    return listOf(delivery.interaction.ack?.data["choices"]).map((choice) => textOf(fieldsOf(choice)["value"]));
  }

  /** Presses a button, found by its label or its custom id. */
  press(message: FakeMessage, label: string): Delivery {
    if (message.deleted) throw new Error("the message is gone");
    if (message.ephemeralFor !== undefined && message.ephemeralFor !== this.id)
      throw new Error("only somebody else sees that message");
    const button = partsOf(message.components).find((each) => each["label"] === label || each["custom_id"] === label);
    if (!button) throw new Error(`there is no button ${label}`);
    if (button["disabled"] === true) throw new Error(`the button ${label} is switched off`);
    return this.#interact(
      {
        type: 3,
        data: { custom_id: button["custom_id"], component_type: button["type"] },
        message: messageWire(message, this.#discord.world),
      },
      { channel: message.channel },
      { source: message.id },
    );
  }

  /** Puts a sign under a message. */
  reacts(message: FakeMessage, emoji: string): void {
    const { world, gateway } = this.#discord;
    const data = {
      user_id: this.id,
      channel_id: message.channel,
      message_id: message.id,
      guild_id: world.guild,
      member: memberWire(this.id, world),
      message_author_id: message.author,
      emoji: { id: null, name: emoji },
      burst: false,
      type: 0,
    };
    gateway.dispatch("MESSAGE_REACTION_ADD", data, { kind: "reaction", message: message.id });
  }

  /** Comes into a thread by themselves. */
  joins(thread: string): void {
    const { world, gateway } = this.#discord;
    const channel = world.channels.get(thread);
    if (!channel) throw new Error("there is no such thread");
    (channel.members ??= new Set()).add(this.id);
    gateway.dispatch("THREAD_MEMBERS_UPDATE", threadMembersWire(channel, [this.id], world), { kind: "members" });
  }

  /** Chooses an entry of a message's menu. */
  menu(name: string, message: FakeMessage): Delivery {
    const { world } = this.#discord;
    const registered = world.commands.map(fieldsOf).find((each) => each["name"] === name && each["type"] === 3);
    if (!registered) throw new Error(`a message's menu has no ${name}`);
    const data = {
      id: registered["id"],
      name,
      type: 3,
      target_id: message.id,
      resolved: { messages: { [message.id]: messageWire(message, world) } },
    };
    return this.#interact({ type: 2, data }, { channel: message.channel });
  }

  /** Fills a modal in, by label, custom id or the field's name in it, and sends it off. */
  submit(shown: Delivery, values: Readonly<Record<string, string>>): Delivery {
    const { modal } = shown;
    if (!modal) throw new Error("no modal was shown");
    const { world } = this.#discord;
    const { source } = shown.interaction;
    const message = source === undefined ? undefined : world.message(source);
    return this.#interact(
      { type: 5, data: modalData(modal, values), ...(message && { message: messageWire(message, world) }) },
      { channel: shown.interaction.channel },
      source === undefined ? {} : { source },
    );
  }

  mention(text: string, at: { channel: string }): FakeMessage {
    return this.say(`<@${this.#discord.world.botUser}> ${text}`, at);
  }

  dm(text: string): FakeMessage {
    return this.say(text, { channel: this.#discord.world.directWith(this.id) });
  }

  say(text: string, at: { channel: string; replyTo?: FakeMessage }): FakeMessage {
    const { world } = this.#discord;
    const message = new FakeMessage({
      id: world.id(),
      channel: at.channel,
      author: this.id,
      content: text,
      createdAt: world.now(),
      reference: at.replyTo?.id,
      mentions: pinged({ content: text, repliedTo: at.replyTo?.author }, undefined, { world, mayNameAll: true }),
    });
    world.messages.push(message);
    this.#tell("MESSAGE_CREATE", message);
    return message;
  }

  edit(message: FakeMessage, text: string): void {
    const { world } = this.#discord;
    message.content = text;
    message.mentions = pinged({ content: text }, undefined, { world, mayNameAll: true });
    message.edits += 1;
    this.#tell("MESSAGE_UPDATE", message);
  }

  /** The same message told once more. */
  retell(message: FakeMessage): void {
    this.#tell("MESSAGE_CREATE", message);
  }

  #tell(type: string, message: FakeMessage): void {
    const { world, gateway } = this.#discord;
    gateway.dispatch(type, messageWire(message, world, { fresh: true }), { kind: "message", message: message.id });
  }

  /** The commands there are in a place: those of the guild only in the guild. */
  #registered({ channel }: At): readonly unknown[] {
    const { world } = this.#discord;
    const outside = [1, 3].includes(world.channels.get(channel)?.type ?? 0);
    return outside ? world.globalCommands : [...world.commands, ...world.globalCommands];
  }

  #interact(
    what: Readonly<Record<string, unknown>> & { readonly type: Interaction["type"] },
    at: At,
    from: { readonly source?: string } = {},
  ): Delivery {
    const { world, gateway } = this.#discord;
    const interaction: Interaction = {
      id: world.id(),
      token: `interaction-${world.id()}-${Math.random().toString(36).slice(2)}`,
      type: what.type,
      user: this.id,
      channel: at.channel,
      at: world.now(),
      followUps: [],
      fromModal: what.type === 5,
      ...from,
    };
    world.interactions.set(interaction.token, interaction);
    const frame = { ...this.#frame(interaction, at), ...what };
    gateway.dispatch("INTERACTION_CREATE", frame);
    return new Delivery(this.#discord, interaction, frame);
  }

  #frame(interaction: Interaction, at: At): Record<string, unknown> {
    const { world } = this.#discord;
    const channel = world.channels.get(at.channel);
    // Kind 3 is a conversation of several people outside any server, where somebody may bring a bot along.
    const context = channel?.type === 1 ? 1 : channel?.type === 3 ? 2 : 0;
    return {
      id: interaction.id,
      application_id: world.application,
      token: interaction.token,
      version: 1,
      ...(channel && { channel: channelWire(channel, world) }),
      channel_id: at.channel,
      ...(context > 0
        ? { user: userWire(this.id, world) }
        : { guild_id: at.guild ?? world.guild, member: memberWire(this.id, world) }),
      app_permissions: String(channel ? world.permissionsIn(channel) : 0n),
      locale: "en-US",
      guild_locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: {},
      context,
      attachment_size_limit: 10_485_760,
    };
  }
}

/** Every component, those inside others too. */
function partsOf(components: readonly unknown[]): Record<string, unknown>[] {
  return components.map(fieldsOf).flatMap((each) => [each, ...partsOf(listOf(each["components"]))]);
}
