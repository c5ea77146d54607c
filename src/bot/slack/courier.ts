import type { WebClient } from "@slack/web-api";
import { BackendError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Attachment } from "../../domain/messages/card.ts";
import type { Courier, MessageRef, MessageRemover, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import { opaqueNonce } from "../chat/opaque-nonce.ts";
import { type Content, contentOf, withNote } from "./content.ts";
import { slackError, slackFaultOf } from "./faults.ts";
import { completeFiles, uploadFile } from "./files.ts";
import { Pictures, picturesOf } from "./pictures.ts";
import { renderSlackText } from "./render/message.ts";
import { SlackFaultError, type SlackWeb } from "./web.ts";

const metadataType = "wardroom_message";
const nonceLength = 32;
const refusedContent = ["invalid_blocks", "msg_too_long", "msg_blocks_too_long", "invalid_blocks_format"];
const cannotEdit = ["message_not_found", "cant_update_message", "edit_window_closed"];

/** Sends, edits and finds the bot's messages in Slack. */
export class SlackCourier implements Courier, MessageRemover {
  readonly surface = "slack";
  readonly #web: SlackWeb;
  readonly #log: Log;
  readonly #pictures: Pictures;

  constructor(web: SlackWeb, log: Log, pictures = new Pictures(web, log)) {
    this.#web = web;
    this.#log = log;
    this.#pictures = pictures;
  }

  /** Ends what goes on beside: nobody waits for a picture. */
  close(): void {
    this.#pictures.close();
  }

  async post(place: Place, message: Outgoing): Promise<MessageRef> {
    const { audience } = message;
    if (audience && !place.direct) return this.postPrivately(place, message, audience.id);
    return this.#asBackend(async () => {
      // A person's id stands for the conversation with them only where something is posted: no edit and no look finds it.
      const person = /^[UW]/.test(place.channel);
      const channel = person ? await this.#directWith(place.channel, message) : place.channel;
      return this.#post({ ...place, channel }, message);
    });
  }

  async edit(ref: MessageRef, message: Outgoing): Promise<MessageRef> {
    return this.#asBackend(async () => {
      try {
        await this.#change(ref, message);
        return ref;
      } catch (error) {
        if (!(error instanceof SlackFaultError) || !cannotEdit.includes(error.code)) throw error;
        this.#log.info("a message that can no longer be edited is replaced", { code: error.code });
        return this.#replace(ref, message, error.code);
      }
    });
  }

  /** Takes a message of the bot's away; one that is gone already is no failure. */
  async remove(ref: MessageRef): Promise<void> {
    this.#pictures.forget(ref);
    const { channel, id } = ref;
    return this.#asBackend(async () => {
      try {
        await this.#web.call({
          method: "chat.delete",
          lane: "reply",
          send: (client) => client.chat.delete({ channel, ts: id }),
        });
      } catch (error) {
        if (!(error instanceof SlackFaultError) || error.code !== "message_not_found") throw error;
      }
    });
  }

  /**
   * Shows it to one person in a channel, and where the bot may say nothing there, in the conversation of the two. Such a
   * message has no lasting id.
   */
  async postPrivately(place: Place, message: Outgoing, user: string): Promise<MessageRef> {
    try {
      return await this.#asBackend(() => this.#postEphemeral(place, message, user));
    } catch (error) {
      if (!isShutOut(error)) throw error;
      const { audience: _, ...alone } = message;
      await this.post({ surface: "slack", channel: user, direct: true }, alone);
      return { surface: "slack", channel: place.channel, id: "" };
    }
  }

  async #postEphemeral(place: Place, message: Outgoing, user: string): Promise<MessageRef> {
    // What one person sees alone cannot be changed any more: its pictures go beside it, with the files.
    const content = { ...contentOf(message), files: message.files };
    const { files } = await this.#withPlainer(content, message, ({ text, blocks }) =>
      this.#web.call({
        method: "chat.postEphemeral",
        channel: place.channel,
        lane: message.lane ?? "notice",
        send: (client) =>
          client.chat.postEphemeral({
            channel: place.channel,
            user,
            text,
            parse: "none",
            link_names: false,
            ...(blocks && { blocks }),
            ...(place.thread !== undefined && { thread_ts: place.thread }),
          }),
      }),
    );
    // A file cannot be shown to one person in a channel; a conversation of two is private.
    if (files.length > 0)
      await this.#shareOrLeave(files, message, async () => ({ channel: await this.#directWith(user, message) }));
    return { surface: "slack", channel: place.channel, id: "" };
  }

  async #post(place: Place, message: Outgoing, note?: string): Promise<MessageRef> {
    const known = message.again ? await this.#look(place, message) : undefined;
    // It may show what was so before.
    if (known !== undefined) return this.edit(refOf(place, known), message);
    const { result: ts, files } = await this.#withPlainer(contentOf(message), message, (each) =>
      this.#send(place, message, withNote(each, note)),
    );
    const ref = refOf(place, ts);
    if (files.length > 0)
      await this.#shareOrLeave(files, message, async () => ({ channel: place.channel, thread: place.thread ?? ts }));
    this.#addPictures(ref, message, { thread: place.thread ?? ts, note });
    return ref;
  }

  /** Puts another content in a message's place. */
  async #change(ref: MessageRef, message: Outgoing): Promise<void> {
    this.#pictures.forget(ref);
    const pictures = picturesOf(message);
    const taken = this.#pictures.taken(pictures);
    const { files } = await this.#withPictures(contentOf(message, taken), message, (content) =>
      this.#update(ref, message, content),
    );
    // An answer that takes its placeholder's place brings its files; a card that follows its state has brought them before.
    if (files.length > 0 && message.lane === "reply")
      await this.#share(files, message, { channel: ref.channel, thread: ref.id });
    if (this.#pictures.taken(pictures).size < pictures.length) this.#addPictures(ref, message, { thread: ref.id });
  }

  /** Sends what shows pictures that Slack took in before; where it does not know them any more, without them. */
  async #withPictures(
    content: Content,
    message: Outgoing,
    send: (content: Content) => Promise<void>,
  ): Promise<{ readonly files: readonly Attachment[] }> {
    const pictures = picturesOf(message);
    if (this.#pictures.taken(pictures).size > 0) {
      try {
        await send(content);
        return content;
      } catch (error) {
        if (!(error instanceof SlackFaultError) || !refusedContent.includes(error.code)) throw error;
        this.#pictures.lose(pictures);
      }
    }
    return this.#withPlainer(contentOf(message), message, send);
  }

  /** Words and buttons stand already; the pictures follow once Slack has taken them in. */
  #addPictures(
    ref: MessageRef,
    message: Outgoing,
    { thread, note }: { readonly thread: string; readonly note?: string | undefined },
  ): void {
    const later: Outgoing = { ...message, lane: "notice" };
    this.#pictures.add(ref, picturesOf(message), {
      with: (taken, isCurrent) => this.#update(ref, later, withNote(contentOf(message, taken), note), isCurrent),
      beside: (files) => this.#share(files, later, { channel: ref.channel, thread }),
    });
  }

  async #send(place: Place, message: Outgoing, { text, blocks }: Content): Promise<string> {
    const call = async (): Promise<string> =>
      this.#web.call({
        method: "chat.postMessage",
        channel: place.channel,
        lane: message.lane ?? "notice",
        send: async (client) => {
          const { ts } = await client.chat.postMessage({
            channel: place.channel,
            text,
            mrkdwn: blocks === undefined,
            parse: "none",
            link_names: false,
            unfurl_links: false,
            unfurl_media: false,
            metadata: { event_type: metadataType, event_payload: { nonce: opaqueNonce(message.nonce, nonceLength) } },
            ...(blocks && { blocks }),
            ...(place.thread !== undefined && { thread_ts: place.thread }),
          });
          return ts ?? "";
        },
        found: (client) => this.#find(client, place, message),
      });
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof SlackFaultError)) throw error;
      if (error.code !== "not_in_channel") {
        this.#web.shutOut(place.channel, error);
        throw error;
      }
      // A public channel takes a bot that may join; a private one has to invite it.
      await this.#join(place, error);
      return call();
    }
  }

  async #join(place: Place, refusal: SlackFaultError): Promise<void> {
    try {
      await this.#web.call({
        method: "conversations.join",
        lane: "reply",
        send: (client) => client.conversations.join({ channel: place.channel }),
      });
    } catch (error) {
      this.#log.warn("a channel could not be joined", { channel: place.channel, error });
      this.#web.shutOut(place.channel, refusal);
      throw refusal;
    }
  }

  /** `isCurrent` is asked last of all: what has waited for its turn may show what is over. */
  async #update(
    ref: MessageRef,
    message: Outgoing,
    { text, blocks }: Content,
    isCurrent: () => boolean = () => true,
  ): Promise<void> {
    await this.#web.call({
      method: "chat.update",
      channel: ref.channel,
      lane: message.lane ?? "notice",
      send: async (client) => {
        if (!isCurrent()) return;
        await client.chat.update({
          channel: ref.channel,
          ts: ref.id,
          text,
          parse: "none",
          link_names: false,
          metadata: { event_type: metadataType, event_payload: { nonce: opaqueNonce(message.nonce, nonceLength) } },
          blocks: blocks ?? [],
        });
      },
    });
  }

  async #replace(ref: MessageRef, message: Outgoing, code: string): Promise<MessageRef> {
    const link = code === "message_not_found" ? undefined : await this.#linkTo(ref);
    const place: Place = { surface: "slack", channel: ref.channel };
    const note = link === undefined ? "In place of a message that is gone" : `In place of ${link}`;
    return this.#post(place, { ...message, nonce: `${message.nonce}:in-place-of:${ref.id}` }, note);
  }

  async #linkTo(ref: MessageRef): Promise<string | undefined> {
    try {
      const { permalink } = await this.#web.client.chat.getPermalink({ channel: ref.channel, message_ts: ref.id });
      return permalink;
    } catch {
      return undefined;
    }
  }

  /** Sends blocks; what Slack does not take goes as text, and whole as a file. Answers the files that belong to it, too. */
  async #withPlainer<Result>(
    content: Content,
    message: Outgoing,
    send: (content: Content) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly files: readonly Attachment[] }> {
    try {
      return { result: await send(content), files: content.files };
    } catch (error) {
      if (!(error instanceof SlackFaultError) || !refusedContent.includes(error.code)) throw error;
      this.#log.error("Slack refused a message's blocks; it goes as text", { code: error.code });
      const { text, overflow } = renderSlackText(message.card, Date.now());
      const named = new Set(content.files.map((file) => file.name));
      const files = overflow && !named.has(overflow.name) ? [...content.files, overflow] : content.files;
      return { result: await send({ text, files }), files };
    }
  }

  async #share(
    files: readonly Attachment[],
    message: Outgoing,
    to: { readonly channel: string; readonly thread?: string },
  ): Promise<void> {
    const lane = message.lane ?? "notice";
    const uploaded: { id: string; title: string }[] = [];
    for (const file of files) uploaded.push({ id: await uploadFile(file, { web: this.#web, lane }), title: file.name });
    await completeFiles(uploaded, { web: this.#web, lane, ...to });
  }

  /** The words stand already: what they came with is not worth saying them again. */
  async #shareOrLeave(
    files: readonly Attachment[],
    message: Outgoing,
    where: () => Promise<{ readonly channel: string; readonly thread?: string }>,
  ): Promise<void> {
    try {
      await this.#share(files, message, await where());
    } catch (error) {
      this.#log.warn("files of a message could not be shared", { error });
    }
  }

  async #directWith(user: string, message: Outgoing): Promise<string> {
    const { channel } = await this.#web.call({
      method: "conversations.open",
      lane: message.lane ?? "notice",
      send: (client) => client.conversations.open({ users: user }),
    });
    return channel?.id ?? user;
  }

  /** As `#find`; where the bot may not look there is nothing to find, and posting says what is wrong there. */
  async #look(place: Place, message: Outgoing): Promise<string | undefined> {
    try {
      return await this.#find(this.#web.client, place, message);
    } catch (error) {
      const fault = slackFaultOf(error);
      if (fault.kind !== "said-no") throw new SlackFaultError(fault, "conversations.history");
      this.#log.warn("it could not be seen whether a message arrived before", { code: fault.code });
      return undefined;
    }
  }

  /** The bot's own message with this nonce among the newest of a place; its time stamp. */
  async #find(client: WebClient, place: Place, { nonce, line }: Outgoing): Promise<string | undefined> {
    const wanted = opaqueNonce(nonce, nonceLength);
    const asked = { channel: place.channel, include_all_metadata: true, limit: 50 };
    const { messages } =
      place.thread === undefined
        ? await client.conversations.history(asked)
        : await client.conversations.replies({
            ...asked,
            ts: place.thread,
            // Slack gives the first ones of a thread first.
            ...(line?.after !== undefined && { oldest: line.after }),
          });
    const found = messages?.find((each) => {
      const payload: Readonly<Record<string, unknown>> = each.metadata?.event_payload ?? {};
      return each.metadata?.event_type === metadataType && payload["nonce"] === wanted;
    });
    return found?.ts;
  }

  async #asBackend<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SlackFaultError) throw slackError(error.fault, error.method);
      if (error instanceof BackendError) throw error;
      throw new BackendError("Slack", { fault: "broken", detail: "the message could not be prepared" });
    }
  }
}

/** Nothing can be said there. Of a private channel, and of a conversation of others, Slack says that there is none. */
export function isShutOut(error: unknown): error is BackendError {
  return error instanceof BackendError && ["refused", "missing"].includes(error.fault);
}

function refOf(place: Place, ts: string): MessageRef {
  return { surface: "slack", channel: place.channel, id: ts };
}
