/** What a workspace holds. */
export type UserKind = "member" | "guest" | "single-channel-guest" | "bot" | "deactivated";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  kind: UserKind;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly members: Set<string>;
  archived: boolean;
  /** Who made it, and when, in seconds. */
  readonly creator?: string;
  readonly created?: number;
  /** Only its members know of it. */
  readonly isPrivate?: boolean;
  topic?: string;
  pins?: Set<string>;
  bookmarks?: { readonly title: string; readonly link: string }[];
  /** Only some may post there, and the app is none of them. */
  readOnly?: boolean;
  /** The person at the other end of a direct conversation. */
  readonly direct?: string;
}

export interface FakeFile {
  readonly id: string;
  readonly name: string;
  bytes: Uint8Array;
  /** Uploaded and completed. */
  complete: boolean;
  /** How often a message that shows it is refused still: Slack takes a file in some time after it was completed. */
  refusals: number;
}

export interface FakeMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread?: string;
  readonly author: string;
  text: string;
  blocks: readonly unknown[];
  metadata?: unknown;
  readonly files: readonly FakeFile[];
  edits: number;
  deleted: boolean;
  /** What Slack would have turned into a mention, a link or a format. */
  parsed: readonly string[];
}

export interface Ephemeral {
  readonly user: string;
  readonly channel: string;
  readonly thread?: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly via: "api" | "response_url";
}

export interface View {
  readonly id: string;
  readonly hash: string;
  readonly user: string;
  readonly content: Readonly<Record<string, unknown>>;
  errors: Readonly<Record<string, string>>;
  open: boolean;
}

/** A refusal as Slack words it: HTTP 200 with `ok: false`. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

export class World {
  readonly team = "T0WARDROOM";
  readonly appId = "A0WARDROOM";
  readonly botUser = "U0WARDROOM";
  readonly botId = "B0WARDROOM";
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly groups = new Map<string, Set<string>>();
  readonly files = new Map<string, FakeFile>();
  readonly messages: FakeMessage[] = [];
  readonly ephemerals: Ephemeral[] = [];
  readonly answeredAt = new Map<string, number>();
  readonly views: View[] = [];
  readonly homes = new Map<string, Readonly<Record<string, unknown>>>();
  readonly triggers = new Map<string, { readonly user: string; readonly until: number; used: boolean }>();
  readonly responseUrls = new Map<
    string,
    { readonly user: string; readonly channel: string; uses: number; shown?: FakeMessage }
  >();
  /** How often a file that was completed is refused in a message before it is taken in. */
  fileRefusals = 1;
  /** Edits of older messages are refused, as a workspace may set. */
  editWindowMs = Number.POSITIVE_INFINITY;
  #serial = 0;

  constructor() {
    this.addUser({ id: this.botUser, name: "wardroom", kind: "bot" });
  }

  next(): number {
    this.#serial += 1;
    return this.#serial;
  }

  id(prefix: string): string {
    return `${prefix}${this.next().toString().padStart(9, "0")}`;
  }

  ts(): string {
    return `${Math.floor(Date.now() / 1_000)}.${this.next().toString().padStart(6, "0")}`;
  }

  addUser(user: { id?: string; name: string; kind?: UserKind; team?: string }): string {
    const id = user.id ?? this.id("U");
    this.users.set(id, { id, name: user.name, kind: user.kind ?? "member", team: user.team ?? this.team });
    return id;
  }

  addChannel(
    channel: { id?: string; name: string; bot?: boolean; archived?: boolean; direct?: string } & Partial<
      Pick<Channel, "creator" | "created" | "isPrivate">
    >,
  ): string {
    const id = channel.id ?? this.id(channel.direct === undefined ? "C" : "D");
    const members = new Set((channel.bot ?? true) ? [this.botUser] : []);
    this.channels.set(id, {
      id,
      name: channel.name,
      members,
      archived: channel.archived ?? false,
      ...(channel.direct !== undefined && { direct: channel.direct }),
      ...(channel.creator !== undefined && { creator: channel.creator }),
      ...(channel.created !== undefined && { created: channel.created }),
      ...(channel.isPrivate !== undefined && { isPrivate: channel.isPrivate }),
    });
    return id;
  }

  directWith(user: string): string {
    const known = [...this.channels.values()].find((channel) => channel.direct === user);
    return known?.id ?? this.addChannel({ name: `with ${user}`, direct: user });
  }

  trigger(user: string): string {
    const id = `${this.next()}.${this.next()}.trigger`;
    this.triggers.set(id, { user, until: Date.now() + 3_000, used: false });
    return id;
  }

  noteAnswer(channel: string): void {
    if (!this.answeredAt.has(channel)) this.answeredAt.set(channel, performance.now());
  }

  message(channel: string, ts: string): FakeMessage | undefined {
    return this.messages.find((each) => each.channel === channel && each.ts === ts && !each.deleted);
  }
}

/** Everything in a message that Slack would not show as it is written. */
export function parsedIn(content: { text: string; blocks: readonly unknown[]; mrkdwn: boolean }): string[] {
  const found = content.blocks.flatMap(parsedInBlock);
  const mentions = content.text.match(/<[!@#][^>]*>/g) ?? [];
  if (content.blocks.length > 0) return [...mentions, ...found];
  return [...found, ...(content.mrkdwn ? parsedInText(content.text) : mentions)];
}

function parsedInBlock(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(parsedInBlock);
  if (typeof value !== "object" || value === null) return [];
  const fields: Record<string, unknown> = { ...value };
  const type = fields["type"];
  const own = ["user", "usergroup", "channel", "broadcast", "link", "emoji"].includes(String(type))
    ? [JSON.stringify(value)]
    : [];
  const text = typeof fields["text"] === "string" ? fields["text"] : "";
  if (type === "mrkdwn") own.push(...parsedInText(text));
  if (type === "plain_text" && fields["emoji"] !== false) own.push(...(text.match(/:[a-z0-9_+-]+:/g) ?? []));
  return [...own, ...Object.values(fields).flatMap(parsedInBlock)];
}

function parsedInText(text: string): string[] {
  const outside = text.replaceAll(/```[\s\S]*?```/g, "");
  const always = text.match(/<[!@#][^>]*>/g) ?? [];
  const formats =
    outside.match(/<https?:[^>]*>|https?:\/\/\S+|(?<!\w)[*_~`][^*_~`\n]+[*_~`](?!\w)|:[a-z0-9_+-]+:/g) ?? [];
  return [...always, ...formats];
}
