import { z } from "zod";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import type { Batch } from "./batch.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredUnusable = z.object({
  format: z.literal(1),
  batch: z.string(),
  sender: z.string(),
  group: z.string(),
  /** Of which systems it may have told. */
  systems: z.array(z.string()),
  at: z.number(),
  why: z.string(),
});
/** The last that a sender posted of a group of alerts, of which not all could be used: what it told of may be firing. */
export type UnusablePost = Readonly<Omit<z.output<typeof StoredUnusable>, "format">>;

/** Of a body that could not be read nobody knows which group it told of: its group is empty. */
export function unusableKey({ sender, group }: Pick<Batch, "sender" | "group">): string {
  return `alert-unusable/${sender}/${group}`;
}

export function parseUnusable(document: Document): UnusablePost {
  const { format: _, ...post } = legible(document, (value) => StoredUnusable.parse(value));
  return post;
}

export function putUnusable(post: UnusablePost): Put {
  return { key: unusableKey(post), value: { format: 1, ...post }, index: { at: sortable(post.at) } };
}

/** What senders posted since a time and no batch after it has made good, newest first. */
export async function unusableSince(
  store: Pick<Store, "list">,
  from: number,
  limit: number,
): Promise<Listed<UnusablePost>> {
  const documents = await store.list("alert-unusable", "at", { from: sortable(from), reverse: true, limit });
  return eachLegible(documents, parseUnusable);
}
