import { type Client, InteractionContextType, type Message, Routes } from "discord.js";
import { z } from "zod";
import type { Log } from "../../domain/log.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { DiscordWeb } from "./web.ts";

export interface PlacePorts {
  readonly web: DiscordWeb;
  readonly log: Log;
}

const Thread = z.object({ parent_id: z.string().nullish() });

/** Where a message was said. */
export async function placeOfMessage(client: Client<true>, ports: PlacePorts, message: Message): Promise<Place> {
  const place = placeSaid(message);
  const channel = client.channels.cache.get(message.channelId);
  if (!channel?.isThread() || place.thread !== undefined) return place;
  return askedPlace(ports, message.channelId);
}

/** A channel of the server, or a thread, by its id. */
export async function placeOfChannel(client: Client<true>, ports: PlacePorts, id: string): Promise<Place> {
  const channel = client.channels.cache.get(id);
  if (channel && !channel.isThread()) return { surface: "discord", channel: id };
  return channel?.parentId ? { surface: "discord", channel: channel.parentId, thread: id } : askedPlace(ports, id);
}

/** A thread that slept since before the client came is known by its id alone: Discord is asked. */
async function askedPlace({ web, log }: PlacePorts, id: string): Promise<Place> {
  const place: Place = { surface: "discord", channel: id };
  try {
    const { parent_id: parent } = Thread.parse(
      await web.call({ lane: "reply", send: (rest) => rest.get(Routes.channel(id)) }),
    );
    return parent ? { surface: "discord", channel: parent, thread: id } : place;
  } catch (error) {
    // Taken for a channel of its own it is none that is configured, which is said.
    log.warn("the channel of a thread could not be read", { error });
    return place;
  }
}

/** A thread belongs to its channel, whose rules hold in it. */
export function placeSaid(where: {
  readonly channelId: string | null;
  readonly guildId: string | null;
  readonly context?: InteractionContextType | null;
  readonly channel: { isThread(): boolean; readonly parentId?: string | null } | null;
}): Place {
  const channel = where.channelId ?? "";
  // Outside a server it is a conversation with the bot, or one of others in which somebody brought the bot along.
  if (where.guildId === null)
    return { surface: "discord", channel, direct: where.context !== InteractionContextType.PrivateChannel };
  const parent = where.channel?.isThread() ? where.channel.parentId : undefined;
  return parent ? { surface: "discord", channel: parent, thread: channel } : { surface: "discord", channel };
}
