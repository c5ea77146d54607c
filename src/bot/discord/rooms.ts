import { ChannelType, Routes, ThreadAutoArchiveDuration } from "discord.js";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { MadeRoom, MessageRef, RoomKeeper, WantedRoom } from "../../domain/messages/message.ts";
import { codes, discordError } from "./faults.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

const Thread = z.object({ id: z.string(), name: z.string() });
const Threads = z.object({
  threads: z.array(Thread.extend({ parent_id: z.string().nullish(), owner_id: z.string().nullish() })),
});

/** Clocks differ: so much earlier than it was asked for may Discord say that a thread was made, ms. */
const clockSlackMs = 120_000;
/** Where Discord's ids begin to count: 2015. */
const epochMs = 1_420_070_400_000n;

/** Rooms of incidents on Discord: a thread each, below the channel whose rules hold in it; private where its incident is. */
export class DiscordRooms implements RoomKeeper {
  readonly #web: DiscordWeb;
  readonly #guild: string;
  readonly #bot: () => string;

  /** `bot`: the bot's own id, empty while it is not known. */
  constructor(web: DiscordWeb, guild: string, bot: () => string) {
    this.#web = web;
    this.#guild = guild;
    this.#bot = bot;
  }

  async open(wanted: WantedRoom): Promise<MadeRoom> {
    const right = wanted.isPrivate ? "Create Private Threads" : "Create Public Threads";
    return asBackend({ channel: wanted.like, right }, async () => {
      const thread = (await this.#adopted(wanted)) ?? (await this.#create(wanted));
      return { name: thread.name, place: { surface: "discord", channel: wanted.like, thread: thread.id } };
    });
  }

  async invite({ place }: MadeRoom, account: string): Promise<void> {
    const thread = place.thread ?? place.channel;
    await asBackend({ channel: place.channel, right: "Send Messages in Threads" }, () =>
      this.#web.call({ lane: "notice", send: (rest) => rest.put(Routes.threadMembers(thread, account)) }),
    );
  }

  async pin({ channel, id }: MessageRef): Promise<void> {
    await asBackend({ channel, right: "Pin Messages" }, () =>
      this.#web.call({ lane: "notice", send: (rest) => rest.put(Routes.channelMessagesPin(channel, id)) }),
    );
  }

  async #create(wanted: WantedRoom): Promise<z.output<typeof Thread>> {
    const { like, name, isPrivate } = wanted;
    const body = {
      name,
      type: isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread,
      auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
      ...(isPrivate && { invitable: false }),
    };
    const made = await this.#web.call<unknown>({
      lane: "reply",
      send: (rest) => rest.post(Routes.threads(like), { body }),
      // Threads may share a name, so that one whose answer was lost would be made twice.
      found: () => this.#adopted(wanted),
    });
    return Thread.parse(made);
  }

  /** The thread of this name that the bot itself made for this room, before an answer was lost. Threads may share a name. */
  async #adopted({ like, name, since }: WantedRoom): Promise<z.output<typeof Thread> | undefined> {
    const answer = await this.#web.call({
      lane: "reply",
      send: (rest) => rest.get(Routes.guildActiveThreads(this.#guild)),
    });
    return Threads.parse(answer).threads.find(
      (each) =>
        each.parent_id === like &&
        each.name === name &&
        each.owner_id === this.#bot() &&
        madeAt(each.id) >= since - clockSlackMs,
    );
  }
}

/** When something was made, in ms: Discord's ids say so. */
function madeAt(id: string): number {
  return Number((BigInt(id) >> 22n) + epochMs);
}

/** Discord says that a right is missing, and not which: it is the one that the call needs. */
async function asBackend<Result>(
  { channel, right }: { readonly channel: string; readonly right: string },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DiscordFaultError)) throw error;
    if (error.code === codes.missingPermissions)
      throw new BackendError("Discord", {
        fault: "refused",
        detail: `give the bot ${right} in the channel ${channel}`,
      });
    throw discordError(error.fault, channel);
  }
}
