import { MessageFlags, Routes } from "discord.js";
import { z } from "zod";
import type { Log } from "../../domain/log.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import { embedTitle } from "./render/message.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

/** How far back is looked: what a process left that died stands among the newest. */
const lookedThrough = 50;

const Self = z.object({ id: z.string() });
const Component = z.object({ custom_id: z.string().optional(), components: z.array(z.unknown()).optional() });
const History = z.array(
  z.object({
    id: z.string(),
    author: Self,
    flags: z.number().default(0),
    embeds: z.array(z.object({ title: z.string().optional() })).default([]),
    components: z.array(z.unknown()).default([]),
    interaction_metadata: z.object({ id: z.string() }).nullish(),
    message_reference: z.object({ message_id: z.string().optional() }).nullish(),
  }),
);
type Standing = z.output<typeof History>[number];

/** A message of the bot's own that stands already. */
export interface Found extends MessageRef {
  /** It says no more than that the bot is thinking. */
  readonly thinking: boolean;
}

/** What a message is known by. */
type Sought = Pick<Outgoing, "answers"> & Partial<Pick<Outgoing, "card" | "line">>;

/**
 * Finds again what the bot sent. A nonce is known for minutes only, and what answers an interaction has none: such a
 * message is known by the interaction or the message that it answers, a card by its buttons, and a line of a thread, which has none,
 * by what it is called among those that came after the last one on record.
 */
export class OwnMessages {
  readonly #web: DiscordWeb;
  readonly #log: Log;
  #self: Promise<string> | undefined;

  constructor(web: DiscordWeb, log: Log) {
    this.#web = web;
    this.#log = log;
  }

  /** The newest message in a place that is this one; undefined where there is none, or where the bot may not look. A line that replies has to reply to `to`. */
  async find({ channel, thread }: Place, message: Sought, to?: string): Promise<Found | undefined> {
    const at = thread ?? channel;
    try {
      const self = await this.#whoAmI();
      const after = message.line?.after;
      const query = new URLSearchParams({ limit: String(lookedThrough), ...(after !== undefined && { after }) });
      const messages = History.parse(
        await this.#web.call({ lane: "reply", send: (rest) => rest.get(Routes.channelMessages(at), { query }) }),
      );
      const found = messages.find((each) => each.author.id === self && isThat(each, message, to));
      if (!found) return undefined;
      return { surface: "discord", channel: at, id: found.id, thinking: (found.flags & MessageFlags.Loading) !== 0 };
    } catch (error) {
      if (error instanceof DiscordFaultError && error.fault.kind !== "said-no") throw error;
      this.#log.warn("it could not be seen whether a message arrived before", { error });
      return undefined;
    }
  }

  #whoAmI(): Promise<string> {
    this.#self ??= this.#web
      .call({ lane: "reply", send: (rest) => rest.get(Routes.user()) })
      .then((answer) => Self.parse(answer).id)
      .catch((error: unknown) => {
        this.#self = undefined;
        throw error;
      });
    return this.#self;
  }
}

function isThat(standing: Standing, { answers, card, line }: Sought, to: string | undefined): boolean {
  const answered = [standing.interaction_metadata?.id, standing.message_reference?.message_id];
  if (answers !== undefined && answered.includes(answers)) return true;
  if (line && card) {
    const isPlain = standing.components.length === 0 && standing.message_reference?.message_id === to;
    return isPlain && standing.embeds[0]?.title === embedTitle(card);
  }
  const buttons = new Set(card?.actions?.flatMap(({ id }) => (id === undefined ? [] : [`press:${id}`])));
  return buttonsIn(standing.components).some((id) => buttons.has(id));
}

function buttonsIn(components: readonly unknown[]): string[] {
  return components.flatMap((component) => {
    const { custom_id: id, components: inner = [] } = Component.safeParse(component).data ?? {};
    return [...(id === undefined ? [] : [id]), ...buttonsIn(inner)];
  });
}
