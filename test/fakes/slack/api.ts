import { blockProblems, textProblems, viewProblems } from "./limits.ts";
import {
  type Args,
  type Context,
  channelOf,
  channelWire,
  fieldsOf,
  isTrue,
  listOf,
  type Method,
  textOf,
} from "./method.ts";
import { roomMethods } from "./rooms.ts";
import {
  type Channel,
  type FakeFile,
  type FakeMessage,
  parsedIn,
  SlackRefusal,
  type User,
  type World,
} from "./world.ts";

/** The scope each method takes; what is not here takes none. */
export const scopeOf: Readonly<Record<string, string>> = {
  "chat.postMessage": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.update": "chat:write",
  "chat.delete": "chat:write",
  "conversations.history": "channels:history",
  "conversations.replies": "channels:history",
  "conversations.info": "channels:read",
  "conversations.join": "channels:join",
  "conversations.open": "im:write",
  "conversations.create": "channels:manage",
  "conversations.invite": "channels:manage",
  "conversations.setTopic": "channels:manage",
  "conversations.list": "channels:read",
  "pins.add": "pins:write",
  "bookmarks.add": "bookmarks:write",
  "bookmarks.list": "bookmarks:read",
  "users.info": "users:read",
  "usergroups.list": "usergroups:read",
  "usergroups.users.list": "usergroups:read",
  "files.getUploadURLExternal": "files:write",
  "files.completeUploadExternal": "files:write",
};

export const methods: Readonly<Record<string, Method>> = {
  ...roomMethods,
  "auth.test": (_args, { world }) => ({
    url: "https://fake.slack.test/",
    team: "Fake",
    team_id: world.team,
    user: "wardroom",
    user_id: world.botUser,
    bot_id: world.botId,
  }),
  "apps.connections.open": (_args, { token, sockets }) => {
    if (token !== "app") throw new SlackRefusal("not_allowed_token_type");
    return { url: sockets.open() };
  },
  "chat.postMessage": (args, context) => {
    const channel = channelToPost(args, context);
    const message = postMessage(context, channel, args);
    return { channel: channel.id, ts: message.ts, message: wire(message, context.world) };
  },
  "chat.postEphemeral": (args, context) => {
    const channel = channelToPost(args, context);
    const user = userOf(args, context.world);
    refuseBadContent(args, context.world);
    context.world.ephemerals.push({
      user: user.id,
      channel: channel.id,
      ...(typeof args["thread_ts"] === "string" && { thread: args["thread_ts"] }),
      text: textOf(args["text"]),
      blocks: listOf(args["blocks"]),
      via: "api",
    });
    return { message_ts: context.world.ts() };
  },
  "chat.update": (args, context) => {
    const { world } = context;
    // A person's id stands for the conversation with them only where something is posted.
    if (world.users.has(String(args["channel"]))) throw new SlackRefusal("channel_not_found");
    const channel = channelToPost(args, context);
    const message = world.message(channel.id, String(args["ts"]));
    if (!message) throw new SlackRefusal("message_not_found");
    if (message.author !== world.botUser) throw new SlackRefusal("cant_update_message");
    if (Date.now() - Number(message.ts) * 1_000 > world.editWindowMs) throw new SlackRefusal("edit_window_closed");
    refuseBadContent(args, world);
    message.text = textOf(args["text"] ?? message.text);
    message.blocks = listOf(args["blocks"]);
    if (args["metadata"] !== undefined) message.metadata = args["metadata"];
    message.parsed = parsedIn({ ...message, mrkdwn: args["mrkdwn"] !== false && args["mrkdwn"] !== "false" });
    message.edits += 1;
    context.happened({
      type: "message",
      subtype: "message_changed",
      channel: channel.id,
      message: wire(message, world),
      ts: world.ts(),
    });
    return { channel: channel.id, ts: message.ts, text: message.text };
  },
  "chat.delete": (args, { world }) => {
    const message = world.message(String(args["channel"]), String(args["ts"]));
    if (!message) throw new SlackRefusal("message_not_found");
    if (message.author !== world.botUser) throw new SlackRefusal("cant_delete_message");
    message.deleted = true;
    return {};
  },
  "chat.getPermalink": (args, { world }) => {
    const message = world.message(String(args["channel"]), String(args["message_ts"]));
    if (!message) throw new SlackRefusal("message_not_found");
    return { permalink: `https://fake.slack.test/archives/${message.channel}/p${message.ts.replace(".", "")}` };
  },
  "blocks.validate": (args) => {
    const problems = blockProblems(args["blocks"]);
    if (problems.length > 0) throw new SlackRefusal("invalid_blocks", { errors: problems });
    return {};
  },
  "conversations.info": (args, { world }) => ({ channel: channelWire(channelOf(args, world), world) }),
  "conversations.join": (args, { world }) => {
    const channel = channelOf(args, world);
    if (channel.archived) throw new SlackRefusal("is_archived");
    if (channel.isPrivate || channel.name.startsWith("private"))
      throw new SlackRefusal("method_not_supported_for_channel_type");
    channel.members.add(world.botUser);
    return { channel: channelWire(channel, world) };
  },
  "conversations.open": (args, { world }) => {
    const id = String(args["users"]);
    if (!world.users.has(id)) throw new SlackRefusal("user_not_found");
    return { channel: { id: world.directWith(id) } };
  },
  "conversations.history": (args, context) => ({ messages: history(args, context, undefined) }),
  "conversations.replies": (args, context) => ({ messages: history(args, context, String(args["ts"])) }),
  "users.info": (args, { world }) => ({ user: userWire(userOf(args, world)) }),
  "usergroups.list": (args, { world }) => ({
    usergroups: [...world.groups].map(([id, users]) => ({
      id,
      name: id,
      ...(isTrue(args["include_users"]) && { users: [...users] }),
    })),
  }),
  "usergroups.users.list": (args, { world }) => {
    const users = world.groups.get(String(args["usergroup"]));
    if (!users) throw new SlackRefusal("no_such_subteam");
    return { users: [...users] };
  },
  "files.getUploadURLExternal": (args, { world, baseUrl }) => {
    const id = world.id("F");
    world.files.set(id, {
      id,
      name: String(args["filename"]),
      bytes: new Uint8Array(),
      complete: false,
      refusals: world.fileRefusals,
    });
    return { upload_url: `${baseUrl}/upload/${id}`, file_id: id };
  },
  "files.completeUploadExternal": (args, context) => {
    const { world } = context;
    const files = listOf(args["files"]).map((each) => {
      const file = world.files.get(String(fieldsOf(each)["id"]));
      if (!file || file.bytes.length === 0) throw new SlackRefusal("file_not_found");
      file.complete = true;
      return file;
    });
    if (typeof args["channel_id"] === "string") {
      const channel = channelToPost({ channel: args["channel_id"] }, context);
      const thread = typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined;
      addMessage(context, channel, {
        text: textOf(args["initial_comment"]),
        blocks: [],
        files,
        ...(thread && { thread }),
      });
    }
    return { files: files.map(({ id, name }) => ({ id, title: name })) };
  },
  "views.open": (args, { world }) => {
    const trigger = world.triggers.get(String(args["trigger_id"]));
    if (!trigger) throw new SlackRefusal("invalid_trigger_id");
    if (trigger.used) throw new SlackRefusal("exchanged_trigger_id");
    if (trigger.until < Date.now()) throw new SlackRefusal("expired_trigger_id");
    trigger.used = true;
    return { view: addView(world, trigger.user, args["view"]) };
  },
  "views.publish": (args, { world }) => {
    const user = String(args["user_id"]);
    refuseBadView(args["view"]);
    world.homes.set(user, fieldsOf(args["view"]));
    return { view: { id: world.id("V") } };
  },
};

function addView(world: World, user: string, view: unknown): Record<string, unknown> {
  refuseBadView(view);
  const id = world.id("V");
  const hash = `${world.next()}.hash`;
  world.views.push({ id, hash, user, content: fieldsOf(view), errors: {}, open: true });
  return { id, hash, ...fieldsOf(view) };
}

function refuseBadView(view: unknown): void {
  const problems = viewProblems(view);
  if (problems.length > 0) throw new SlackRefusal("invalid_arguments", { response_metadata: { messages: problems } });
}

export function postMessage(context: Context, channel: Channel, args: Args): FakeMessage {
  refuseBadContent(args, context.world);
  const text = textOf(args["text"]);
  const blocks = listOf(args["blocks"]);
  if (text === "" && blocks.length === 0) throw new SlackRefusal("no_text");
  const thread = typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined;
  return addMessage(context, channel, {
    text,
    blocks,
    files: [],
    metadata: args["metadata"],
    mrkdwn: args["mrkdwn"] !== false && args["mrkdwn"] !== "false",
    ...(thread !== undefined && { thread }),
  });
}

function addMessage(
  context: Context,
  channel: Channel,
  content: Pick<FakeMessage, "text" | "blocks" | "files"> & { thread?: string; metadata?: unknown; mrkdwn?: boolean },
): FakeMessage {
  const { world } = context;
  const message: FakeMessage = {
    ts: world.ts(),
    channel: channel.id,
    author: world.botUser,
    text: content.text,
    blocks: content.blocks,
    files: content.files,
    edits: 0,
    deleted: false,
    parsed: parsedIn({ text: content.text, blocks: content.blocks, mrkdwn: content.mrkdwn ?? true }),
    ...(content.thread !== undefined && { thread: content.thread }),
    ...(content.metadata !== undefined && { metadata: content.metadata }),
  };
  world.messages.push(message);
  world.noteAnswer(channel.id);
  context.happened({ type: "message", channel: channel.id, ...wire(message, world) });
  return message;
}

function refuseBadContent(args: Args, world: World): void {
  const tooLong = textProblems(textOf(args["text"]));
  if (tooLong.length > 0) throw new SlackRefusal("msg_too_long");
  const blocks = args["blocks"];
  const problems = blockProblems(blocks);
  if (problems.some((problem) => problem.includes("msg_blocks_too_long")))
    throw new SlackRefusal("msg_blocks_too_long");
  for (const block of listOf(blocks)) {
    const id = fieldsOf(fieldsOf(block)["slack_file"])["id"];
    if (id !== undefined && !isTakenIn(world.files.get(textOf(id)))) problems.push("invalid slack file");
  }
  if (problems.length > 0) throw new SlackRefusal("invalid_blocks", { response_metadata: { messages: problems } });
}

function isTakenIn(file: FakeFile | undefined): boolean {
  if (!file?.complete) return false;
  file.refusals -= 1;
  return file.refusals < 0;
}

function history(args: Args, context: Context, thread: string | undefined): unknown[] {
  const channel = channelOf(args, context.world);
  if (!channel.members.has(context.world.botUser)) throw new SlackRefusal("not_in_channel");
  const oldest = Number(args["oldest"] ?? 0);
  const found = context.world.messages.filter(
    (message) =>
      message.channel === channel.id &&
      !message.deleted &&
      (thread === undefined ? message.thread === undefined : message.thread === thread || message.ts === thread) &&
      Number(message.ts) >= oldest,
  );
  const limited = thread === undefined ? found.toReversed() : found;
  return limited.slice(0, Number(args["limit"] ?? 100)).map((message) => {
    const { metadata, ...rest } = wire(message, context.world);
    return isTrue(args["include_all_metadata"]) ? { ...rest, ...(metadata !== undefined && { metadata }) } : rest;
  });
}

function channelToPost(args: Args, { world }: Context): Channel {
  // A person's id stands for the direct conversation with them.
  const id = String(args["channel"]);
  const channel = world.users.has(id) ? world.channels.get(world.directWith(id)) : channelOf(args, world);
  if (!channel) throw new SlackRefusal("channel_not_found");
  if (channel.archived) throw new SlackRefusal("is_archived");
  if (!channel.members.has(world.botUser)) throw new SlackRefusal("not_in_channel");
  if (channel.readOnly) throw new SlackRefusal("restricted_action_read_only_channel");
  return channel;
}

export function userOf(args: Args, world: World): User {
  const user = world.users.get(String(args["user"]));
  if (!user) throw new SlackRefusal("user_not_found");
  return user;
}

function userWire({ id, name, team, kind }: User): Record<string, unknown> {
  return {
    id,
    name,
    team_id: team,
    deleted: kind === "deactivated",
    is_bot: kind === "bot",
    is_restricted: kind === "guest" || kind === "single-channel-guest",
    is_ultra_restricted: kind === "single-channel-guest",
  };
}

export function wire(message: FakeMessage, world: World): Record<string, unknown> {
  const own = message.author === world.botUser;
  return {
    type: "message",
    ts: message.ts,
    text: message.text,
    user: message.author,
    team: world.team,
    ...(own && { bot_id: world.botId, app_id: world.appId }),
    ...(message.thread !== undefined && { thread_ts: message.thread }),
    blocks: message.blocks,
    ...(message.metadata !== undefined && { metadata: message.metadata }),
  };
}
