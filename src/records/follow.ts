import { z } from "zod";
import { type Document, type Key, type Put, type Store, sortable } from "../domain/store.ts";
import { Follow } from "../domain/systems/follow.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredFollow = z.object({ format: z.literal(1), ...Follow.shape });

/** Where the rounds of those that go on wait. */
export const followQueue = "follows";

export interface ReadFollow {
  readonly follow: Follow;
  readonly revision: string;
}

export function followKey(id: string): Key {
  return `follow/${id}`;
}

/** Undefined for one that is long over. */
export async function readFollow(store: Pick<Store, "read">, id: string): Promise<ReadFollow | undefined> {
  const [document] = await store.read([followKey(id)]);
  return document && parseFollow(document);
}

/** Those that go on, oldest first. */
export async function runningFollows(store: Pick<Store, "list">): Promise<Listed<ReadFollow>> {
  return eachLegible(await store.list("follow", "running", { limit: 1_000 }), parseFollow);
}

/** One that has ended leaves the index of those that go on. */
export function putFollow(follow: Follow): Put {
  const at = sortable(follow.startedAt);
  return {
    key: followKey(follow.id),
    value: { format: 1, ...follow } satisfies z.output<typeof StoredFollow>,
    index: { at, ...(follow.ended === undefined && { running: at }) },
  };
}

function parseFollow(document: Document): ReadFollow {
  const { format: _, ...follow } = legible(document, (value) => StoredFollow.parse(value));
  return { follow, revision: document.revision };
}
