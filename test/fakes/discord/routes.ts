import { commandProblems, messageProblems, modalProblems } from "./limits.ts";
import { channelWire, memberWire, messageWire, userWire } from "./wire.ts";
import {
  allPermissions,
  type Channel,
  DiscordRefusal,
  type FakeMessage,
  fieldsOf,
  type Interaction,
  listOf,
  permissionBits,
  textOf,
  type World,
} from "./world.ts";

export interface Call {
  readonly world: World;
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly query: Readonly<Record<string, string>>;
  readonly gatewayUrl: string;
  readonly sessionStartsLeft: number;
  tell(type: string, data: unknown, needs?: "guild" | "direct" | "any"): void;
}

type Answer = { readonly status: number; readonly body?: unknown };
type Handle = (call: Call, params: readonly string[]) => Answer;

/** Discord lets go of an interaction that was not answered for so long, and of its token after a quarter of an hour. */
const answerWithinMs = 3_000;
/** Edits of a message older than an hour are counted. */
const hourMs = 3_600_000;

const routes: readonly (readonly [string, RegExp, Handle])[] = [
  [
    "GET",
    /^\/gateway\/bot$/,
    (call) =>
      ok({
        url: call.gatewayUrl,
        shards: 1,
        session_start_limit: {
          total: 1_000,
          remaining: call.sessionStartsLeft,
          reset_after: 60_000,
          max_concurrency: 1,
        },
      }),
  ],
  ["GET", /^\/users\/@me$/, ({ world }) => ok(userWire(world.botUser, world))],
  [
    "GET",
    /^\/(?:oauth2\/)?applications\/@me$/,
    ({ world }) => ok({ id: world.application, name: "wardroom", flags: 0, bot: userWire(world.botUser, world) }),
  ],
  [
    "GET",
    /^\/guilds\/(\d+)$/,
    ({ world }, [id]) =>
      id === world.guild
        ? ok({
            id,
            name: "Fake",
            owner_id: "1",
            roles: [
              { id: world.guild, name: "@everyone", permissions: String(allPermissions) },
              ...[...world.roles].map(([role, name]) => ({ id: role, name, permissions: "0" })),
            ],
          })
        : refuse(404, 10_004, "Unknown Guild"),
  ],
  [
    "GET",
    /^\/guilds\/(\d+)\/members\/(\d+)$/,
    ({ world }, [, user = ""]) =>
      world.members.has(user) ? ok(memberWire(user, world)) : refuse(404, 10_007, "Unknown Member"),
  ],
  ["GET", /^\/applications\/\d+\/guilds\/\d+\/commands$/, ({ world }) => ok(world.commands)],
  ["PUT", /^\/applications\/\d+\/guilds\/\d+\/commands$/, putCommands],
  [
    "POST",
    /^\/users\/@me\/channels$/,
    ({ world, body }) => ok(channelWire(channelOf(world, world.directWith(textOf(body["recipient_id"]))), world)),
  ],
  ["GET", /^\/channels\/(\d+)$/, ({ world }, [id = ""]) => ok(channelWire(channelOf(world, id), world))],
  ["PATCH", /^\/channels\/(\d+)$/, wakeThread],
  [
    "GET",
    /^\/channels\/(\d+)\/messages$/,
    ({ world }, [id = ""]) =>
      ok(
        world.messages
          .filter((each) => each.channel === id && !each.deleted && each.ephemeralFor === undefined)
          .toReversed()
          .slice(0, 50)
          .map((each) => messageWire(each, world)),
      ),
  ],
  [
    "POST",
    /^\/channels\/(\d+)\/messages$/,
    (call, [id = ""]) => ok(messageWire(createMessage(call, channelOf(call.world, id)), call.world)),
  ],
  [
    "GET",
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    ({ world }, [, id = ""]) => ok(messageWire(messageOf(world, id), world)),
  ],
  ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, editMessage],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, ({ world }, [, id = ""]) => remove(messageOf(world, id))],
  ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, callback],
  [
    "GET",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/,
    ({ world }, [token = ""]) => ok(messageWire(originalOf(world, token), world)),
  ],
  [
    "PATCH",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/,
    (call, [token = ""]) => ok(messageWire(answerOriginal(call, token), call.world)),
  ],
  [
    "DELETE",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/@original$/,
    ({ world }, [token = ""]) => remove(originalOf(world, token)),
  ],
  ["POST", /^\/webhooks\/\d+\/([^/]+)$/, followUp],
];

/** Answers a call to a route; throws `DiscordRefusal`. */
export function answer(method: string, path: string, call: Call): Answer {
  for (const [verb, pattern, handle] of routes) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found) return handle(call, found.slice(1));
  }
  return refuse(404, 0, `404: Not Found ${method} ${path}`);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refuse(status: number, code: number, message: string): never {
  throw new DiscordRefusal(status, code, message);
}

function channelOf(world: World, id: string): Channel {
  return world.channels.get(id) ?? refuse(404, 10_003, "Unknown Channel");
}

function wakeThread({ world, body }: Call, [id = ""]: readonly string[]): Answer {
  const thread = channelOf(world, id);
  if (thread.locked) refuse(403, 50_013, "Missing Permissions");
  thread.archived = body["archived"] === true;
  return ok(channelWire(thread, world));
}

function messageOf(world: World, id: string): FakeMessage {
  return world.message(id) ?? refuse(404, 10_008, "Unknown Message");
}

function putCommands({ world, body }: Call): Answer {
  const commands = listOf(body["list"]);
  const problems = commandProblems(commands);
  if (problems.length > 0) refuse(400, 50_035, problems.join("; "));
  world.commands = commands.map((command) => ({
    ...fieldsOf(command),
    id: world.id(),
    application_id: world.application,
    version: "1",
    default_member_permissions: null,
  }));
  return ok(world.commands);
}

function refuseBadMessage({ body, files }: Call): void {
  const problems = messageProblems(
    body,
    files.map((file) => file.name),
  );
  if (problems.includes(": Cannot send an empty message")) refuse(400, 50_006, "Cannot send an empty message");
  if (problems.length > 0) refuse(400, 50_035, `Invalid Form Body: ${problems.join("; ")}`);
}

function createMessage(call: Call, channel: Channel): FakeMessage {
  const { world, body } = call;
  if ((channel.permissions & permissionBits.viewChannel) === 0n) refuse(403, 50_001, "Missing Access");
  const may = channel.type === 11 ? permissionBits.sendMessagesInThreads : permissionBits.sendMessages;
  if ((channel.permissions & may) === 0n) refuse(403, 50_013, "Missing Permissions");
  if (channel.locked) refuse(403, 160_005, "Thread is locked");
  channel.archived = false;
  refuseBadMessage(call);
  const nonce = typeof body["nonce"] === "string" ? body["nonce"] : undefined;
  const same = world.messages.find(
    (each) => each.channel === channel.id && nonce !== undefined && each.nonce === nonce,
  );
  if (same && body["enforce_nonce"] === true) return same;
  const reference = textOf(fieldsOf(body["message_reference"])["message_id"]);
  return addMessage(call, {
    channel: channel.id,
    ...(nonce !== undefined && { nonce }),
    ...(reference !== "" && { reference }),
  });
}

function addMessage(
  call: Call,
  rest: Pick<FakeMessage, "channel"> & Partial<Pick<FakeMessage, "nonce" | "reference" | "ephemeralFor" | "thinking">>,
): FakeMessage {
  const { world, body } = call;
  const message: FakeMessage = {
    id: world.id(),
    author: world.botUser,
    content: textOf(body["content"]),
    embeds: listOf(body["embeds"]),
    components: listOf(body["components"]),
    attachments: call.files.map((file) => ({ id: world.id(), ...file })),
    edits: 0,
    deleted: false,
    createdAt: Date.now(),
    thinking: false,
    ...rest,
  };
  world.messages.push(message);
  if (message.ephemeralFor === undefined) {
    const direct = world.channels.get(message.channel)?.type === 1;
    call.tell("MESSAGE_CREATE", messageWire(message, world), direct ? "direct" : "guild");
  }
  return message;
}

function editMessage(call: Call, [, id = ""]: readonly string[]): Answer {
  const message = messageOf(call.world, id);
  if (message.author !== call.world.botUser) refuse(403, 50_005, "Cannot edit a message authored by another user");
  if (message.ephemeralFor !== undefined) refuse(404, 10_008, "Unknown Message");
  if (call.world.channels.get(message.channel)?.archived)
    refuse(400, 50_083, "Tried to perform an operation on an archived thread");
  if (Date.now() - message.createdAt > hourMs)
    refuse(400, 30_046, "Maximum number of edits to messages older than 1 hour reached. Try again later.");
  return ok(messageWire(change(call, message), call.world));
}

function change(call: Call, message: FakeMessage): FakeMessage {
  refuseBadMessage(call);
  const { body, world } = call;
  if (body["content"] !== undefined) message.content = textOf(body["content"]);
  if (body["embeds"] !== undefined) message.embeds = listOf(body["embeds"]);
  if (body["components"] !== undefined) message.components = listOf(body["components"]);
  // Without a list of those to keep, what an edit brings stands beside what was there.
  const kept = body["attachments"] === undefined ? message.attachments : [];
  if (call.files.length > 0 || kept.length < message.attachments.length)
    message.attachments = [...kept, ...call.files.map((file) => ({ id: world.id(), ...file }))];
  message.edits += message.thinking ? 0 : 1;
  message.thinking = false;
  if (message.ephemeralFor === undefined) call.tell("MESSAGE_UPDATE", messageWire(message, world), "guild");
  return message;
}

function answerOriginal(call: Call, token: string): FakeMessage {
  const message = change(call, originalOf(call.world, token));
  interactionOf(call.world, token).answeredAt ??= performance.now();
  return message;
}

function remove(message: FakeMessage): Answer {
  message.deleted = true;
  return { status: 204 };
}

function callback(call: Call, [id = "", token = ""]: readonly string[]): Answer {
  const { world, body } = call;
  const interaction = [...world.interactions.values()].find((each) => each.id === id && each.token === token);
  if (!interaction) refuse(404, 10_062, "Unknown interaction");
  const afterMs = Date.now() - interaction.at;
  if (afterMs > answerWithinMs) refuse(404, 10_062, "Unknown interaction");
  if (interaction.ack) refuse(400, 40_060, "Interaction has already been acknowledged.");
  const type = Number(body["type"]);
  const data = fieldsOf(body["data"]);
  if (type === 9) {
    if (interaction.fromModal) refuse(400, 50_035, "A modal cannot answer a modal");
    const problems = modalProblems(data);
    if (problems.length > 0) refuse(400, 50_035, `Invalid Form Body: ${problems.join("; ")}`);
  }
  if (type === 8 && listOf(data["choices"]).length > 25) refuse(400, 50_035, "Invalid Form Body: choices");
  interaction.ack = { afterMs, type, data };
  interaction.ackedAt = performance.now();
  const ephemeralFor = (Number(data["flags"] ?? 0) & 64) > 0 ? interaction.user : undefined;
  const place = { channel: interaction.channel, ...(ephemeralFor !== undefined && { ephemeralFor }) };
  if (type === 5) interaction.original = addMessage({ ...call, body: {}, files: [] }, { ...place, thinking: true }).id;
  if (type === 4) {
    refuseBadMessage({ ...call, body: data });
    interaction.original = addMessage({ ...call, body: data }, place).id;
  }
  return { status: 204 };
}

function interactionOf(world: World, token: string): Interaction {
  const interaction = world.interactions.get(token);
  if (!interaction?.ack) refuse(404, 10_015, "Unknown Webhook");
  if (Date.now() - interaction.at > 15 * 60_000) refuse(401, 50_027, "Invalid Webhook Token");
  return interaction;
}

function originalOf(world: World, token: string): FakeMessage {
  const { original } = interactionOf(world, token);
  return messageOf(world, original ?? "");
}

function followUp(call: Call, [token = ""]: readonly string[]): Answer {
  const interaction = interactionOf(call.world, token);
  refuseBadMessage(call);
  const ephemeral = (Number(call.body["flags"] ?? 0) & 64) > 0;
  const message = addMessage(call, {
    channel: interaction.channel,
    ...(ephemeral && { ephemeralFor: interaction.user }),
  });
  interaction.followUps.push(message.id);
  interaction.answeredAt ??= performance.now();
  return ok(messageWire(message, call.world));
}
