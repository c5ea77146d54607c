import { Routes } from "discord.js";
import { isDefiniteRefusal } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { MessageRef, Outgoing, Threads } from "../../domain/messages/message.ts";
import { cutText } from "../../domain/text/cut-text.ts";
import { titleLine } from "../chat/card-lines.ts";
import type { DiscordCourier } from "./courier.ts";
import { codes, discordError } from "./faults.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

/** Discord: 100 characters in a thread's name. */
const nameMax = 100;
/** Threads are put away once nobody has said anything for a day. */
const archiveAfterMinutes = 1_440;
/** Threads under the bot's messages on Discord, which are channels of their own; where it may make none, it replies instead. */
export class DiscordThreads implements Threads {
  readonly #web: DiscordWeb;
  readonly #courier: DiscordCourier;
  readonly #log: Log;

  constructor(web: DiscordWeb, courier: DiscordCourier, log: Log) {
    this.#web = web;
    this.#courier = courier;
    this.#log = log;
  }

  async say(under: MessageRef, message: Outgoing): Promise<MessageRef> {
    const { surface, channel, id } = under;
    try {
      await this.#open(under, message);
    } catch (error) {
      if (!(error instanceof DiscordFaultError)) throw error;
      const failure = discordError(error.fault, error.channel);
      if (!isDefiniteRefusal(failure)) throw failure;
      this.#log.info("a thread could not be made; what belongs in it is a reply", { code: error.code });
      return this.#courier.replyOnce({ surface, channel }, message, id);
    }
    // A thread of a message has the message's id.
    return this.#courier.post({ surface, channel, thread: id }, message);
  }

  async #open({ channel, id }: MessageRef, { card, lane = "notice" }: Outgoing): Promise<void> {
    const name = cutText(titleLine(card), nameMax).trim() || "What became of it";
    try {
      await this.#web.call({
        lane,
        send: (rest) =>
          rest.post(Routes.threads(channel, id), { body: { name, auto_archive_duration: archiveAfterMinutes } }),
      });
    } catch (error) {
      if (!(error instanceof DiscordFaultError) || error.code !== codes.threadMade) throw error;
    }
  }
}
