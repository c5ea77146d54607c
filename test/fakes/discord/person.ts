import type { FakeDiscord } from "./discord.ts";
import { channelWire, memberWire, messageWire, userWire } from "./wire.ts";
import { type FakeMessage, fieldsOf, type Interaction, listOf, textOf } from "./world.ts";

type Option = string | number | boolean;

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

  /** The modal that answered it. */
  get modal(): Readonly<Record<string, unknown>> | undefined {
    return this.interaction.ack?.type === 9 ? this.interaction.ack.data : undefined;
  }

  /** What stands as its answer: the first message, and what followed it. */
  get answers(): FakeMessage[] {
    const ids = [this.interaction.original, ...this.interaction.followUps];
    return this.#discord.world.messages.filter((each) => ids.includes(each.id) && !each.deleted && !each.thinking);
  }
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
  slash(name: string, options: Readonly<Record<string, Option>>, at: { channel: string; guild?: string }): Delivery {
    return this.#interact({ type: 2, data: this.#commandData(name, options) }, at);
  }

  /** What is offered while typing in one option. */
  async autocomplete(
    name: string,
    focused: { option: string; typed: string },
    at: { channel: string; others?: Readonly<Record<string, Option>> },
  ): Promise<readonly string[]> {
    const data = this.#commandData(name, { ...at.others, [focused.option]: focused.typed });
    const mark = (options: unknown): unknown[] =>
      listOf(options)
        .map(fieldsOf)
        .map((option) =>
          option["name"] === focused.option
            ? { ...option, focused: true }
            : { ...option, ...(option["options"] !== undefined && { options: mark(option["options"]) }) },
        );
    const delivery = this.#interact({ type: 4, data: { ...data, options: mark(data["options"]) } }, at);
    for (let waited = 0; !delivery.interaction.ack; waited += 5) {
      if (waited > 3_000) throw new Error("no choices came");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return listOf(delivery.interaction.ack.data["choices"]).map((choice) => textOf(fieldsOf(choice)["value"]));
  }

  /** Presses a button, found by its label. */
  press(message: FakeMessage, label: string): Delivery {
    const button = message.components
      .flatMap((row) => listOf(fieldsOf(row)["components"]))
      .map(fieldsOf)
      .find((each) => each["label"] === label);
    if (!button) throw new Error(`there is no button ${label}`);
    return this.#interact(
      {
        type: 3,
        data: { custom_id: button["custom_id"], component_type: 2 },
        message: messageWire(message, this.#discord.world),
      },
      { channel: message.channel },
    );
  }

  /** Chooses an entry of a message's menu. */
  menu(name: string, message: FakeMessage): Delivery {
    const data = {
      id: this.#discord.world.id(),
      name,
      type: 3,
      target_id: message.id,
      resolved: { messages: { [message.id]: messageWire(message, this.#discord.world) } },
    };
    return this.#interact({ type: 2, data }, { channel: message.channel });
  }

  /** Fills a modal in, by field, and sends it off. */
  submit(shown: Delivery, values: Readonly<Record<string, string>>): Delivery {
    const { modal } = shown;
    if (!modal) throw new Error("no modal was shown");
    const components = listOf(modal["components"])
      .map(fieldsOf)
      .map((label) => {
        const input = fieldsOf(label["component"]);
        const name = textOf(input["custom_id"]).replace("field:", "");
        const chosen = listOf(input["options"])
          .map(fieldsOf)
          .find((option) => option["default"] === true)?.["value"];
        const value = values[name] ?? textOf(input["value"] ?? chosen);
        const given = input["type"] === 3 ? { values: value === "" ? [] : [value] } : { value };
        return { type: 18, id: 1, component: { type: input["type"], id: 2, custom_id: input["custom_id"], ...given } };
      });
    return this.#interact(
      { type: 5, data: { custom_id: modal["custom_id"], components }, fromModal: true },
      { channel: shown.interaction.channel },
    );
  }

  mention(text: string, at: { channel: string }): FakeMessage {
    return this.say(`<@${this.#discord.world.botUser}> ${text}`, at);
  }

  dm(text: string): FakeMessage {
    return this.say(text, { channel: this.#discord.world.directWith(this.id) });
  }

  say(text: string, at: { channel: string }): FakeMessage {
    const { world } = this.#discord;
    const message: FakeMessage = {
      id: world.id(),
      channel: at.channel,
      author: this.id,
      content: text,
      embeds: [],
      components: [],
      attachments: [],
      edits: 0,
      deleted: false,
      createdAt: Date.now(),
      thinking: false,
    };
    world.messages.push(message);
    this.#tell("MESSAGE_CREATE", message);
    return message;
  }

  edit(message: FakeMessage, text: string): void {
    message.content = text;
    message.edits += 1;
    this.#tell("MESSAGE_UPDATE", message);
  }

  /** The same message told once more. */
  retell(message: FakeMessage): void {
    this.#tell("MESSAGE_CREATE", message);
  }

  #tell(type: string, message: FakeMessage): void {
    const { world, gateway } = this.#discord;
    const direct = world.channels.get(message.channel)?.type === 1;
    gateway.dispatch(type, messageWire(message, world), direct ? "direct" : "guild");
  }

  #commandData(name: string, options: Readonly<Record<string, Option>>): Record<string, unknown> {
    const [first = "", second] = name.split(" ");
    const registered = this.#discord.world.commands.map(fieldsOf).find((command) => command["name"] === first);
    if (!registered) throw new Error(`no command ${first} is registered`);
    const given = Object.entries(options).map(([option, value]) => ({
      name: option,
      type: typeof value === "string" ? 3 : typeof value === "boolean" ? 5 : 4,
      value,
    }));
    const list = second === undefined ? given : [{ name: second, type: 1, options: given }];
    return { id: registered["id"], name: first, type: 1, options: list };
  }

  #interact(
    what: Readonly<Record<string, unknown>> & { readonly fromModal?: boolean },
    at: { channel: string; guild?: string },
  ): Delivery {
    const { world, gateway } = this.#discord;
    const { fromModal = false, ...rest } = what;
    const token = `interaction-${world.id()}-${Math.random().toString(36).slice(2)}`;
    const interaction: Interaction = {
      id: world.id(),
      token,
      user: this.id,
      channel: at.channel,
      at: Date.now(),
      followUps: [],
      fromModal,
    };
    world.interactions.set(token, interaction);
    const channel = world.channels.get(at.channel);
    const direct = channel?.type === 1;
    const frame = {
      id: interaction.id,
      application_id: world.application,
      token,
      version: 1,
      ...(channel && { channel: channelWire(channel, world) }),
      channel_id: at.channel,
      ...(direct
        ? { user: userWire(this.id, world) }
        : { guild_id: at.guild ?? world.guild, member: memberWire(this.id, world) }),
      app_permissions: "2147483647",
      locale: "en-US",
      guild_locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: {},
      context: direct ? 1 : 0,
      attachment_size_limit: 10_485_760,
      ...rest,
    };
    gateway.dispatch("INTERACTION_CREATE", frame);
    return new Delivery(this.#discord, interaction, frame);
  }
}
