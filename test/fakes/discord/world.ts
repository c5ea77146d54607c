export interface User {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
  /** Their settings keep bots out of their direct messages. */
  closed?: boolean;
}

export interface Channel {
  readonly id: string;
  name: string;
  /** 0 a text channel, 1 a conversation of two, 3 one of several outside a server, 11 a public thread, 12 a private one. */
  readonly type: 0 | 1 | 3 | 11 | 12;
  readonly parent?: string;
  readonly recipient?: string;
  /** What the bot may do in it; a thread has its channel's, and may have less. */
  permissions: bigint;
  /** Of a thread: archived ones wake up when somebody writes, locked ones do not. */
  archived?: boolean;
  locked?: boolean;
  topic?: string;
  /** Of a thread: who was brought in. */
  members?: Set<string>;
}

interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

type MessageStart = Pick<FakeMessage, "id" | "channel" | "author" | "createdAt"> & Partial<FakeMessage>;

/** A message as it stands now. */
export class FakeMessage {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  content: string;
  embeds: readonly unknown[];
  components: readonly unknown[];
  attachments: readonly Attachment[];
  readonly nonce: string | undefined;
  readonly reference: string | undefined;
  /** Only this person sees it. */
  readonly ephemeralFor: string | undefined;
  /** What it answers; a follow-up says what came first. */
  readonly answers: { readonly interaction: Interaction; readonly follows?: string } | undefined;
  flags: number;
  /** Whom it pinged: ids of people and roles, `everyone` and `here`. Edits ping nobody. */
  mentions: readonly string[];
  edits: number;
  /** How many of them were made when it was older than an hour. */
  oldEdits: number;
  deleted: boolean;
  pinned: boolean;
  readonly reactions: string[];
  createdAt: number;
  /** Still what a defer shows: "thinking…". */
  thinking: boolean;

  constructor(start: MessageStart) {
    this.id = start.id;
    this.channel = start.channel;
    this.author = start.author;
    this.createdAt = start.createdAt;
    this.content = start.content ?? "";
    this.embeds = start.embeds ?? [];
    this.components = start.components ?? [];
    this.attachments = start.attachments ?? [];
    this.nonce = start.nonce;
    this.reference = start.reference;
    this.ephemeralFor = start.ephemeralFor;
    this.answers = start.answers;
    this.flags = start.flags ?? 0;
    this.mentions = start.mentions ?? [];
    this.edits = 0;
    this.oldEdits = 0;
    this.deleted = false;
    this.pinned = false;
    this.reactions = [];
    this.thinking = start.thinking ?? false;
  }
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  /** 2 a command, 3 a button, 4 choices while typing, 5 a form. */
  readonly type: 2 | 3 | 4 | 5;
  readonly user: string;
  readonly channel: string;
  readonly at: number;
  /** The message whose button or form it is. */
  readonly source?: string;
  /** How long until it was answered the first time, with what. */
  ack?: { readonly afterMs: number; readonly type: number; readonly data: Readonly<Record<string, unknown>> };
  original?: string;
  ackedAt?: number;
  answeredAt?: number;
  readonly followUps: string[];
  /** It came from a modal, which no modal may answer. */
  readonly fromModal: boolean;
}

/** Permissions by name, as bits. */
export const permissionBits = {
  manageChannels: 1n << 4n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  manageRoles: 1n << 28n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  createPrivateThreads: 1n << 36n,
  sendMessagesInThreads: 1n << 38n,
  pinMessages: 1n << 51n,
} as const;
export const allPermissions = Object.values(permissionBits).reduce((all, bit) => all | bit, 0n);
const { manageChannels, manageMessages, manageRoles, manageThreads } = permissionBits;
/** What a bot has in a channel when nothing else is said: nothing that manages. */
const ordinary = allPermissions & ~(manageChannels | manageMessages | manageRoles | manageThreads);

/** Told of what comes into being while somebody is connected. */
interface Watcher {
  channel(channel: Channel): void;
  role(id: string): void;
}

export class World {
  readonly guild = "900000000000000001";
  readonly application = "900000000000000002";
  readonly botUser = this.application;
  readonly users = new Map<string, User>();
  /** Roles of the guild's members. */
  readonly members = new Map<string, string[]>();
  readonly roles = new Map<string, string>();
  /** Roles that anybody may ping. */
  readonly mentionableRoles = new Set<string>();
  readonly channels = new Map<string, Channel>();
  readonly messages: FakeMessage[] = [];
  readonly interactions = new Map<string, Interaction>();
  /** How long an interaction waits for its first answer, in ms, as Discord has it. */
  ackWithinMs = 3_000;
  commands: readonly unknown[] = [];
  globalCommands: readonly unknown[] = [];
  /** How often a message older than an hour may be edited. Discord does not tell its number. */
  oldEdits = 0;
  /** The application has the message content intent switched on. */
  messageContent = false;
  /** So has it the one that tells of members. */
  guildMembers = false;
  watcher: Watcher | undefined;
  #serial = 0n;

  constructor() {
    this.users.set(this.botUser, { id: this.botUser, name: "wardroom", bot: true });
    this.members.set(this.botUser, []);
  }

  now(): number {
    return Date.now();
  }

  /** A snowflake: ids carry the time they were made at. */
  id(): string {
    this.#serial += 1n;
    return String(((BigInt(this.now()) - 1_420_070_400_000n) << 22n) | (this.#serial & 0x3f_ffffn));
  }

  addUser(user: { id?: string; name: string; bot?: boolean; roles?: readonly string[]; guild?: boolean }): string {
    const id = user.id ?? this.id();
    this.users.set(id, { id, name: user.name, bot: user.bot ?? false });
    if (user.guild ?? true) this.members.set(id, [...(user.roles ?? [])]);
    return id;
  }

  addRole(name: string, { id = this.id(), mentionable = false }: { id?: string; mentionable?: boolean } = {}): string {
    this.roles.set(id, name);
    if (mentionable) this.mentionableRoles.add(id);
    this.watcher?.role(id);
    return id;
  }

  addChannel(channel: Partial<Channel> & { readonly name: string }): string {
    const id = channel.id ?? this.id();
    const made: Channel = { type: 0, permissions: ordinary, ...channel, id };
    this.channels.set(id, made);
    this.watcher?.channel(made);
    return id;
  }

  directWith(user: string): string {
    const known = [...this.channels.values()].find((channel) => channel.recipient === user);
    return known?.id ?? this.addChannel({ name: "direct", type: 1, recipient: user });
  }

  message(id: string): FakeMessage | undefined {
    return this.messages.findLast((each) => each.id === id && !each.deleted);
  }

  /** What the bot may do in a channel: in a thread, what it may do in the thread's channel too. */
  permissionsIn(channel: Channel): bigint {
    if (channel.type === 1) return allPermissions;
    const parent = channel.parent === undefined ? undefined : this.channels.get(channel.parent);
    return channel.permissions & (parent?.permissions ?? allPermissions);
  }
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
