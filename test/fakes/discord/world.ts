/** A refusal as Discord words it. */
export class DiscordRefusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** 0 a text channel, 1 a conversation of two, 11 a public thread. */
  readonly type: 0 | 1 | 11;
  readonly parent?: string;
  readonly recipient?: string;
  /** What the bot may do in it. */
  permissions: bigint;
  /** A thread that sleeps: a new message wakes it, unless it is locked. */
  archived?: boolean;
  locked?: boolean;
}

export interface FakeMessage {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  content: string;
  embeds: readonly unknown[];
  components: readonly unknown[];
  attachments: readonly { readonly id: string; readonly name: string; readonly bytes: Uint8Array }[];
  readonly nonce?: string;
  readonly reference?: string;
  /** Only this person sees it. */
  readonly ephemeralFor?: string;
  edits: number;
  deleted: boolean;
  createdAt: number;
  /** Still what a defer shows: "thinking…". */
  thinking: boolean;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly user: string;
  readonly channel: string;
  readonly at: number;
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
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  sendMessagesInThreads: 1n << 38n,
} as const;
export const allPermissions = Object.values(permissionBits).reduce((all, bit) => all | bit, 0n);

export class World {
  readonly guild = "900000000000000001";
  readonly application = "900000000000000002";
  readonly botUser = this.application;
  readonly users = new Map<string, User>();
  /** Roles of the guild's members. */
  readonly members = new Map<string, string[]>();
  readonly roles = new Map<string, string>();
  readonly channels = new Map<string, Channel>();
  readonly messages: FakeMessage[] = [];
  readonly interactions = new Map<string, Interaction>();
  commands: readonly unknown[] = [];
  #serial = 0n;

  constructor() {
    this.users.set(this.botUser, { id: this.botUser, name: "wardroom", bot: true });
    this.members.set(this.botUser, []);
  }

  /** A snowflake: ids carry the time they were made at. */
  id(): string {
    this.#serial += 1n;
    return String(((BigInt(Date.now()) - 1_420_070_400_000n) << 22n) | (this.#serial & 0x3f_ffffn));
  }

  addUser(user: { name: string; bot?: boolean; roles?: readonly string[]; guild?: boolean }): string {
    const id = this.id();
    this.users.set(id, { id, name: user.name, bot: user.bot ?? false });
    if (user.guild ?? true) this.members.set(id, [...(user.roles ?? [])]);
    return id;
  }

  addRole(name: string): string {
    const id = this.id();
    this.roles.set(id, name);
    return id;
  }

  addChannel(channel: {
    name: string;
    type?: 0 | 1 | 11;
    parent?: string;
    recipient?: string;
    permissions?: bigint;
    archived?: boolean;
    locked?: boolean;
  }): string {
    const id = this.id();
    this.channels.set(id, { id, type: channel.type ?? 0, permissions: allPermissions, ...channel });
    return id;
  }

  directWith(user: string): string {
    const known = [...this.channels.values()].find((channel) => channel.recipient === user);
    return known?.id ?? this.addChannel({ name: "direct", type: 1, recipient: user });
  }

  message(id: string): FakeMessage | undefined {
    return this.messages.find((each) => each.id === id && !each.deleted);
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
