import { z } from "zod";
import { Place } from "../domain/messages/place.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { StatusChange, StatusWatch } from "../domain/systems/status-watch.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredWatch = z.object({
  format: z.literal(1),
  id: z.string(),
  system: z.string(),
  title: z.string(),
  by: z.object({ person: z.string(), name: z.string() }),
  place: Place,
  until: z.number(),
  seen: z.record(z.string(), z.string()),
  told: z.int(),
  ended: z.boolean().exactOptional(),
});

const StoredChange = z.object({
  format: z.literal(1),
  watch: z.string(),
  number: z.int(),
  title: z.string(),
  at: z.number(),
  changes: z.array(z.string()),
  tone: z.enum(["neutral", "good", "warning", "bad", "unknown"]),
  isLast: z.boolean(),
});

export interface ReadWatch {
  readonly watch: StatusWatch;
  readonly revision: string;
}

export function watchKey(id: string): string {
  return `status-watch/${id}`;
}

/** One that has ended leaves the index of those that go on. */
export function putWatch(watch: StatusWatch): Put {
  const index: Record<string, string> = watch.ended
    ? { ended: sortable(watch.until) }
    : { running: sortable(watch.until) };
  return { key: watchKey(watch.id), value: { format: 1, ...watch, seen: { ...watch.seen } }, index };
}

function parseWatch(document: Document): ReadWatch {
  const { format: _, ...watch } = legible(document, (value) => StoredWatch.parse(value));
  return { watch, revision: document.revision };
}

/** Those that go on, what ends first standing first. */
export async function runningWatches(store: Pick<Store, "list">): Promise<Listed<ReadWatch>> {
  return eachLegible(await store.list("status-watch", "running", { limit: 200 }), parseWatch);
}

type ChangeId = Pick<StatusChange, "watch" | "number">;

function changeKey({ watch, number }: ChangeId): string {
  return `status-change/${watch}.${number}`;
}

export function putChange(change: StatusChange): Put {
  const value = { format: 1, ...change, changes: [...change.changes] };
  return { key: changeKey(change), value, index: { at: sortable(change.at) } };
}

export async function readChange(store: Pick<Store, "read">, id: ChangeId): Promise<StatusChange | undefined> {
  const [document] = await store.read([changeKey(id)]);
  if (!document) return undefined;
  const { format: _, ...change } = legible(document, (value) => StoredChange.parse(value));
  return change;
}
