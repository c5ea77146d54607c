import { type Client, Routes } from "discord.js";
import { z } from "zod";
import type { Bot } from "../surface.ts";
import { type PlacePorts, placeOfChannel } from "./places.ts";

interface HearRoomPorts extends PlacePorts {
  readonly bot: Pick<Bot, "keep" | "joined">;
}

/** A sign that somebody put under a message, as the gateway tells it. */
interface PutSign {
  readonly user_id: string;
  readonly channel_id: string;
  readonly message_id: string;
  readonly guild_id?: string | undefined;
  readonly member?: { readonly user: { readonly bot?: boolean | undefined } } | undefined;
}

const Said = z.object({
  content: z.string().default(""),
  embeds: z.array(z.object({ title: z.string().optional() })).default([]),
  author: z.object({ id: z.string() }),
  timestamp: z.string(),
});

/** 📌: the message is read at once, so that what becomes of it later changes nothing. */
export async function onKeeping(client: Client<true>, ports: HearRoomPorts, put: PutSign): Promise<void> {
  const { user_id: user, channel_id: channel, message_id: id, guild_id: guild } = put;
  if (guild === undefined || put.member?.user.bot || user === client.user.id) return;
  try {
    await ports.bot.keep({
      account: { surface: "discord", id: user, tenant: guild },
      place: await placeOfChannel(client, ports, channel),
      message: { surface: "discord", channel, id },
      read: async () => {
        const told = await ports.web.call({
          lane: "reply",
          send: (rest) => rest.get(Routes.channelMessage(channel, id)),
        });
        const { content, embeds, author, timestamp } = Said.parse(told);
        return { text: content || (embeds[0]?.title ?? ""), author: author.id, at: Date.parse(timestamp) };
      },
    });
  } catch (error) {
    ports.log.error("a message could not be put on a timeline", { error });
  }
}

const ThreadMembers = z.object({
  id: z.string(),
  guild_id: z.string(),
  added_members: z.array(z.object({ user_id: z.string().optional() })).default([]),
});

export async function onJoined(client: Client<true>, ports: HearRoomPorts, packet: unknown): Promise<void> {
  const { data: told } = ThreadMembers.safeParse(packet);
  const users = (told?.added_members ?? []).flatMap(({ user_id: user }) =>
    user === undefined || user === client.user.id ? [] : [user],
  );
  if (!told || users.length === 0) return;
  try {
    const place = await placeOfChannel(client, ports, told.id);
    for (const id of users)
      await ports.bot.joined({ account: { surface: "discord", id, tenant: told.guild_id }, place });
  } catch (error) {
    ports.log.error("it could not be put on record who joined a thread", { error });
  }
}
