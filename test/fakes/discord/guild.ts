import { type Answer, type Call, done, ok, type Route } from "./call.ts";
import { commandProblems } from "./limits.ts";
import { holds, needs, seenChannel } from "./permissions.ts";
import { refuse, refuseBadForm } from "./refusal.ts";
import { channelWire, memberWire, rolesWire, roleWire, threadMembersWire, userWire } from "./wire.ts";
import { fieldsOf, listOf, textOf, type World } from "./world.ts";

/** Flags of an application that may use an intent without being verified. */
const limitedMessageContent = 1 << 19;
const limitedGuildMembers = 1 << 15;

export const guildRoutes: readonly Route[] = [
  ["GET", /^\/gateway\/bot$/, gatewayBot],
  ["GET", /^\/users\/@me$/, ({ world }) => ok(userWire(world.botUser, world))],
  ["POST", /^\/users\/@me\/channels$/, openDirect],
  ["GET", /^\/users\/(\d+)$/, readUser],
  ["GET", /^\/(?:oauth2\/)?applications\/@me$/, readApplication],
  ["GET", /^\/guilds\/(\d+)$/, readGuild],
  ["GET", /^\/guilds\/(\d+)\/roles$/, (call, [id = ""]) => ok(rolesWire(ownGuild(call, id)))],
  ["POST", /^\/guilds\/(\d+)\/roles$/, makeRole],
  ["GET", /^\/guilds\/(\d+)\/channels$/, readChannels],
  ["POST", /^\/guilds\/(\d+)\/channels$/, makeChannel],
  ["GET", /^\/guilds\/(\d+)\/members\/(\d+)$/, readMember],
  ["PUT", /^\/guilds\/(\d+)\/members\/(\d+)\/roles\/(\d+)$/, giveRole],
  ["GET", /^\/channels\/(\d+)$/, ({ world }, [id = ""]) => ok(channelWire(seenChannel(world, id), world))],
  ["PATCH", /^\/channels\/(\d+)$/, changeChannel],
  ["PUT", /^\/channels\/(\d+)\/permissions\/(\d+)$/, setPermissions],
  ["POST", /^\/channels\/(\d+)\/typing$/, ({ world }, [id = ""]) => (seenChannel(world, id), done)],
  ["POST", /^\/channels\/(\d+)\/(?:messages\/(\d+)\/)?threads$/, makeThread],
  ["GET", /^\/guilds\/(\d+)\/threads\/active$/, activeThreads],
  ["PUT", /^\/channels\/(\d+)\/thread-members\/(\d+)$/, addThreadMember],
  ["GET", /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, readCommands],
  ["PUT", /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, putCommands],
  ["POST", /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, addCommand],
  ["DELETE", /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands\/(\d+)$/, removeCommand],
];

function gatewayBot({ gatewayUrl, sessionStarts }: Call): Answer {
  return ok({
    url: gatewayUrl,
    shards: 1,
    session_start_limit: {
      total: sessionStarts.total,
      remaining: sessionStarts.remaining,
      reset_after: sessionStarts.resetAfter,
      max_concurrency: 1,
    },
  });
}

function readApplication({ world }: Call): Answer {
  return ok({
    id: world.application,
    name: "wardroom",
    flags: (world.messageContent ? limitedMessageContent : 0) | (world.guildMembers ? limitedGuildMembers : 0),
    bot: userWire(world.botUser, world),
  });
}

function readUser({ world }: Call, [id = ""]: readonly string[]): Answer {
  if (!world.users.has(id)) refuse(404, 10_013, "Unknown User");
  return ok(userWire(id, world));
}

function openDirect({ world, body }: Call): Answer {
  const recipient = textOf(body["recipient_id"]);
  if (!world.users.has(recipient) || recipient === world.botUser) refuse(400, 50_033, "Invalid Recipient(s)");
  const channel = world.channels.get(world.directWith(recipient));
  return channel ? ok(channelWire(channel, world)) : refuse(404, 10_003, "Unknown Channel");
}

/** The world, when the guild is its own: the bot is in no other. */
function ownGuild({ world }: Call, id: string): World {
  if (id !== world.guild || !world.members.has(world.botUser)) refuse(404, 10_004, "Unknown Guild");
  return world;
}

function readGuild(call: Call, [id = ""]: readonly string[]): Answer {
  const world = ownGuild(call, id);
  return ok({ id, name: "Fake", owner_id: "1", features: [], emojis: [], stickers: [], roles: rolesWire(world) });
}

function makeRole(call: Call, [id = ""]: readonly string[]): Answer {
  const world = ownGuild(call, id);
  const mentionable = call.body["mentionable"] === true;
  return ok(roleWire(world.addRole(textOf(call.body["name"]) || "new role", { mentionable }), world));
}

function readChannels(call: Call, [id = ""]: readonly string[]): Answer {
  const world = ownGuild(call, id);
  return ok(
    [...world.channels.values()]
      .filter((each) => each.type === 0 && holds(world, each, "viewChannel"))
      .map((each) => channelWire(each, world)),
  );
}

function makeChannel(call: Call, [id = ""]: readonly string[]): Answer {
  const world = ownGuild(call, id);
  const name = channelName(call);
  const channel = world.channels.get(world.addChannel({ name, topic: textOf(call.body["topic"]) }));
  return { status: 201, body: channel && channelWire(channel, world) };
}

/** Text channels are written small, with lines in place of spaces. */
function channelName({ body }: Call): string {
  const name = textOf(body["name"]);
  if (name.length < 1 || name.length > 100) refuseBadForm(["name: BASE_TYPE_BAD_LENGTH"]);
  return name.toLowerCase().replaceAll(/\s+/g, "-");
}

function changeChannel(call: Call, [id = ""]: readonly string[]): Answer {
  const { world, body } = call;
  const channel = seenChannel(world, id);
  const wakes = body["archived"] === false && Object.keys(body).length === 1 && !channel.locked;
  if (channel.type >= 11) needs(world, channel, [wakes ? "sendMessagesInThreads" : "manageThreads"]);
  else needs(world, channel, ["manageChannels"]);
  if (body["name"] !== undefined) channel.name = channel.type >= 11 ? textOf(body["name"]) : channelName(call);
  if (body["topic"] !== undefined) channel.topic = textOf(body["topic"]);
  if (typeof body["archived"] === "boolean") channel.archived = body["archived"];
  if (typeof body["locked"] === "boolean") channel.locked = body["locked"];
  call.tell(channel.type >= 11 ? "THREAD_UPDATE" : "CHANNEL_UPDATE", channelWire(channel, world), { kind: "guild" });
  return ok(channelWire(channel, world));
}

/** What is said of the bot itself is kept; of others nothing is asked here. */
function setPermissions({ world, body }: Call, [id = "", whose = ""]: readonly string[]): Answer {
  const channel = seenChannel(world, id);
  needs(world, channel, ["manageRoles"]);
  if (whose === world.botUser || whose === world.guild)
    channel.permissions = (channel.permissions & ~bits(body["deny"])) | bits(body["allow"]);
  return done;
}

function bits(value: unknown): bigint {
  return BigInt(textOf(value) || "0");
}

function makeThread(call: Call, [id = "", message]: readonly (string | undefined)[]): Answer {
  const { world, body } = call;
  const parent = seenChannel(world, id);
  // A thread of no message is private unless it says otherwise.
  const type = message === undefined && body["type"] !== 11 ? 12 : 11;
  needs(world, parent, [type === 12 ? "createPrivateThreads" : "createPublicThreads"]);
  if (message === undefined && ![11, 12].includes(Number(body["type"] ?? 12)))
    refuseBadForm(["type: BASE_TYPE_CHOICES"]);
  if (![60, 1_440, 4_320, 10_080].includes(Number(body["auto_archive_duration"] ?? 60)))
    refuseBadForm(["auto_archive_duration: BASE_TYPE_CHOICES"]);
  if (message !== undefined && world.message(message)?.channel !== id) refuse(404, 10_008, "Unknown Message");
  if (message !== undefined && world.channels.has(message))
    refuse(400, 160_004, "A thread has already been created for this message");
  const name = textOf(body["name"]);
  if (name.length < 1 || name.length > 100) refuseBadForm(["name: BASE_TYPE_BAD_LENGTH"]);
  // A thread of a message has the message's id.
  const made = world.addChannel({ ...(message !== undefined && { id: message }), name, type, parent: id });
  const thread = world.channels.get(made);
  if (thread) call.tell("THREAD_CREATE", { ...channelWire(thread, world), newly_created: true }, { kind: "guild" });
  return { status: 201, body: thread && channelWire(thread, world) };
}

function activeThreads(call: Call, [id = ""]: readonly string[]): Answer {
  const world = ownGuild(call, id);
  const threads = [...world.channels.values()].filter(
    (each) => [11, 12].includes(each.type) && !each.archived && holds(world, each, "viewChannel"),
  );
  return ok({ threads: threads.map((each) => channelWire(each, world)), members: [] });
}

function addThreadMember(call: Call, [id = "", user = ""]: readonly string[]): Answer {
  const { world } = call;
  const thread = seenChannel(world, id);
  if (![11, 12].includes(thread.type)) refuse(400, 50_024, "Cannot execute action on this channel type");
  if (thread.archived) refuse(400, 50_083, "Thread is archived");
  needs(world, thread, ["sendMessagesInThreads"]);
  if (!world.members.has(user)) refuse(404, 10_007, "Unknown Member");
  const members = (thread.members ??= new Set());
  if (!members.has(user)) {
    members.add(user);
    call.tell("THREAD_MEMBERS_UPDATE", threadMembersWire(thread, [user], world), { kind: "members" });
  }
  return done;
}

function readMember(call: Call, [guild = "", user = ""]: readonly string[]): Answer {
  const world = ownGuild(call, guild);
  if (!world.users.has(user)) refuse(404, 10_013, "Unknown User");
  if (!world.members.has(user)) refuse(404, 10_007, "Unknown Member");
  return ok(memberWire(user, world));
}

function giveRole(call: Call, [guild = "", user = "", role = ""]: readonly string[]): Answer {
  const world = ownGuild(call, guild);
  const held = world.members.get(user) ?? refuse(404, 10_007, "Unknown Member");
  if (!world.roles.has(role)) refuse(404, 10_011, "Unknown Role");
  if (!held.includes(role)) held.push(role);
  return done;
}

/** Commands of the guild, or of everywhere. */
function commandsOf({ world }: Call, application = "", guild?: string): readonly unknown[] {
  if (application !== world.application)
    refuse(403, 20_012, "You are not authorized to perform this action on this application");
  if (guild !== undefined && guild !== world.guild) refuse(403, 50_001, "Missing Access");
  return guild === undefined ? world.globalCommands : world.commands;
}

function keepCommands({ world }: Call, guild: string | undefined, commands: readonly unknown[]): readonly unknown[] {
  if (guild === undefined) world.globalCommands = commands;
  else world.commands = commands;
  return commands;
}

function readCommands(call: Call, [application, guild]: readonly (string | undefined)[]): Answer {
  return ok(commandsOf(call, application, guild).toSorted((a, b) => Number(idOf(a) - idOf(b))));
}

function putCommands(call: Call, [application, guild]: readonly (string | undefined)[]): Answer {
  const before = commandsOf(call, application, guild);
  const commands = listOf(call.body["list"]);
  refuseBadForm(commandProblems(commands));
  return ok(
    keepCommands(
      call,
      guild,
      commands.map((command) => commandWire(call, command, before)),
    ),
  );
}

function addCommand(call: Call, [application, guild]: readonly (string | undefined)[]): Answer {
  const before = commandsOf(call, application, guild);
  const made = commandWire(call, call.body, before);
  const others = before.filter((each) => fieldsOf(each)["id"] !== made["id"]);
  refuseBadForm(
    commandProblems([...others, call.body]).filter(
      (each) => !each.startsWith("[") || each.startsWith(`[${others.length}]`),
    ),
  );
  keepCommands(call, guild, [...others, made]);
  return { status: others.length === before.length ? 201 : 200, body: made };
}

function idOf(command: unknown): bigint {
  return BigInt(textOf(fieldsOf(command)["id"]) || "0");
}

/** A command of the same kind and name keeps its id. What goes without saying is written down for it. */
function commandWire({ world }: Call, command: unknown, before: readonly unknown[]): Record<string, unknown> {
  const { name, type = 1, ...rest } = fieldsOf(command);
  const known = before.map(fieldsOf).find((each) => each["name"] === name && each["type"] === type);
  return {
    default_member_permissions: null,
    nsfw: false,
    dm_permission: true,
    contexts: null,
    integration_types: [0],
    description: "",
    ...rest,
    ...(rest["options"] !== undefined && { options: listOf(rest["options"]).map(optionWire) }),
    name,
    type,
    id: known?.["id"] ?? world.id(),
    application_id: world.application,
    guild_id: world.guild,
    version: world.id(),
  };
}

/** An option says that it is required only when it is. */
function optionWire(option: unknown): Record<string, unknown> {
  const { required, options, ...rest } = fieldsOf(option);
  return {
    ...rest,
    ...(required === true && { required }),
    ...(options !== undefined && { options: listOf(options).map(optionWire) }),
  };
}

function removeCommand(call: Call, [application, guild, id]: readonly (string | undefined)[]): Answer {
  const before = commandsOf(call, application, guild);
  const left = before.filter((each) => fieldsOf(each)["id"] !== id);
  if (left.length === before.length) refuse(404, 10_063, "Unknown application command");
  keepCommands(call, guild, left);
  return done;
}
