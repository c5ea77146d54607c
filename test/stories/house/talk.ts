import { vi } from "vitest";
import { z } from "zod";
import { parse } from "../../../src/bot/language/parse.ts";
import { shortcutId } from "../../../src/bot/slack/listeners.ts";
import type { Delivery as DiscordDelivery } from "../../fakes/discord/person.ts";
import type { FakeMessage as DiscordMessage } from "../../fakes/discord/world.ts";
import type { Ephemeral, FakeMessage as SlackMessage } from "../../fakes/slack/world.ts";
import type { House } from "./house.ts";
import type { Name } from "./rules.ts";

/** A message as a person sees it, whatever the platform. */
export interface Heard {
  /** Everything that can be read on it. */
  readonly text: string;
  readonly private: boolean;
  readonly buttons: readonly string[];
  readonly files: readonly string[];
  /** What the platform would have parsed of what came from outside. */
  readonly parsed: readonly string[];
}

export interface FormHeard {
  /** The fields it asks for, by name. */
  readonly fields: readonly string[];
  /** What the fields that are lists offer, by name. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  submit(values: Readonly<Record<string, string>>): Promise<Heard>;
}

/** How people talk to the bot on a platform, so that one story runs on both. */
export interface Talk {
  readonly surface: "slack" | "discord";
  /** Types a command and waits for its answer. */
  asks(who: Name, text: string, channel?: string): Promise<Heard>;
  /** Types a command that opens a form. */
  opens(who: Name, text: string, channel?: string): Promise<FormHeard>;
  /** Presses a button of the newest message that has it. */
  presses(who: Name, label: string, channel?: string): Promise<Heard>;
  /** A button that opens a form. */
  pressOpens(who: Name, label: string): Promise<FormHeard>;
  /** Keeps the message that has a button now, to press it later whatever stands there then. */
  holds(label: string, channel?: string): (who: Name) => Promise<Heard>;
  /** Chooses an entry of the menu of the newest message that says something. */
  menu(who: Name, entry: string, on: string): Promise<Heard>;
  /** An entry that opens a form. */
  menuOpens(who: Name, entry: string, on: string): Promise<FormHeard>;
  /** Puts a sign, ✅ unless another is given, under the newest message that says something. */
  reacts(who: Name, on: string, sign?: keyof typeof signs, channel?: string): void;
  /** Says something without the bot's name. */
  says(who: Name, text: string, channel?: string): void;
  /** Writes something else in place of the newest message that says something. */
  edits(who: Name, on: string, text: string, channel: string): void;
  /** How a name is written in a text, so that it is theirs. */
  named(who: Name): string;
  /** Comes into a channel or a thread. */
  joins(who: Name, channel: string): void;
  mentions(who: Name, text: string, channel?: string): Promise<Heard>;
  direct(who: Name, text: string): Promise<Heard>;
  /** What stands in a channel now. */
  channel(name?: string): Heard[];
}

/** Signs that are put under messages, as Slack calls them. */
const signs = { "✅": "white_check_mark", "👀": "eyes", "📌": "pushpin" } as const;

const Options = z.array(z.object({ value: z.string() })).optional();

const patience = { timeout: 60_000, interval: 10 };

/** Waits for the first value. */
async function until<Value>(look: () => Value | undefined): Promise<Value> {
  return vi.waitFor(() => {
    const found = look();
    if (found === undefined) throw new Error("nothing was heard");
    return found;
  }, patience);
}

const isWorking = (text: string): boolean => text.includes("Working…");

export function slackTalk(house: House): Talk {
  const { slack, ids } = house;
  const at = (name: string): string => ids.slack[name] ?? name;
  const person = (who: Name) => slack.as(at(who));
  /** What is new for somebody in a channel since before. */
  const answered = async (who: Name, channel: string, act: () => void): Promise<Heard> => {
    const before = new Set<unknown>([...slack.messages(channel), ...slack.ephemerals(at(who))]);
    act();
    return until(() => {
      const open = slack
        .messages(channel)
        .find((each) => !before.has(each) && each.author === slack.world.botUser && !isWorking(each.text));
      const alone = slack.ephemerals(at(who)).find((each) => !before.has(each));
      return open ? ofSlack(slack.messages(channel), open) : alone && ofEphemeral(alone);
    });
  };
  const menu = (who: Name, entry: string, on: string): void => {
    const message = slack.messages(at("ops")).findLast((each) => textIn([each.text, each.blocks]).includes(on));
    const command = house
      .bot()
      .current()
      .commands.find((each) => each.shortcut?.title === entry);
    if (!message || !command) throw new Error(`no message says ${on}, or no menu has ${entry}`);
    person(who).shortcut(shortcutId(command), message);
  };
  const form = async (who: Name, channel: string): Promise<FormHeard> => {
    const view = await until(() => person(who).view);
    const inputs = JSON.stringify(view.content);
    return {
      fields: [...inputs.matchAll(/"block_id":"field:(\w+)"/g)].map((match) => match[1] ?? ""),
      choices: choicesIn(view.content["blocks"]),
      submit: (values) => answered(who, at(channel), () => void person(who).submit(values)),
    };
  };
  const withButton = (label: string, channel: string) => {
    const message = slack.messages(at(channel)).findLast((each) => buttonsOf(each.blocks).includes(label));
    if (!message) throw new Error(`no message has the button ${label}`);
    return { ...message };
  };
  const saying = (on: string, channel: string): SlackMessage => {
    const message = slack.messages(at(channel)).findLast((each) => textIn([each.text, each.blocks]).includes(on));
    if (!message) throw new Error(`no message says ${on}`);
    return message;
  };
  const holds: Talk["holds"] = (label, channel = "ops") => {
    const kept = withButton(label, channel);
    return (who) => answered(who, at(channel), () => void person(who).press(kept, label));
  };
  return {
    surface: "slack",
    menu: (who, entry, on) => answered(who, at("ops"), () => menu(who, entry, on)),
    async menuOpens(who, entry, on) {
      menu(who, entry, on);
      return form(who, "ops");
    },
    reacts: (who, on, sign = "✅", channel = "ops") => void person(who).reacts(saying(on, channel), signs[sign]),
    says: (who, text, channel = "ops") => void person(who).say(text, { channel: at(channel) }),
    edits(who, on, text, channel) {
      const message = saying(on, channel);
      message.text = text;
      person(who).edit(message, text);
    },
    named: (who) => `<@${at(who)}>`,
    joins: (who, channel) => void person(who).joins(at(channel)),
    asks: (who, text, channel = "ops") =>
      answered(who, at(channel), () => void person(who).slash(text, { channel: at(channel) })),
    async opens(who, text, channel = "ops") {
      person(who).slash(text, { channel: at(channel) });
      return form(who, channel);
    },
    presses: (who, label, channel) => holds(label, channel)(who),
    async pressOpens(who, label) {
      person(who).press(withButton(label, "ops"), label);
      return form(who, "ops");
    },
    holds,
    mentions: (who, text, channel = "ops") =>
      answered(who, at(channel), () => void person(who).mention(text, { channel: at(channel) })),
    direct: (who, text) => answered(who, slack.world.directWith(at(who)), () => void person(who).dm(text)),
    channel: (name = "ops") =>
      slack
        .messages(at(name))
        .filter((each) => each.author === slack.world.botUser)
        .map((each) => ofSlack(slack.messages(at(name)), each)),
  };
}

function ofSlack(all: readonly SlackMessage[], message: SlackMessage): Heard {
  const pictures = JSON.stringify(message.blocks).includes('"slack_file"') ? ["picture"] : [];
  const under = all.filter((each) => each.thread === message.ts).flatMap((each) => each.files.map((file) => file.name));
  return {
    text: textIn([message.text, message.blocks]),
    private: false,
    buttons: buttonsOf(message.blocks),
    files: [...pictures, ...under],
    parsed: message.parsed,
  };
}

function ofEphemeral(message: Ephemeral): Heard {
  return {
    text: textIn([message.text, message.blocks]),
    private: true,
    buttons: buttonsOf(message.blocks),
    files: [],
    parsed: [],
  };
}

export function discordTalk(house: House): Talk {
  const { discord, ids } = house;
  const at = (name: string): string => ids.discord[name] ?? name;
  const person = (who: Name) => discord.as(at(who));
  const slash = (who: Name, text: string, channel: string): DiscordDelivery => {
    const { commands } = house.bot().current();
    const parsed = parse(text, commands);
    if (parsed.kind === "unreadable") throw new Error(`${text} is no command`);
    const { name: asked } = parsed.command;
    // What others begin with is chosen among them.
    const native = commands.some(({ name }) => name.startsWith(`${asked} `)) ? `${asked} show` : asked;
    const values = Object.fromEntries(
      Object.entries(parsed.values).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return person(who).slash(native, values, { channel: at(channel) });
  };
  const answerTo = (delivery: DiscordDelivery): Promise<Heard> =>
    until(() => {
      const [answer] = delivery.answers.filter((each) => !isWorking(textIn(each.embeds)));
      return answer && ofDiscord(answer);
    });
  /** What was said by the bot in a channel, or to somebody alone, since before. */
  const said = async (who: Name, channel: string, act: () => void): Promise<Heard> => {
    const places = [channel, discord.world.directWith(at(who))];
    const all = (): DiscordMessage[] => places.flatMap((place) => discord.messages(place));
    const before = new Set(all().map((each) => each.id));
    act();
    return until(() => {
      const found = all().find(
        (each) => !before.has(each.id) && each.author === discord.world.botUser && !isWorking(textIn(each.embeds)),
      );
      return found && ofDiscord(found);
    });
  };
  const menu = (who: Name, entry: string, on: string): DiscordDelivery => {
    const message = discord.messages(at("ops")).findLast((each) => ofDiscord(each).text.includes(on));
    if (!message) throw new Error(`no message says ${on}`);
    return person(who).menu(entry, message);
  };
  const form = async (who: Name, delivery: DiscordDelivery): Promise<FormHeard> => {
    const modal = await until(() => delivery.modal);
    return {
      fields: [...JSON.stringify(modal).matchAll(/"custom_id":"field:(\w+)"/g)].map((match) => match[1] ?? ""),
      choices: choicesIn(modal["components"]),
      submit: (values) => answerTo(person(who).submit(delivery, values)),
    };
  };
  const withButton = (label: string, channel: string): DiscordMessage => {
    const message = discord.messages(at(channel)).findLast((each) => labelsOf(each).includes(label));
    if (!message) throw new Error(`no message has the button ${label}`);
    return message;
  };
  const saying = (on: string, channel: string): DiscordMessage => {
    const message = discord.messages(at(channel)).findLast((each) => ofDiscord(each).text.includes(on));
    if (!message) throw new Error(`no message says ${on}`);
    return message;
  };
  const holds: Talk["holds"] = (label, channel = "ops") => {
    const message = withButton(label, channel);
    return async (who) => answerTo(person(who).press(message, label));
  };
  return {
    surface: "discord",
    menu: (who, entry, on) => answerTo(menu(who, entry, on)),
    menuOpens: (who, entry, on) => form(who, menu(who, entry, on)),
    reacts: (who, on, sign = "✅", channel = "ops") => person(who).reacts(saying(on, channel), sign),
    says: (who, text, channel = "ops") => void person(who).say(text, { channel: at(channel) }),
    edits: (who, on, text, channel) => person(who).edit(saying(on, channel), text),
    named: (who) => `<@${at(who)}>`,
    joins: (who, channel) => person(who).joins(at(channel)),
    asks: (who, text, channel = "ops") => answerTo(slash(who, text, channel)),
    opens: (who, text, channel = "ops") => form(who, slash(who, text, channel)),
    presses: (who, label, channel) => holds(label, channel)(who),
    pressOpens: (who, label) => form(who, person(who).press(withButton(label, "ops"), label)),
    holds,
    mentions: (who, text, channel = "ops") =>
      said(who, at(channel), () => void person(who).mention(text, { channel: at(channel) })),
    direct: (who, text) => said(who, discord.world.directWith(at(who)), () => void person(who).dm(text)),
    channel: (name = "ops") =>
      discord
        .messages(at(name))
        .filter((each) => each.author === discord.world.botUser)
        .map(ofDiscord),
  };
}

function ofDiscord(message: DiscordMessage): Heard {
  return {
    text: textIn([message.content, message.embeds]).replaceAll("\\", ""),
    private: message.ephemeralFor !== undefined,
    buttons: labelsOf(message),
    files: message.attachments.map((file) => file.name),
    parsed: [],
  };
}

function labelsOf(message: DiscordMessage): string[] {
  return [...JSON.stringify(message.components).matchAll(/"label":"((?:[^"\\]|\\.)*)"/g)].map(
    (match) => match[1] ?? "",
  );
}

function buttonsOf(blocks: readonly unknown[]): string[] {
  return [
    ...JSON.stringify(blocks).matchAll(/"action_id":"press:[^"]*","text":\{"type":"plain_text","text":"([^"]*)"/g),
  ].map((match) => match[1] ?? "");
}

/** The options of a form's lists: Slack puts them into an element, Discord into a component. */
function choicesIn(parts: unknown): Record<string, string[]> {
  const Part = z.object({
    block_id: z.string().optional(),
    element: z.object({ options: Options }).optional(),
    component: z.object({ custom_id: z.string(), options: Options }).optional(),
  });
  return Object.fromEntries(
    z
      .array(Part)
      .parse(parts)
      .flatMap(({ block_id: block, element, component }) => {
        const name = (block ?? component?.custom_id ?? "").replace("field:", "");
        const options = (element ?? component)?.options;
        return options ? [[name, options.map((option) => option.value)]] : [];
      }),
  );
}

/** Every text somewhere in a value, line by line. */
export function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value
      .map(textIn)
      .filter((each) => each !== "")
      .join("\n");
  if (typeof value !== "object" || value === null) return "";
  const shown = ["text", "title", "description", "name", "value", "alt_text", "fallback", "label"];
  return Object.entries(value)
    .flatMap(([key, each]) => (shown.includes(key) || typeof each === "object" ? [textIn(each)] : []))
    .filter((each) => each !== "")
    .join("\n");
}
