import { attachmentsAfter } from "./attachments.ts";
import { type Answer, type Call, done, ok, type Route } from "./call.ts";
import { messageProblems } from "./limits.ts";
import { pinged } from "./mentions.ts";
import { holds, mayWrite, needs, seenChannel } from "./permissions.ts";
import { refuse, refuseBadForm } from "./refusal.ts";
import { messageWire, withoutContent } from "./wire.ts";
import { type Channel, FakeMessage, fieldsOf, listOf, textOf, type World } from "./world.ts";

/** Edits of a message older than an hour are counted. */
const hourMs = 3_600_000;
/** "The past few minutes", in which a nonce is looked for. */
const nonceMs = 5 * 60_000;
const historyMost = 100;

export const messageRoutes: readonly Route[] = [
  ["GET", /^\/channels\/(\d+)\/messages$/, history],
  ["POST", /^\/channels\/(\d+)\/messages$/, post],
  ["GET", /^\/channels\/(\d+)\/messages\/(\d+)$/, read],
  ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, edit],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, remove],
  ["PUT", /^\/channels\/(\d+)\/messages\/pins\/(\d+)$/, (call, params) => pin(call, params, true)],
  ["DELETE", /^\/channels\/(\d+)\/messages\/pins\/(\d+)$/, (call, params) => pin(call, params, false)],
  ["PUT", /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/, react],
];

function history({ world, query }: Call, [id = ""]: readonly string[]): Answer {
  const channel = seenChannel(world, id);
  // Without the right to read what was, there is nothing.
  if (!holds(world, channel, "readMessageHistory")) return ok([]);
  const limit = Number(query.get("limit") ?? 50);
  if (!(limit >= 1 && limit <= historyMost)) refuseBadForm(["limit: NUMBER_TYPE_MAX"]);
  const [before, after] = [query.get("before"), query.get("after")];
  const found = world.messages
    .filter((each) => each.channel === id && !each.deleted && each.ephemeralFor === undefined)
    .filter((each) => before === null || BigInt(each.id) < BigInt(before))
    .filter((each) => after === null || BigInt(each.id) > BigInt(after));
  const chosen = after === null ? found.slice(-limit) : found.slice(0, limit);
  return ok(chosen.toReversed().map((each) => shownWire(each, world)));
}

function shownWire(message: FakeMessage, world: World): Record<string, unknown> {
  const wire = messageWire(message, world);
  return world.messageContent ? wire : withoutContent(wire, message, world);
}

function read({ world }: Call, [channel = "", id = ""]: readonly string[]): Answer {
  needs(world, seenChannel(world, channel), ["readMessageHistory"]);
  return ok(shownWire(messageIn(world, channel, id), world));
}

/** A message that everybody in the channel sees. */
function messageIn(world: World, channel: string, id: string): FakeMessage {
  const message = world.message(id);
  if (!message || message.channel !== channel || message.ephemeralFor !== undefined)
    refuse(404, 10_008, "Unknown Message");
  return message;
}

function post(call: Call, [id = ""]: readonly string[]): Answer {
  const { world, body, files } = call;
  const channel = seenChannel(world, id);
  const reply = textOf(fieldsOf(body["message_reference"])["message_id"]);
  mayWrite(world, channel, {
    embeds: listOf(body["embeds"]).length > 0,
    files: files.length > 0,
    reply: reply !== "",
  });
  checkedBody(call);
  const nonce = nonceOf(body["nonce"]);
  const since = world.now() - nonceMs;
  const same = world.messages.findLast(
    (each) => each.channel === id && each.author === world.botUser && nonce !== undefined && each.nonce === nonce,
  );
  if (same && body["enforce_nonce"] === true && same.createdAt >= since)
    return ok(messageWire(same, world, { fresh: true }));
  const reference = referenceIn(call, channel, reply);
  channel.archived = false;
  const message = addMessage(call, {
    channel: id,
    ...(nonce !== undefined && { nonce }),
    ...(reference !== undefined && { reference }),
  });
  return ok(messageWire(message, world, { fresh: true }));
}

function nonceOf(nonce: unknown): string | undefined {
  return typeof nonce === "string" || typeof nonce === "number" ? String(nonce) : undefined;
}

/** What it replies to; nothing when that is gone and the reply may do without. */
function referenceIn({ world, body }: Call, channel: Channel, id: string): string | undefined {
  if (id === "") return undefined;
  const found = world.message(id);
  if (found?.channel === channel.id && found.ephemeralFor === undefined) return id;
  if (fieldsOf(body["message_reference"])["fail_if_not_exists"] !== false)
    refuseBadForm(["message_reference: REPLIES_UNKNOWN_MESSAGE"]);
  return undefined;
}

/** Refuses what Discord would not take, with the files that the message would have. */
export function checkedBody(
  call: Pick<Call, "body" | "files" | "world">,
  before?: FakeMessage,
  under?: string,
): FakeMessage["attachments"] {
  const { body } = call;
  const attachments = attachmentsAfter(call, before?.attachments ?? []);
  const whole = {
    ...body,
    content: body["content"] === undefined ? before?.content : body["content"],
    embeds: body["embeds"] === undefined ? before?.embeds : body["embeds"],
    components: body["components"] === undefined ? before?.components : body["components"],
  };
  refuseBadForm(
    messageProblems(
      whole,
      attachments.map((file) => file.name),
    ),
    under,
  );
  return attachments;
}

type Rest = Pick<FakeMessage, "channel"> &
  Partial<Pick<FakeMessage, "nonce" | "reference" | "ephemeralFor" | "thinking" | "answers">>;

/** Makes a message of the bot's and tells the gateway of it, before anybody is answered. */
export function addMessage(call: Call, rest: Rest): FakeMessage {
  const { world, body } = call;
  const message = new FakeMessage({
    id: world.id(),
    author: world.botUser,
    content: textOf(body["content"]),
    embeds: listOf(body["embeds"]),
    components: listOf(body["components"]),
    attachments: attachmentsAfter(call, []),
    createdAt: world.now(),
    ...rest,
  });
  if (!message.thinking) message.mentions = pingedBy(call, message);
  world.messages.push(message);
  if (message.ephemeralFor === undefined)
    call.tell("MESSAGE_CREATE", messageWire(message, world, { fresh: true }), { kind: "message", message: message.id });
  return message;
}

/** Whom a message that was made or filled in just now pings. */
function pingedBy({ world, body }: Call, message: FakeMessage): string[] {
  const channel = world.channels.get(message.channel);
  return pinged(
    { content: message.content, repliedTo: world.message(message.reference ?? "")?.author },
    body["allowed_mentions"],
    { world, mayNameAll: channel !== undefined && holds(world, channel, "mentionEveryone") },
  );
}

function edit(call: Call, [channelId = "", id = ""]: readonly string[]): Answer {
  const { world, body, files } = call;
  const channel = seenChannel(world, channelId);
  const message = messageIn(world, channelId, id);
  if (message.author !== world.botUser) refuse(403, 50_005, "Cannot edit a message authored by another user");
  if (channel.archived) refuse(400, 50_083, "Thread is archived");
  if (listOf(body["embeds"]).length > 0) needs(world, channel, ["embedLinks"]);
  if (files.length > 0) needs(world, channel, ["attachFiles"]);
  if (world.now() - message.createdAt > hourMs) {
    if (message.oldEdits >= world.oldEdits)
      refuse(400, 30_046, "Maximum number of edits to messages older than 1 hour reached. Try again later.");
    message.oldEdits += 1;
  }
  return ok(messageWire(change(call, message), world));
}

/** Changes what a body names of a message, and tells the gateway of it before anybody is answered. */
export function change(call: Call, message: FakeMessage, under?: string): FakeMessage {
  const { body, world } = call;
  message.attachments = checkedBody(call, message, under);
  if (body["content"] !== undefined) message.content = textOf(body["content"]);
  if (body["embeds"] !== undefined) message.embeds = listOf(body["embeds"]);
  if (body["components"] !== undefined) message.components = listOf(body["components"]);
  if (message.thinking) message.mentions = pingedBy(call, message);
  else message.edits += 1;
  message.thinking = false;
  if (message.ephemeralFor === undefined)
    call.tell("MESSAGE_UPDATE", messageWire(message, world), { kind: "message", message: message.id });
  return message;
}

function remove(call: Call, [channelId = "", id = ""]: readonly string[]): Answer {
  const channel = seenChannel(call.world, channelId);
  const message = messageIn(call.world, channelId, id);
  if (message.author !== call.world.botUser) needs(call.world, channel, ["manageMessages"]);
  return deleteMessage(call, message);
}

export function deleteMessage(call: Call, message: FakeMessage): Answer {
  const { world } = call;
  message.deleted = true;
  const direct = world.channels.get(message.channel)?.type === 1;
  const told = { id: message.id, channel_id: message.channel, ...(!direct && { guild_id: world.guild }) };
  if (message.ephemeralFor === undefined) call.tell("MESSAGE_DELETE", told, { kind: "message", message: message.id });
  return done;
}

function pin({ world }: Call, [channelId = "", id = ""]: readonly string[], pinned: boolean): Answer {
  needs(world, seenChannel(world, channelId), ["pinMessages"]);
  messageIn(world, channelId, id).pinned = pinned;
  return done;
}

function react({ world }: Call, [channelId = "", id = "", emoji = ""]: readonly string[]): Answer {
  const channel = seenChannel(world, channelId);
  needs(world, channel, ["readMessageHistory", "addReactions"]);
  const { reactions } = messageIn(world, channelId, id);
  if (!reactions.includes(emoji)) reactions.push(emoji);
  return done;
}
