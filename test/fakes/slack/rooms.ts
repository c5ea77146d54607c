import { channelOf, channelWire, fieldsOf, isTrue, type Method, textOf } from "./method.ts";
import { type Channel, SlackRefusal, type User, type World } from "./world.ts";

const nameMax = 80;
const topicMax = 250;
const mostPins = 100;
const mostBookmarks = 100;

/** Making channels, and what stands in them beside messages. */
export const roomMethods: Readonly<Record<string, Method>> = {
  "conversations.create": (args, { world }) => {
    const name = textOf(args["name"]);
    if (name === "") throw new SlackRefusal("invalid_name_required");
    if (name.length > nameMax) throw new SlackRefusal("invalid_name_maxlength");
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) throw new SlackRefusal("invalid_name_specials");
    // An archived channel keeps its name.
    if ([...world.channels.values()].some((each) => each.name === name)) throw new SlackRefusal("name_taken");
    const isPrivate = isTrue(args["is_private"]);
    const creator = { creator: world.botUser, created: Math.floor(Date.now() / 1_000) };
    const id = world.addChannel({ name, ...creator, isPrivate });
    return { channel: channelWire(channelOf({ channel: id }, world), world) };
  },
  "conversations.list": (args, { world }) => {
    const types = (textOf(args["types"]) || "public_channel").split(",");
    const known = [...world.channels.values()].filter(
      (each) =>
        each.direct === undefined &&
        types.includes(each.isPrivate ? "private_channel" : "public_channel") &&
        (!each.isPrivate || each.members.has(world.botUser)) &&
        !(isTrue(args["exclude_archived"]) && each.archived),
    );
    const [from, limit] = [Number(textOf(args["cursor"]) || 0), Number(args["limit"] ?? 100)];
    if (!(limit >= 1 && limit <= 1_000)) throw new SlackRefusal("invalid_limit");
    const next = from + limit < known.length ? String(from + limit) : "";
    return {
      channels: known.slice(from, from + limit).map((each) => channelWire(each, world)),
      response_metadata: { next_cursor: next },
    };
  },
  "conversations.invite": (args, context) => {
    const { world } = context;
    const channel = ownChannel(args, world);
    for (const id of textOf(args["users"]).split(",")) {
      const user = world.users.get(id);
      if (!user || user.kind === "deactivated") throw new SlackRefusal("user_not_found");
      if (id === world.botUser) throw new SlackRefusal("cant_invite_self");
      if (user.kind === "single-channel-guest") throw new SlackRefusal("ura_max_channels");
      if (channel.members.has(id)) throw new SlackRefusal("already_in_channel");
      channel.members.add(id);
      context.happened(joinedEvent(channel, user, world.botUser));
    }
    return { channel: channelWire(channel, world) };
  },
  "conversations.setTopic": (args, { world }) => {
    const channel = ownChannel(args, world);
    const topic = textOf(args["topic"]);
    if (topic.length > topicMax) throw new SlackRefusal("too_long");
    channel.topic = topic;
    return { channel: channelWire(channel, world) };
  },
  "pins.add": (args, { world }) => {
    const channel = ownChannel(args, world);
    const ts = textOf(args["timestamp"]);
    if (!world.message(channel.id, ts)) throw new SlackRefusal("message_not_found");
    const pins = (channel.pins ??= new Set());
    if (pins.has(ts)) throw new SlackRefusal("already_pinned");
    if (pins.size >= mostPins) throw new SlackRefusal("too_many_pins");
    pins.add(ts);
    return {};
  },
  "bookmarks.list": (args, { world }) => ({
    bookmarks: ownChannel({ channel: args["channel_id"] }, world).bookmarks ?? [],
  }),
  "bookmarks.add": (args, { world }) => {
    const channel = ownChannel({ channel: args["channel_id"] }, world);
    const { title, link, type } = fieldsOf(args);
    if (type !== "link") throw new SlackRefusal("invalid_bookmark_type");
    if (!/^https?:\/\//.test(textOf(link))) throw new SlackRefusal("invalid_link");
    const bookmarks = (channel.bookmarks ??= []);
    if (bookmarks.length >= mostBookmarks) throw new SlackRefusal("too_many_bookmarks");
    bookmarks.push({ title: textOf(title), link: textOf(link) });
    return { bookmark: bookmarks.at(-1) };
  },
};

/** What Slack tells of somebody who came into a channel; `inviter` is left out of who came by themselves. */
export function joinedEvent({ id, isPrivate }: Channel, user: User, inviter?: string): Record<string, unknown> {
  return {
    type: "member_joined_channel",
    user: user.id,
    channel: id,
    channel_type: isPrivate ? "G" : "C",
    team: user.team,
    ...(inviter !== undefined && { inviter }),
  };
}

function ownChannel(args: Readonly<Record<string, unknown>>, world: World): Channel {
  const channel = channelOf(args, world);
  if (channel.archived) throw new SlackRefusal("is_archived");
  if (!channel.members.has(world.botUser)) throw new SlackRefusal("not_in_channel");
  return channel;
}
