import { type Channel, SlackRefusal, type World } from "./world.ts";

export type Args = Readonly<Record<string, unknown>>;

export interface Context {
  readonly world: World;
  readonly token: "bot" | "app";
  readonly baseUrl: string;
  readonly sockets: { open(): string };
  /** Tells the bot of what happened in a channel it is in. */
  happened(event: Readonly<Record<string, unknown>>): void;
}

export type Method = (args: Args, context: Context) => Record<string, unknown>;

export function channelOf(args: Args, world: World): Channel {
  const channel = world.channels.get(String(args["channel"]));
  if (!channel) throw new SlackRefusal("channel_not_found");
  return channel;
}

export function channelWire(
  { id, name, members, archived, direct, creator, created, isPrivate }: Channel,
  world: World,
): Record<string, unknown> {
  return {
    id,
    name,
    creator,
    created: created ?? 0,
    is_private: isPrivate ?? false,
    is_im: direct !== undefined,
    is_archived: archived,
    is_member: members.has(world.botUser),
  };
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "1";
}
