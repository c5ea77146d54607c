import { BackendError } from "../../domain/failure.ts";
import { roomNames } from "../../domain/incidents/room.ts";
import type { Log } from "../../domain/log.ts";
import type { MadeRoom, MessageRef, RoomKeeper, WantedRoom } from "../../domain/messages/message.ts";
import { cutText } from "../../domain/text/cut-text.ts";
import { slackError } from "./faults.ts";
import { SlackFaultError, type SlackWeb } from "./web.ts";

/** Slack: 250 characters in a topic, 255 in the title of a bookmark. */
const topicMax = 250;
const bookmarkMax = 255;
/** Clocks differ: so much earlier than it was asked for may Slack say that a channel was made, ms. */
const clockSlackMs = 120_000;
/** Channels looked through for one name, in pages of so many. */
const pageOf = 500;
const mostPages = 20;

/** Rooms of incidents in Slack: a channel each, private where its incident is. */
export class SlackRooms implements RoomKeeper {
  readonly #web: SlackWeb;
  readonly #bot: () => string | undefined;
  readonly #log: Log;

  /** `bot`: the bot's own id, once it is known. */
  constructor(web: SlackWeb, bot: () => string | undefined, log: Log) {
    this.#web = web;
    this.#bot = bot;
    this.#log = log;
  }

  open(wanted: WantedRoom): Promise<MadeRoom> {
    return asBackend(async () => {
      for (const name of roomNames(wanted.name)) {
        const id = (await this.#create(name, wanted)) ?? (await this.#adopted(name, wanted));
        if (id !== undefined) return { name, place: { surface: "slack", channel: id } };
        this.#log.info("a name is another channel's, or an archived one's; the next one is tried", { name });
      }
      const detail = `every name from ${wanted.name} on is taken; rename or delete channels called so`;
      throw new BackendError("Slack", { fault: "refused", detail });
    });
  }

  describe({ place: { channel } }: MadeRoom, topic: string): Promise<void> {
    return asBackend(async () => {
      await this.#web.call({
        method: "conversations.setTopic",
        lane: "notice",
        send: (client) => client.conversations.setTopic({ channel, topic: cutText(topic, topicMax) }),
      });
    });
  }

  invite({ place: { channel } }: MadeRoom, account: string): Promise<void> {
    return asBackend(() =>
      this.#unless(["already_in_channel", "cant_invite_self"], {
        method: "conversations.invite",
        send: (client) => client.conversations.invite({ channel, users: account }),
      }),
    );
  }

  link({ place: { channel } }: MadeRoom, links: Readonly<Record<string, string>>): Promise<void> {
    return asBackend(async () => {
      const { bookmarks = [] } = await this.#web.call({
        method: "bookmarks.list",
        lane: "notice",
        send: (client) => client.bookmarks.list({ channel_id: channel }),
      });
      const known = new Set(bookmarks.map(({ link }) => link));
      for (const [title, link] of Object.entries(links).filter(([, each]) => !known.has(each)))
        await this.#web.call({
          method: "bookmarks.add",
          lane: "notice",
          send: (client) =>
            client.bookmarks.add({ channel_id: channel, title: cutText(title, bookmarkMax), type: "link", link }),
        });
    });
  }

  pin({ channel, id }: MessageRef): Promise<void> {
    return asBackend(() =>
      this.#unless(["already_pinned"], {
        method: "pins.add",
        send: (client) => client.pins.add({ channel, timestamp: id }),
      }),
    );
  }

  /** The new channel's id; undefined where the name is taken. */
  async #create(name: string, { isPrivate }: WantedRoom): Promise<string | undefined> {
    try {
      const { channel } = await this.#web.call({
        method: "conversations.create",
        lane: "reply",
        send: (client) => client.conversations.create({ name, is_private: isPrivate }),
      });
      return channel?.id;
    } catch (error) {
      if (!(error instanceof SlackFaultError) || error.code !== "name_taken") throw error;
      return undefined;
    }
  }

  /** The channel of this name that the bot itself made for this room, before an answer was lost. */
  async #adopted(name: string, { since, isPrivate }: WantedRoom): Promise<string | undefined> {
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const from = cursor;
      const { channels = [], response_metadata: more } = await this.#web.call({
        method: "conversations.list",
        lane: "reply",
        send: (client) =>
          client.conversations.list({
            types: isPrivate ? "private_channel" : "public_channel",
            exclude_archived: true,
            limit: pageOf,
            ...(from !== undefined && { cursor: from }),
          }),
      });
      const found = channels.find((each) => each.name === name);
      const madeAt = (found?.created ?? 0) * 1_000;
      if (found) return found.creator === this.#bot() && madeAt >= since - clockSlackMs ? found.id : undefined;
      cursor = more?.next_cursor;
      if (!cursor) return undefined;
    }
    return undefined;
  }

  async #unless(
    codes: readonly string[],
    { method, send }: { readonly method: string; readonly send: (client: SlackWeb["client"]) => Promise<unknown> },
  ): Promise<void> {
    try {
      await this.#web.call({ method, lane: "notice", send });
    } catch (error) {
      if (!(error instanceof SlackFaultError) || !codes.includes(error.code)) throw error;
    }
  }
}

async function asBackend<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SlackFaultError) throw slackError(error.fault, error.method);
    throw error;
  }
}
