import { hash } from "node:crypto";
import type { App } from "@slack/bolt";
import { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import type { Log } from "../../domain/log.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Account } from "../../domain/people/person.ts";
import { reactionCommand, reactionNames } from "../chat/reaction.ts";
import { asTask, keepingNames, readToDo } from "../chat/room-talk.ts";
import { saidToBot } from "../chat/said-to-bot.ts";
import type { Bot } from "../surface.ts";
import { Acknowledgement, notAcceptedYet } from "./acknowledgement.ts";
import { readCarried, SlackDelivery, type SlackDeliveryParts, type SlackDeliveryPorts } from "./delivery.ts";
import { HomeDelivery } from "./home.ts";
import type { SlackIdentity } from "./identity.ts";
import {
  BlockAction,
  EventEnvelope,
  HomeOpened,
  JoinedEvent,
  MessageEvent,
  MessageShortcut,
  ReactionEvent,
  SlashCommand,
  ViewSubmission,
} from "./payloads.ts";
import { readSlackText } from "./read-slack-text.ts";
import type { EnvelopeContext } from "./receiver.ts";
import { formCallback, readForm } from "./render/form.ts";

export interface SlackListenerPorts extends SlackDeliveryPorts {
  readonly bot: Bot;
  /** Those that are offered on messages are built in, so they do not change while the bot runs. */
  readonly commands: readonly Command[];
  readonly identity: () => SlackIdentity | undefined;
  readonly log: Log;
  /** A message of the bot's own was seen to change: the way in works. */
  readonly sawOwnEdit: (ts: string, told: unknown) => void;
}

const Context = z.object({
  acknowledge: z.custom<EnvelopeContext["acknowledge"]>((value) => typeof value === "function"),
  broke: z.custom<EnvelopeContext["broke"]>((value) => typeof value === "function"),
});

/** The prefix under which a card's buttons are known to Slack. */
const pressPrefix = "press:";

/** Has Bolt hand over everything that asks something of the bot. Nothing else that is said does anything. */
export function listenToSlack(app: App, ports: SlackListenerPorts): void {
  app.command(/.*/, async ({ body, ack }) => onCommand(ports, SlashCommand.parse(body), ackOf(ack)));
  app.event("app_mention", async ({ body, event, context }) => {
    const { acknowledge } = Context.parse(context);
    await onMessage(ports, { event: MessageEvent.parse(event), envelope: EventEnvelope.parse(body), acknowledge });
  });
  app.event("message", async ({ body, event, context }) => {
    const { acknowledge } = Context.parse(context);
    noteOwnEdit(ports, event);
    const said = MessageEvent.safeParse(event);
    if (!said.success) return acknowledge();
    const { data: message } = said;
    const whole = { event: message, envelope: EventEnvelope.parse(body), acknowledge };
    if (message.channel_type === "im") await onMessage(ports, whole);
    else await onRoomTalk(ports, whole);
  });
  app.event("member_joined_channel", async ({ body, event, context }) => {
    const { acknowledge } = Context.parse(context);
    const { user, channel, team } = JoinedEvent.parse(event);
    if (user !== ports.identity()?.user)
      await ports.bot.joined({
        account: accountOf(user, team ?? EventEnvelope.parse(body).team_id),
        place: { surface: "slack", channel },
      });
    await acknowledge();
  });
  app.event("reaction_added", async ({ body, event, context }) => {
    const { acknowledge } = Context.parse(context);
    const put = ReactionEvent.safeParse(event);
    if (!put.success) return acknowledge();
    if (put.data.reaction === keepingNames.slack)
      return onKeeping(ports, { event: put.data, envelope: EventEnvelope.parse(body), acknowledge });
    await onReaction(ports, { event: put.data, envelope: EventEnvelope.parse(body), acknowledge });
  });
  app.event("app_home_opened", async ({ body, event, context }) => {
    const { acknowledge } = Context.parse(context);
    await acknowledge();
    const { user, tab } = HomeOpened.parse(event);
    const { event_id: id, team_id: team } = EventEnvelope.parse(body);
    if (tab === "home") await ports.bot.handle(new HomeDelivery({ id, user, team }, ports));
  });
  app.action(new RegExp(`^${pressPrefix}`), async ({ body, ack }) =>
    onPress(ports, BlockAction.parse(body), ackOf(ack)),
  );
  app.view(formCallback, async ({ body, ack }) => onSubmit(ports, ViewSubmission.parse(body), ackOf(ack)));
  for (const command of ports.commands.filter((each) => each.shortcut)) {
    app.shortcut(shortcutId(command), async ({ body, ack }) =>
      onShortcut(ports, { command: command.name, body: MessageShortcut.parse(body), acknowledge: ackOf(ack) }),
    );
  }
  app.error(async ({ error, context }: { readonly error: unknown; readonly context: unknown }) => {
    ports.log.error("something Slack delivered could not be handled", { error });
    Context.safeParse(context).data?.broke();
  });
}

/** The callback id of a command's message shortcut, as the manifest says it. */
export function shortcutId(command: Pick<Command, "name">): string {
  return `shortcut:${command.name.replaceAll(" ", "-")}`;
}

type Acknowledge = (payload?: Readonly<Record<string, unknown>>) => Promise<void>;

function ackOf(ack: unknown): Acknowledge {
  const checked = z.custom<Acknowledge>((value) => typeof value === "function").parse(ack);
  return async (payload) => checked(payload);
}

/**
 * What makes a channel a conversation of two where a payload does not say its kind: Slack's ids begin with it (C and G are
 * channels, D is a conversation of two). Its name says nothing: people choose those.
 */
function betweenTwo(channel: string): Pick<Place, "direct"> {
  return channel.startsWith("D") ? { direct: true } : {};
}

async function onCommand(ports: SlackListenerPorts, body: SlashCommand, acknowledge: Acknowledge): Promise<void> {
  await handle(ports, {
    id: `slash:${digest(body.trigger_id)}`,
    account: accountOf(body.user_id, body.team_id),
    place: { surface: "slack", channel: body.channel_id, ...betweenTwo(body.channel_id) },
    content: { kind: "text", text: body.text.trim() === "" ? "help" : body.text },
    acknowledgement: new Acknowledgement(acknowledge, { late: notAcceptedYet, log: ports.log }),
    trigger: body.trigger_id,
    ...(body.response_url !== undefined && { responseUrl: body.response_url }),
  });
}

/** A mention in a channel is answered in a thread under it; what is said to the bot alone, beside it. */
async function onMessage(
  ports: SlackListenerPorts,
  said: { event: MessageEvent; envelope: z.output<typeof EventEnvelope>; acknowledge: Acknowledge },
): Promise<void> {
  const { event, envelope, acknowledge } = said;
  const identity = ports.identity();
  if (!asksByItself(event) || event.user === undefined || event.user === identity?.user) return acknowledge();
  const text = readSlackText(event.text, identity?.user ?? "");
  const direct = event.channel_type === undefined ? betweenTwo(event.channel).direct : event.channel_type === "im";
  const thread = event.thread_ts ?? (direct ? undefined : event.ts);
  const place: Place = {
    surface: "slack",
    channel: event.channel,
    ...(thread !== undefined && { thread }),
    ...(direct && { direct: true }),
  };
  const todo = await toDoIn(ports, event, place);
  await handle(ports, {
    id: envelope.event_id,
    account: accountOf(event.user, event.user_team ?? event.team ?? envelope.team_id),
    place,
    content: todo ?? { kind: "text", text: text === "" ? "help" : text },
    // Slack delivers an event again that nobody acknowledged, so it is not before it has been accepted.
    acknowledgement: new Acknowledgement(acknowledge, { log: ports.log }),
  });
}

/** What is to be done, where that was said in a room, with or without the bot's name before it. */
async function toDoIn(ports: SlackListenerPorts, { text, channel }: MessageEvent, place: Place) {
  const own = ports.identity()?.user ?? "";
  const todo = readToDo(saidToBot(text, `<@${own}>`), { read: (each) => readSlackText(each, own) });
  const inRoom = todo && !place.direct && (await ports.bot.isInRoom({ surface: "slack", channel }));
  return inRoom ? asTask(todo) : undefined;
}

/** What is said to others asks nothing, but for what begins as something to be done, in a room. */
async function onRoomTalk(
  ports: SlackListenerPorts,
  said: { event: MessageEvent; envelope: z.output<typeof EventEnvelope>; acknowledge: Acknowledge },
): Promise<void> {
  const { event, acknowledge } = said;
  if (!asksByItself(event) || !readToDo(event.text)) return acknowledge();
  if (await ports.bot.isInRoom({ surface: "slack", channel: event.channel })) return onMessage(ports, said);
  await acknowledge();
}

/** 📌: the message is read at once, so that what becomes of it later changes nothing. */
async function onKeeping(
  ports: SlackListenerPorts,
  put: { event: ReactionEvent; envelope: z.output<typeof EventEnvelope>; acknowledge: Acknowledge },
): Promise<void> {
  const { event, envelope, acknowledge } = put;
  const { item, user } = event;
  const { channel, ts } = item;
  if (user !== ports.identity()?.user)
    await ports.bot.keep({
      account: accountOf(user, event.user_team ?? envelope.team_id),
      place: { surface: "slack", channel, thread: ts, ...betweenTwo(channel) },
      message: { surface: "slack", channel, id: ts },
      read: () => readMessage(ports, { channel, ts, author: event.item_user }),
    });
  await acknowledge();
}

/** A message of a channel or a thread: as Slack has it, its replies begin with itself, whichever of the two it is in. */
async function readMessage(
  { web, identity }: SlackListenerPorts,
  { channel, ts, author }: { readonly channel: string; readonly ts: string; readonly author: string | undefined },
) {
  const { messages = [] } = await web.call({
    method: "conversations.replies",
    lane: "reply",
    send: (client) => client.conversations.replies({ channel, ts, latest: ts, inclusive: true, limit: 1 }),
  });
  const found = messages.find((each) => each.ts === ts);
  const by = found?.user ?? author;
  return (
    found && {
      text: readSlackText(found.text ?? "", identity()?.user ?? ""),
      ...(by !== undefined && { author: by }),
      at: Math.round(Number(ts) * 1_000),
    }
  );
}

/** An edited message asks nothing, nor does what bots say, the bot itself among them. */
function asksByItself({ subtype, edited, bot_id: bot }: MessageEvent): boolean {
  return subtype === undefined && edited === undefined && bot === undefined;
}

/** It is answered in a thread under what it stands under. */
async function onReaction(
  ports: SlackListenerPorts,
  put: { event: ReactionEvent; envelope: z.output<typeof EventEnvelope>; acknowledge: Acknowledge },
): Promise<void> {
  const { event, envelope, acknowledge } = put;
  const { item, user, reaction, item_user: author } = event;
  const bot = ports.identity()?.user;
  if (reaction !== reactionNames.slack || author !== bot || user === bot) return acknowledge();
  const { channel, ts } = item;
  await handle(ports, {
    id: envelope.event_id,
    account: accountOf(user, event.user_team ?? envelope.team_id),
    place: { surface: "slack", channel, thread: ts, ...betweenTwo(channel) },
    content: {
      kind: "message",
      command: reactionCommand,
      message: { surface: "slack", channel, id: ts },
      text: "",
      reaction: true,
    },
    // Slack delivers it again until somebody acknowledged it.
    acknowledgement: new Acknowledgement(acknowledge, { log: ports.log }),
  });
}

async function onPress(ports: SlackListenerPorts, body: BlockAction, acknowledge: Acknowledge): Promise<void> {
  const [action] = body.actions;
  if (!action) return acknowledge();
  const channel = body.channel?.id;
  const thread = body.message?.thread_ts;
  await handle(ports, {
    id: `press:${digest(`${body.trigger_id} ${action.action_id}`)}`,
    account: accountOf(body.user.id, body.user.team_id ?? body.team?.id),
    // A button on the home tab stands in no channel: it is between the bot and the person.
    place:
      channel === undefined
        ? { surface: "slack", channel: body.user.id, direct: true }
        : {
            surface: "slack",
            channel,
            ...(thread !== undefined && { thread }),
            ...betweenTwo(channel),
          },
    content: { kind: "press", action: action.action_id.slice(pressPrefix.length), ...pressedIn(body) },
    acknowledgement: new Acknowledgement(acknowledge, { late: {}, log: ports.log }),
    trigger: body.trigger_id,
    ...(body.response_url !== undefined && { responseUrl: body.response_url }),
  });
}

/** The message that was pressed; none for what only one person sees, which cannot be found again. */
function pressedIn({ channel, message, container }: BlockAction): { message?: MessageRef } {
  if (!channel || message?.ts === undefined || container?.is_ephemeral) return {};
  return { message: { surface: "slack", channel: channel.id, id: message.ts } };
}

async function onSubmit(ports: SlackListenerPorts, body: ViewSubmission, acknowledge: Acknowledge): Promise<void> {
  const { command, values, place } = readCarried(body.view.private_metadata);
  const given = readForm(body.view.state.values);
  const carried = Object.keys(values);
  await handle(ports, {
    id: `form:${digest(`${body.view.id} ${body.view.hash} ${body.trigger_id}`)}`,
    account: accountOf(body.user.id, body.user.team_id ?? body.team?.id),
    place,
    content: { kind: "form", command, values: { ...values, ...given }, ...(carried.length > 0 && { carried }) },
    acknowledgement: new Acknowledgement(acknowledge, { late: {}, log: ports.log }),
    trigger: body.trigger_id,
    submitted: Object.keys(z.record(z.string(), z.unknown()).parse(body.view.state.values)),
  });
}

async function onShortcut(
  ports: SlackListenerPorts,
  asked: { command: string; body: MessageShortcut; acknowledge: Acknowledge },
): Promise<void> {
  const { command, body, acknowledge } = asked;
  const { id: channel } = body.channel;
  const thread = body.message.thread_ts;
  await handle(ports, {
    id: `shortcut:${digest(body.trigger_id)}`,
    account: accountOf(body.user.id, body.user.team_id ?? body.team?.id),
    place: {
      surface: "slack",
      channel,
      ...(thread !== undefined && { thread }),
      ...betweenTwo(channel),
    },
    content: {
      kind: "message",
      command,
      message: { surface: "slack", channel, id: body.message.ts },
      text: readSlackText(body.message.text, ports.identity()?.user ?? ""),
    },
    acknowledgement: new Acknowledgement(acknowledge, { late: {}, log: ports.log }),
    trigger: body.trigger_id,
    ...(body.response_url !== undefined && { responseUrl: body.response_url }),
  });
}

async function handle(ports: SlackListenerPorts, parts: SlackDeliveryParts): Promise<void> {
  await ports.bot.handle(new SlackDelivery(parts, ports), () => parts.acknowledgement.give());
  // A form is an acknowledgement, and so is an answer; whatever is left gets one here.
  parts.acknowledgement.give();
}

function accountOf(id: string, team: string | undefined): Account {
  return { surface: "slack", id, ...(team !== undefined && { tenant: team }) };
}

function noteOwnEdit(ports: SlackListenerPorts, event: unknown): void {
  const changed = z
    .object({
      subtype: z.literal("message_changed"),
      message: z.looseObject({ ts: z.string() }),
    })
    .safeParse(event);
  if (changed.success) ports.sawOwnEdit(changed.data.message.ts, changed.data.message);
}

/** A trigger opens things for three seconds, so an id is made of it that opens nothing. */
function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
