import { z } from "zod";
import { severityRank } from "../domain/alerts/firing.ts";
import type { AlertGroup, GroupMember } from "../domain/alerts/group.ts";
import { RouteVerbosity } from "../domain/alerts/routing.ts";
import { Place } from "../domain/messages/place.ts";
import { Account } from "../domain/people/person.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { canonical, sha256 } from "./ids.ts";
import { eachLegible, legible } from "./legible.ts";
import { StoredSnooze } from "./snooze.ts";

const Severity = z.enum(["critical", "warning", "info"]);
const Called = z.object({ account: Account, name: z.string() });
const Action = z.object({
  label: z.string(),
  command: z.string(),
  args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  ask: z.array(z.string()).exactOptional(),
});

const Graph = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rule"), rule: z.string() }),
  z.object({ kind: z.literal("link"), link: z.string() }),
]);

const StoredGroup = z.object({
  format: z.literal(1),
  id: z.string(),
  opened: z.number(),
  rev: z.number(),
  route: z.string(),
  channel: z.string(),
  place: Place,
  labels: z.record(z.string(), z.string()),
  system: z.string(),
  tone: z.enum(["neutral", "good", "warning", "bad", "unknown"]),
  owners: z.array(z.string()),
  calls: z.array(Called),
  verbosity: RouteVerbosity,
  waitMs: z.number(),
  folded: z.number().exactOptional(),
  urgent: z.boolean(),
  hint: z.string().exactOptional(),
  graph: Graph.exactOptional(),
  links: z.array(z.object({ name: z.string(), value: z.string() })),
  actions: z.array(Action),
  firing: z.number(),
  critical: z.number(),
  over: z.number(),
  worst: Severity,
  since: z.number(),
  endedAt: z.number().exactOptional(),
  owedAt: z.number(),
  changesAt: z.number(),
  at: z.number(),
});

const changes = [
  "new",
  "again",
  "over",
  "acknowledged",
  "unacknowledged",
  "lapsed",
  "silenced",
  "unsilenced",
  "worse",
  "awake",
] as const;
const StoredMember = z.object({
  format: z.literal(1),
  group: z.string(),
  opened: z.number(),
  alert: z.string(),
  code: z.string(),
  severity: Severity,
  ownSeverity: z.string(),
  summary: z.string(),
  link: z.string().exactOptional(),
  since: z.number(),
  state: z.enum(["firing", "over"]),
  endedAt: z.number().exactOptional(),
  unsent: z.literal(true).exactOptional(),
  comings: z.number(),
  ack: z.object({ name: z.string(), at: z.number() }).optional(),
  silencedUntil: z.number().optional(),
  snoozes: z.array(StoredSnooze).exactOptional(),
  change: z.object({
    // What was said of a silence that ends soon is said by a message of its own now.
    what: z.enum(changes).or(z.literal("expiring").transform(() => "silenced" as const)),
    at: z.number(),
    rev: z.number(),
    only: z.array(z.string()).exactOptional(),
  }),
});

/** One message of one group. */
export type GroupMessage = Pick<AlertGroup, "id" | "opened">;

/** Of what is told by one route in one channel with equal values of the labels that it groups by. */
export function groupId(
  group: Pick<AlertGroup, "route" | "channel"> & { readonly labels: AlertGroup["labels"] },
): string {
  const { route, channel, labels } = group;
  return sha256(canonical([route, channel, labels])).slice(0, 32);
}

export function groupKey(id: string): string {
  return `alert-group/${id}`;
}

export interface ReadGroup {
  readonly group: AlertGroup;
  readonly revision: string;
}

export function parseGroup(document: Document): ReadGroup {
  const { format: _, ...group } = legible(document, (value) => StoredGroup.parse(value));
  return { group, revision: document.revision };
}

/** The group of a message; undefined where another message has followed it, or it is long over. */
export async function readGroup(
  store: Pick<Store, "read">,
  { id, opened }: GroupMessage,
): Promise<AlertGroup | undefined> {
  const [document] = await store.read([groupKey(id)]);
  const found = document && parseGroup(document).group;
  return found?.opened === opened ? found : undefined;
}

/** Groups that changed last, the newest first. */
export async function recentGroups(store: Pick<Store, "list">, limit: number): Promise<readonly AlertGroup[]> {
  const documents = await store.list("alert-group", "at", { limit, reverse: true });
  return eachLegible(documents, (document) => parseGroup(document).group).found;
}

/** Ids of groups that were folded into a storm and still fire, the worst first. */
export async function foldedGroups(
  store: Pick<Store, "list">,
  { channel, began }: { readonly channel: string; readonly began: number },
  limit: number,
): Promise<readonly string[]> {
  const documents = await store.list("alert-group", "folded", { ...rangeBelow(`${channel}.${began}`), limit });
  return eachLegible(documents, (document) => parseGroup(document).group.id).found;
}

/** Found by its age once it last changed, and among what a storm has folded while it fires. */
export function putGroup(group: AlertGroup): Put {
  const { folded, firing, channel } = group;
  const isWaiting = folded !== undefined && firing > 0;
  return {
    key: groupKey(group.id),
    value: { format: 1, ...group },
    index: {
      at: sortable(group.at),
      ...(isWaiting && { folded: `${channel}.${folded}/${severityRank[group.worst]}/${sortable(group.since)}` }),
    },
  };
}

/** One message of one group as texts name it. */
export function messageOf({ id, opened }: GroupMessage): string {
  return `${id}.${opened}`;
}

export function memberKey({ group, opened, alert }: Pick<GroupMember, "group" | "opened" | "alert">): string {
  return `alert-member/${group}.${opened}.${alert.slice(0, 32)}`;
}

export interface ReadMember {
  readonly member: GroupMember;
  readonly revision: string;
}

export function parseMember(document: Document): ReadMember {
  const { format: _, ...member } = legible(document, (value) => StoredMember.parse(value));
  return { member, revision: document.revision };
}

/** Found in its message by its state, the worst first; by what last became of it; by its code; and by its age. */
export function putMember(member: GroupMember): Put {
  const { group, opened, state, severity, since, endedAt = 0, change, code } = member;
  const message = messageOf({ id: group, opened });
  const inState = state === "firing" ? `0/${severityRank[severity]}/${sortable(since)}` : `1/${sortable(endedAt)}`;
  return {
    key: memberKey(member),
    value: { format: 1, ...member },
    index: {
      in: `${message}/${inState}`,
      changed: `${message}/${sortable(change.rev)}`,
      code: `${code}/${sortable(change.at)}`,
      at: sortable(change.at),
    },
  };
}

/** What fires in a message, the worst first, or what is over in it, the newest first. */
export async function membersIn(
  store: Pick<Store, "list">,
  {
    message,
    state,
    limit,
  }: { readonly message: GroupMessage; readonly state: GroupMember["state"] } & {
    readonly limit: number;
  },
): Promise<readonly GroupMember[]> {
  const documents = await store.list("alert-member", "in", {
    ...rangeBelow(`${messageOf(message)}/${state === "firing" ? 0 : 1}`),
    limit,
    reverse: state === "over",
  });
  return eachLegible(documents, (document) => parseMember(document).member).found;
}

/** What became of alerts of a message after a revision, in order. */
export async function membersChanged(
  store: Pick<Store, "list">,
  message: GroupMessage,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly GroupMember[]> {
  const name = messageOf(message);
  const documents = await store.list("alert-member", "changed", {
    ...rangeBelow(name),
    from: `${name}/${sortable(after + 1)}`,
    limit,
  });
  return eachLegible(documents, (document) => parseMember(document).member).found;
}

/** Where the alert with this code stands on messages, the newest first. */
export async function membersCoded(
  store: Pick<Store, "list">,
  code: string,
  limit: number,
): Promise<Listed<ReadMember>> {
  const documents = await store.list("alert-member", "code", {
    ...rangeBelow(code),
    limit,
    reverse: true,
  });
  return eachLegible(documents, parseMember);
}
