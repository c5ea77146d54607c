import { createHash } from "node:crypto";
import { type RawFile, type RESTPostAPIChannelMessageJSONBody, Routes } from "discord.js";
import { z } from "zod";
import type { Attachment } from "../../domain/card.ts";
import { BackendError } from "../../domain/failure.ts";
import type { Courier, MessageRef, Outgoing } from "../../domain/message.ts";
import type { Place } from "../../domain/policy.ts";
import type { Log } from "../../domain/ports.ts";
import { backendError, codes } from "./faults.ts";
import { renderMessage, renderTextOnly } from "./render/message.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

const Made = z.object({ id: z.string(), channel_id: z.string() });

/** A message's body and the files that go with it. */
export interface Body {
  readonly body: Pick<RESTPostAPIChannelMessageJSONBody, "content" | "embeds" | "components">;
  readonly files: RawFile[];
}

const cannotEdit: readonly number[] = [codes.unknownMessage, codes.tooManyOldEdits, codes.notOurs];

/** Sends and edits the bot's messages on Discord. */
export class DiscordCourier implements Courier {
  readonly surface = "discord";
  readonly #web: DiscordWeb;
  readonly #guild: string;
  readonly #log: Log;

  constructor(web: DiscordWeb, guild: string, log: Log) {
    this.#web = web;
    this.#guild = guild;
    this.#log = log;
  }

  async post(place: Place, message: Outgoing): Promise<MessageRef> {
    const { audience } = message;
    if (audience && !place.direct) return this.postDirectly(audience.id, message);
    return this.reply(place, message, undefined);
  }

  /** Posts in a place, as a reply to a message there when one is given. */
  async reply(place: Place, message: Outgoing, to: string | undefined): Promise<MessageRef> {
    return asBackend(() => this.#create(place.thread ?? place.channel, message, { to }));
  }

  /** A conversation of two: what only one person may see, when there is no interaction to answer. */
  async postDirectly(user: string, message: Outgoing): Promise<MessageRef> {
    return asBackend(async () => {
      const channel = await this.#web.call({
        lane: message.lane ?? "notice",
        send: (rest) => rest.post(Routes.userChannels(), { body: { recipient_id: user } }),
      });
      return this.#create(z.object({ id: z.string() }).parse(channel).id, message, { to: undefined });
    });
  }

  async edit(ref: MessageRef, message: Outgoing): Promise<MessageRef> {
    return asBackend(async () => {
      try {
        await this.withPlainer(message, (each) => this.#patch(ref, message, each));
        return ref;
      } catch (error) {
        if (!(error instanceof DiscordFaultError) || !cannotEdit.includes(error.code)) throw error;
        this.#log.info("a message that can no longer be edited is replaced", { code: error.code });
        const link = `https://discord.com/channels/${this.#guild}/${ref.channel}/${ref.id}`;
        const note =
          error.code === codes.unknownMessage ? "In place of a message that is gone." : `In place of ${link}`;
        const instead: Outgoing = { ...message, nonce: `${message.nonce}:in-place-of:${ref.id}` };
        return this.#create(ref.channel, instead, { to: undefined, note });
      }
    });
  }

  /** Sends an embed; what Discord does not take goes as text, and whole as a file. */
  async withPlainer<Result>(message: Outgoing, send: (body: Body) => Promise<Result>): Promise<Result> {
    try {
      return await send(bodyOf(message));
    } catch (error) {
      if (
        !(error instanceof DiscordFaultError) ||
        ![codes.invalidBody, codes.emptyMessage].some((each) => each === error.code)
      )
        throw error;
      this.#log.error("Discord refused a message's embed; it goes as text", { code: error.code });
      const { content, files } = renderTextOnly(message.card, Date.now());
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
        // Sent again it is the same message: Discord knows the nonce.
        send: (rest) =>
          rest.post(Routes.channelMessages(channel), {
            body: {
              ...body,
              ...(how.note !== undefined && { content: [body.content, how.note].filter((each) => each).join("\n") }),
              nonce: nonceOf(message),
              enforce_nonce: true,
              allowed_mentions: { parse: [], replied_user: false },
              ...(how.to !== undefined && { message_reference: { message_id: how.to, fail_if_not_exists: false } }),
            },
            files,
          }),
      }),
    );
    const { id, channel_id: at } = Made.parse(made);
    return { surface: "discord", channel: at, id };
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
  const { embeds, components, files } = renderMessage(message.card, { files: message.files, now: Date.now() });
  return { body: { embeds, components }, files: rawFiles(files) };
}

function rawFiles(files: readonly Attachment[]): RawFile[] {
  return files.map(({ name, bytes, mediaType }) => ({ name, data: Buffer.from(bytes), contentType: mediaType }));
}

/** Has an edit's files stand in place of those before, instead of beside them. */
export function replacing(files: readonly RawFile[]): { attachments: { id: number; filename: string }[] } {
  return { attachments: files.map(({ name }, id) => ({ id, filename: name })) };
}

/** 25 characters at most; what others could read of it says nothing about what it is made of. */
function nonceOf({ nonce }: Pick<Outgoing, "nonce">): string {
  return createHash("sha256").update(nonce).digest("hex").slice(0, 25);
}

async function asBackend<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiscordFaultError) throw backendError(error.fault, error.channel);
    if (error instanceof BackendError) throw error;
    throw new BackendError("discord", { fault: "nonsense", detail: "the answer could not be read" });
  }
}
