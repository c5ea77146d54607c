import { type RawFile, type RESTPostAPIChannelMessageJSONBody, Routes } from "discord.js";
import { z } from "zod";
import { BackendError, isDefiniteRefusal } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Attachment } from "../../domain/messages/card.ts";
import type { Courier, MessageRef, MessageRemover, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import { opaqueNonce } from "../chat/opaque-nonce.ts";
import { codes, discordError } from "./faults.ts";
import { OwnMessages } from "./own-messages.ts";
import { renderDiscordMessage, renderDiscordText } from "./render/message.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

/** The longest nonce that Discord takes. */
const nonceLength = 25;

const Made = z.object({ id: z.string(), channel_id: z.string() });

/** A message's body and the files that go with it. */
export interface Body {
  readonly body: Pick<RESTPostAPIChannelMessageJSONBody, "content" | "embeds" | "components">;
  readonly files: RawFile[];
}

/** Discord takes no edit of that message any more; of one in a thread that is shut neither. */
const cannotEdit: readonly number[] = [
  codes.unknownMessage,
  codes.tooManyOldEdits,
  codes.notOurs,
  codes.archived,
  codes.locked,
];
/** A thread that is gone or shut. One that the bot may not see is left alone: its channel has other readers. */
const shutThread: readonly number[] = [codes.unknownChannel, codes.archived, codes.locked];

/** Sends and edits the bot's messages on Discord. */
export class DiscordCourier implements Courier, MessageRemover {
  readonly surface = "discord";
  readonly #web: DiscordWeb;
  readonly #guild: string;
  readonly #log: Log;
  /** What the bot has said already. */
  readonly own: OwnMessages;

  constructor(web: DiscordWeb, guild: string, log: Log) {
    this.#web = web;
    this.#guild = guild;
    this.#log = log;
    this.own = new OwnMessages(web, log);
  }

  async post(place: Place, message: Outgoing): Promise<MessageRef> {
    const { audience } = message;
    if (audience && !place.direct) {
      await this.#endThinking(place, message);
      return this.postDirectly(audience.id, message);
    }
    if (place.person) return this.#postToPerson(place, message);
    return this.replyOnce(place, message, undefined);
  }

  /** In the conversation with somebody, which Discord opens, or knows. */
  async #postToPerson(place: Place, message: Outgoing): Promise<MessageRef> {
    const channel = await this.#directWith(place.channel, message);
    const { person: _, ...there } = place;
    return this.post({ ...there, channel }, message);
  }

  /** What one person alone is told elsewhere leaves nobody thinking where it was asked; what was answered there stands. */
  async #endThinking(place: Place, { answers }: Outgoing): Promise<void> {
    if (answers === undefined) return;
    try {
      const found = await asBackend(() => this.own.find(place, { answers }));
      if (found?.thinking) await this.remove(found);
    } catch (error) {
      if (!isDefiniteRefusal(error)) throw error;
      this.#log.warn("a sign that an answer is under way could not be taken away", { error });
    }
  }

  /** What an earlier sender made of it. One that came no further than thinking gives way to the answer. */
  async #sentBefore(place: Place, message: Outgoing, to: string | undefined): Promise<MessageRef | undefined> {
    if (!message.again && message.answers === undefined) return undefined;
    return asBackend(async () => {
      const found = await this.own.find(place, message, to);
      if (!found) return undefined;
      const { thinking, ...ref } = found;
      if (!thinking) return ref;
      await this.remove(ref);
      return undefined;
    });
  }

  /** As a reply, unless it stands in that place already, where it is brought up to date then. */
  async replyOnce(place: Place, message: Outgoing, to: string | undefined): Promise<MessageRef> {
    const known = await this.#sentBefore(place, message, to);
    return known ? this.edit(known, message) : this.reply(place, message, to);
  }

  /** Posts in a place, as a reply to a message there when one is given. */
  async reply(place: Place, message: Outgoing, to: string | undefined): Promise<MessageRef> {
    return asBackend(async () => {
      const { channel, thread } = place;
      if (thread === undefined) return this.#create(channel, message, { to });
      try {
        return await this.#create(thread, message, { to });
      } catch (error) {
        if (!isRefusal(error, shutThread)) throw error;
        this.#log.info("a thread takes no more messages; its channel gets the answer", { code: error.code });
        return this.#create(channel, message, { to: undefined, note: "Its thread takes no more messages." });
      }
    });
  }

  /** Takes a message of the bot's away; one that is gone already is no failure. */
  async remove({ channel, id }: MessageRef): Promise<void> {
    return asBackend(async () => {
      try {
        await this.#web.call({ lane: "reply", send: (rest) => rest.delete(Routes.channelMessage(channel, id)) });
      } catch (error) {
        if (!isRefusal(error, [codes.unknownMessage])) throw error;
      }
    });
  }

  /** A conversation of two: what only one person may see, when there is no interaction to answer. */
  async postDirectly(user: string, message: Outgoing): Promise<MessageRef> {
    const channel = await this.#directWith(user, message);
    return asBackend(() => this.#create(channel, message, { to: undefined }));
  }

  /** The channel of the conversation with somebody. */
  async #directWith(user: string, message: Outgoing): Promise<string> {
    return asBackend(async () => {
      const channel = await this.#web.call({
        lane: message.lane ?? "notice",
        send: (rest) => rest.post(Routes.userChannels(), { body: { recipient_id: user } }),
      });
      return z.object({ id: z.string() }).parse(channel).id;
    });
  }

  async edit(ref: MessageRef, message: Outgoing): Promise<MessageRef> {
    return asBackend(async () => {
      try {
        await this.withPlainer(message, (each) => this.#patchOpened(ref, message, each));
        return ref;
      } catch (error) {
        if (!isRefusal(error, cannotEdit)) throw error;
        this.#log.info("a message that can no longer be edited is replaced", { code: error.code });
        const link = `https://discord.com/channels/${this.#guild}/${ref.channel}/${ref.id}`;
        const note =
          error.code === codes.unknownMessage ? "In place of a message that is gone." : `In place of ${link}`;
        const instead: Outgoing = { ...message, nonce: `${message.nonce}:in-place-of:${ref.id}` };
        return this.#createNear(ref.channel, instead, note);
      }
    });
  }

  /** In a channel, or in the one that it is a thread of when it takes no more messages. */
  async #createNear(channel: string, message: Outgoing, note: string): Promise<MessageRef> {
    try {
      return await this.#create(channel, message, { to: undefined, note });
    } catch (error) {
      if (!isRefusal(error, [codes.archived, codes.locked])) throw error;
      const thread = await this.#web.call({
        lane: message.lane ?? "notice",
        send: (rest) => rest.get(Routes.channel(channel)),
      });
      const { parent_id: parent } = z.object({ parent_id: z.string() }).parse(thread);
      return this.#create(parent, message, { to: undefined, note });
    }
  }

  /** Sends an embed; what Discord does not take goes as text, and whole as a file. */
  async withPlainer<Result>(message: Outgoing, send: (body: Body) => Promise<Result>): Promise<Result> {
    try {
      return await send(bodyOf(message));
    } catch (error) {
      if (!isRefusal(error, [codes.invalidBody, codes.emptyMessage])) throw error;
      this.#log.error("Discord refused a message's embed; it goes as text", { code: error.code });
      const { content, files } = renderDiscordText(message.card, Date.now());
      return send({ body: { content, embeds: [], components: [] }, files: rawFiles(files) });
    }
  }

  async #create(
    channel: string,
    message: Outgoing,
    how: { readonly to: string | undefined; readonly note?: string },
  ): Promise<MessageRef> {
    const made = await this.withPlainer(message, ({ body, files }) =>
      this.#web.call({
        lane: message.lane ?? "notice",
        channel,
        nonce: true,
        // Sent again it is the same message: Discord knows the nonce.
        send: (rest) =>
          rest.post(Routes.channelMessages(channel), {
            body: {
              ...body,
              ...(how.note !== undefined && { content: [body.content, how.note].filter((each) => each).join("\n") }),
              nonce: opaqueNonce(message.nonce, nonceLength),
              enforce_nonce: true,
              allowed_mentions: { parse: [], users: calledIn(message), replied_user: false },
              ...(how.to !== undefined && { message_reference: { message_id: how.to, fail_if_not_exists: false } }),
            },
            files,
          }),
      }),
    );
    const { id, channel_id: at } = Made.parse(made);
    return { surface: "discord", channel: at, id };
  }

  /** An edit reopens a thread that went to sleep, as somebody's message does. */
  async #patchOpened(ref: MessageRef, message: Outgoing, body: Body): Promise<void> {
    try {
      await this.#patch(ref, message, body);
    } catch (error) {
      if (!isRefusal(error, [codes.archived])) throw error;
      if (!(await this.#wake(ref.channel, message))) throw error;
      await this.#patch(ref, message, body);
    }
  }

  /** False when that takes a right that the bot does not have. */
  async #wake(thread: string, { lane = "notice" }: Outgoing): Promise<boolean> {
    try {
      const body = { archived: false };
      await this.#web.call({ lane, send: (rest) => rest.patch(Routes.channel(thread), { body }) });
      return true;
    } catch (error) {
      if (!isRefusal(error, [codes.missingPermissions, codes.missingAccess, codes.locked])) throw error;
      return false;
    }
  }

  async #patch(ref: MessageRef, message: Outgoing, { body, files }: Body): Promise<void> {
    await this.#web.call({
      lane: message.lane ?? "notice",
      channel: ref.channel,
      send: (rest) =>
        rest.patch(Routes.channelMessage(ref.channel, ref.id), {
          body: {
            content: "",
            embeds: [],
            components: [],
            ...body,
            ...replacing(files),
            allowed_mentions: { parse: [] },
          },
          files,
        }),
    });
  }
}

/** The body of a message as a rule. */
function bodyOf(message: Outgoing): Body {
  const { embeds, components, files } = renderDiscordMessage(message.card, { files: message.files, now: Date.now() });
  const called = calledIn(message).map((id) => `<@${id}>`);
  return {
    body: { embeds, components, ...(called.length > 0 && { content: called.join(" ") }) },
    files: rawFiles(files),
  };
}

/** Discord takes a hundred names; more than a few people are called by nothing. */
const mostCalled = 20;

/** Ids of the people who are called here: an id of Discord's, or it is nobody's. */
function calledIn({ calls = [] }: Outgoing): string[] {
  const ids = calls.filter(({ account }) => account.surface === "discord").map(({ account }) => account.id);
  return [...new Set(ids)].filter((id) => /^\d{5,25}$/.test(id)).slice(0, mostCalled);
}

function isRefusal(error: unknown, among: readonly number[]): error is DiscordFaultError {
  return error instanceof DiscordFaultError && among.includes(error.code);
}

function rawFiles(files: readonly Attachment[]): RawFile[] {
  return files.map(({ name, bytes, mediaType }) => ({ name, data: Buffer.from(bytes), contentType: mediaType }));
}

/** Has an edit's files stand in place of those before, instead of beside them. */
export function replacing(files: readonly RawFile[]): { attachments: { id: number; filename: string }[] } {
  return { attachments: files.map(({ name }, id) => ({ id, filename: name })) };
}

async function asBackend<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiscordFaultError) throw discordError(error.fault, error.channel);
    if (error instanceof BackendError) throw error;
    throw new BackendError("Discord", { fault: "nonsense", detail: "the answer could not be read" });
  }
}
