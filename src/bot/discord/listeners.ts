import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ApplicationCommandOptionType,
  type Client,
  Events,
  type Interaction,
  InteractionResponseType,
  type Message,
  MessageFlags,
  Routes,
} from "discord.js";
import { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import type { Log } from "../../domain/log.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import type { Account } from "../../domain/people/person.ts";
import { cutText } from "../../domain/text/cut-text.ts";
import { reactionCommand, reactionNames } from "../chat/reaction.ts";
import { asTask, keepingNames, readToDo } from "../chat/room-talk.ts";
import { saidToBot } from "../chat/said-to-bot.ts";
import type { Bot } from "../surface.ts";
import { onJoined, onKeeping } from "./hear-rooms.ts";
import { InteractionDelivery, type InteractionDeliveryParts, type InteractionPorts } from "./interaction-delivery.ts";
import { MessageDelivery } from "./message-delivery.ts";
import { askOf, type Chosen, fieldNamed, nameOf, optionValues } from "./native/read-interaction.ts";
import { modalId, type OpenForm, readModalId } from "./open-forms.ts";
import { placeOfMessage, placeSaid } from "./places.ts";
import { modalFields, readModal, renderModal } from "./render/form.ts";
import { renderDiscordMessage } from "./render/message.ts";

export interface DiscordListenerPorts extends Omit<InteractionPorts, "application"> {
  readonly bot: Bot;
  readonly commands: () => readonly Command[];
  readonly log: Log;
  /** A message of the bot's own was seen to change: the way in works. */
  readonly sawOwnEdit: (message: string, told: unknown) => void;
  /** Counts what is under way, so that it can be waited for at the end. */
  readonly track: (handling: Promise<void>) => void;
}

const pressPrefix = "press:";
const againPrefix = "press:again:";
/** Discord shows 100 characters of a choice. */
const choiceMax = 100;
/** Discord waits three seconds for choices; who types on waits for none of them. */
const choicesWithinMs = 2_000;

/** Has the client hand over everything that asks something of the bot. Edits, bots and webhooks ask nothing. */
export function listenToDiscord(client: Client<true>, ports: DiscordListenerPorts): void {
  client.on(Events.InteractionCreate, (interaction) => ports.track(onInteraction(client, ports, interaction)));
  client.on(Events.MessageCreate, (message) => ports.track(onMessage(client, ports, message)));
  // As they come: the client leaves out what is about messages that it does not keep, and it keeps none.
  client.on("raw", (packet: { readonly t?: unknown; readonly d?: { readonly id?: unknown } }) => {
    if (packet.t === "MESSAGE_UPDATE" && typeof packet.d?.id === "string") ports.sawOwnEdit(packet.d.id, packet.d);
    if (packet.t === "MESSAGE_REACTION_ADD") ports.track(onReaction(client, ports, packet.d));
    if (packet.t === "THREAD_MEMBERS_UPDATE") ports.track(onJoined(client, ports, packet.d));
  });
}

async function onInteraction(
  client: Client<true>,
  ports: DiscordListenerPorts,
  interaction: Interaction,
): Promise<void> {
  try {
    if (interaction.isAutocomplete()) return await complete(ports, interaction);
    if (interaction.isButton() && interaction.customId.startsWith(againPrefix))
      return await showAgain(ports, interaction, interaction.customId.slice(againPrefix.length));
    const asked = askedBy(ports, interaction);
    if (!asked) return;
    const delivery = new InteractionDelivery(
      {
        id: interaction.id,
        token: interaction.token,
        account: accountOf(interaction),
        fromModal: interaction.isModalSubmit(),
        onMessage: interaction.isButton() || (interaction.isModalSubmit() && interaction.isFromMessage()),
        ...asked,
      },
      { ...ports, application: client.application.id },
    );
    await ports.bot.handle(delivery, () => delivery.accept());
  } catch (error) {
    ports.log.error("an interaction could not be handled", { error });
  }
}

function askedBy(
  ports: DiscordListenerPorts,
  interaction: Interaction,
): Pick<InteractionDeliveryParts, "content" | "place"> | undefined {
  const place = placeSaid(interaction);
  if (interaction.isChatInputCommand()) return { place, content: askOf(chosenIn(interaction), ports.commands()) };
  if (interaction.isButton() && interaction.customId.startsWith(pressPrefix))
    return {
      place,
      content: { kind: "press", action: interaction.customId.slice(pressPrefix.length), ...pressedIn(interaction) },
    };
  if (interaction.isMessageContextMenuCommand()) {
    const command = ports.commands().find((each) => each.shortcut?.title === interaction.commandName);
    const message = { surface: "discord", channel: interaction.channelId, id: interaction.targetId } as const;
    const { content, embeds } = interaction.targetMessage;
    const text = content === "" ? (embeds[0]?.title ?? "") : content;
    return command && { place, content: { kind: "message", command: command.name, message, text } };
  }
  const named = interaction.isModalSubmit() ? readModalId(interaction.customId) : undefined;
  if (!named || !interaction.isModalSubmit()) return undefined;
  const open = ports.forms.find(named.id);
  return { place: open?.place ?? place, content: submitted(open, named.command, interaction) };
}

/** The message that was pressed; none for what only one person sees, which cannot be found again. */
function pressedIn({ message, channelId }: Extract<Interaction, { message: Message }>): { message?: MessageRef } {
  if (message.flags.has(MessageFlags.Ephemeral)) return {};
  return { message: { surface: "discord", channel: channelId, id: message.id } };
}

/**
 * A form whose process is gone is read from the modal alone when the modal held all of it. Otherwise it cannot be judged:
 * the answer says so, as for a button that no longer works.
 */
function submitted(
  open: OpenForm | undefined,
  command: string,
  interaction: { readonly components: readonly unknown[] },
): DeliveryContent {
  const given = readModal(JSON.parse(JSON.stringify(interaction.components)).map(modalWire));
  if (!open) return { kind: "form", command, values: command === "" ? {} : given };
  // A field that was shown and comes back empty was emptied: what it held before is not put back.
  const shown = new Set(modalFields(open.form).map((field) => field.name));
  const unseen = Object.fromEntries(Object.entries(open.form.values).filter(([name]) => !shown.has(name)));
  const { command: asked, carried } = open.form;
  return {
    kind: "form",
    command: asked,
    values: { ...unseen, ...given },
    ...(carried.length > 0 && { carried: [...carried] }),
  };
}

/** The client names things its own way; the wire's names are what is read. */
function modalWire(component: unknown): unknown {
  return JSON.parse(JSON.stringify(component).replaceAll('"customId":', '"custom_id":'));
}

async function complete(
  ports: DiscordListenerPorts,
  interaction: Extract<Interaction, { isAutocomplete(): boolean }>,
): Promise<void> {
  if (!interaction.isAutocomplete()) return;
  const chosen = chosenIn(interaction);
  const focused = interaction.options.getFocused(true);
  const commands = ports.commands();
  const command = nameOf(chosen, commands);
  const asked = ports.bot
    .choices({
      account: accountOf(interaction),
      place: placeSaid(interaction),
      command,
      field: fieldNamed(command, focused.name, commands),
      typed: focused.value,
      values: optionValues(
        { ...chosen, options: chosen.options.filter((each) => each.name !== focused.name) },
        commands,
      ),
    })
    .catch((error: unknown) => {
      ports.log.warn("choices could not be offered", { error });
      return [];
    });
  const choices = await Promise.race([asked, sleep(choicesWithinMs, [], { ref: false })]);
  // A number is offered as one: Discord refuses a text for it.
  const isNumber = focused.type === ApplicationCommandOptionType.Integer;
  const offered = choices
    .filter((choice) => choice.value.length <= choiceMax)
    .map(({ label, value }) => ({ name: cutText(label, choiceMax), value: isNumber ? Number(value) : value }));
  await ports.web.call({
    lane: "reply",
    interaction: true,
    send: (rest) =>
      rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
        auth: false,
        body: { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices: offered } },
      }),
  });
}

/** Opens a form once more that came back wrong. */
async function showAgain(
  ports: DiscordListenerPorts,
  interaction: { id: string; token: string },
  id: string,
): Promise<void> {
  const open = ports.forms.find(id);
  const body = open
    ? { type: InteractionResponseType.Modal, data: renderModal(open.form, modalId(id, open.form)) }
    : { type: InteractionResponseType.ChannelMessageWithSource, data: formGone() };
  await ports.web.call({
    lane: "reply",
    interaction: true,
    send: (rest) => rest.post(Routes.interactionCallback(interaction.id, interaction.token), { auth: false, body }),
  });
}

function formGone(): object {
  const card = {
    tone: "warning" as const,
    title: "This form is no longer kept",
    summary: "Nothing was done. Ask again with the command.",
    blocks: [],
  };
  const { embeds } = renderDiscordMessage(card, { files: [], now: Date.now() });
  return { embeds, flags: MessageFlags.Ephemeral };
}

async function onMessage(client: Client<true>, ports: DiscordListenerPorts, message: Message): Promise<void> {
  try {
    if (message.author.bot || message.webhookId !== null || message.system) return;
    const direct = message.guildId === null;
    const names = new RegExp(`<@!?${client.user.id}>`, "g");
    // A reply to the bot mentions it too; only its name in the text asks something.
    const isAsked = direct || names.test(message.content);
    const text = saidToBot(message.content, `<@!?${client.user.id}>`);
    const todo = direct ? undefined : readToDo(text);
    if (!isAsked && !todo) return;
    const account: Account = {
      surface: "discord",
      id: message.author.id,
      ...(message.guildId !== null && { tenant: message.guildId }),
    };
    const place = await placeOfMessage(client, ports, message);
    // Only what begins as something to be done waits for where it stands: what is asked is handled in the order in which it was said.
    const task = todo && (await ports.bot.isInRoom(place)) ? asTask(todo) : undefined;
    if (!isAsked && !task) return;
    const content = task ?? ({ kind: "text", text: text === "" ? "help" : text } as const);
    await ports.bot.handle(new MessageDelivery({ message: message.id, account, place, content }, ports.courier));
  } catch (error) {
    ports.log.error("a message could not be handled", { error });
  }
}

const Reaction = z.object({
  user_id: z.string(),
  channel_id: z.string(),
  message_id: z.string(),
  guild_id: z.string().optional(),
  message_author_id: z.string().optional(),
  member: z.object({ user: z.object({ bot: z.boolean().optional() }) }).optional(),
  emoji: z.object({ id: z.string().nullish(), name: z.string().nullish() }),
});

/** Somebody put a sign under a message of the bot's, which is answered with a reply to that. */
async function onReaction(client: Client<true>, ports: DiscordListenerPorts, packet: unknown): Promise<void> {
  const { data: put } = Reaction.safeParse(packet);
  if (!put || put.emoji.id) return;
  if (put.emoji.name === keepingNames.discord) return onKeeping(client, ports, put);
  if (put.emoji.name !== reactionNames.discord) return;
  const { user_id: user, channel_id: channel, message_id: id, guild_id: guild, message_author_id: author } = put;
  if (put.member?.user.bot || user === client.user.id || (author !== undefined && author !== client.user.id)) return;
  const message = { surface: "discord", channel, id } as const;
  const delivery = new MessageDelivery(
    {
      message: id,
      // It has none of its own, and may be taken away and put again. Who has an alert already has it once.
      id: `reaction:${id}:${user}:${randomUUID()}`,
      account: { surface: "discord", id: user, ...(guild !== undefined && { tenant: guild }) },
      place: { surface: "discord", channel, ...(guild === undefined && { direct: true }) },
      content: { kind: "message", command: reactionCommand, message, text: "", reaction: true },
    },
    ports.courier,
  );
  try {
    await ports.bot.handle(delivery);
  } catch (error) {
    ports.log.error("a reaction could not be handled", { error });
  }
}

function chosenIn(interaction: {
  readonly commandName: string;
  readonly options: { getSubcommand(required: false): string | null; readonly data: readonly unknown[] };
}): Chosen {
  const subcommand = interaction.options.getSubcommand(false) ?? undefined;
  const data: unknown = JSON.parse(JSON.stringify(interaction.options.data));
  const list = optionsIn(data);
  const [first] = list;
  return {
    name: interaction.commandName,
    subcommand,
    options: subcommand === undefined ? list : optionsIn(first?.options),
  };
}

function optionsIn(value: unknown): { name: string; value?: string | number | boolean; options?: unknown }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((option: unknown) => {
    if (typeof option !== "object" || option === null || !("name" in option) || typeof option.name !== "string")
      return [];
    const given = "value" in option ? option.value : undefined;
    const usable =
      typeof given === "string" || typeof given === "number" || typeof given === "boolean" ? { value: given } : {};
    return [{ name: option.name, ...usable, ...("options" in option && { options: option.options }) }];
  });
}

function accountOf(interaction: { readonly user: { readonly id: string }; readonly guildId: string | null }): Account {
  return {
    surface: "discord",
    id: interaction.user.id,
    ...(interaction.guildId !== null && { tenant: interaction.guildId }),
  };
}
