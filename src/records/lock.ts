import { z } from "zod";
import type { Lock } from "../domain/approvals/lock.ts";
import { keepsLock } from "../domain/approvals/run.ts";
import type { Document, Put, Store } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";
import { parseRequest, requestKey } from "./request.ts";

const Format2 = z.object({
  format: z.literal(2),
  holders: z.array(z.object({ request: z.string(), targets: z.array(z.string()) })),
  fence: z.number(),
});
/** The format before knew one holder, of the whole system. */
const Format1 = z
  .object({ format: z.undefined().optional(), request: z.string().nullable(), fence: z.number() })
  .transform(({ request, fence }) => ({
    format: 2 as const,
    holders: request === null ? [] : [{ request, targets: [] }],
    fence,
  }));
const StoredLock = z.union([Format2, Format1]);

/** The key under which the targets of a system are locked. */
export function lockKey(system: string): string {
  return `lock/${system}`;
}

/** The system whose lock a key is of; undefined for any other key. */
export function systemOfLock(key: string): string | undefined {
  return key.startsWith(lockKey("")) ? key.slice(lockKey("").length) : undefined;
}

/** Undefined for a system that nobody has held anything of yet. */
export function parseLock(document: Document | undefined): Lock | undefined {
  if (!document) return undefined;
  const { holders, fence } = legible(document, (value) => StoredLock.parse(value));
  return { holders, fence };
}

/** A lock as read, and the revision that a change of it is based on; null is absent. */
export interface ReadLock {
  readonly lock: Lock | undefined;
  readonly revision: string | null;
}

/**
 * The lock of a system with those that hold something now: a request that is over, or that is not there, holds nothing, whoever
 * forgot to take it off. One whose record cannot be read holds on. Throws UnreadableRecord where the lock itself cannot be read.
 */
export async function readLock(store: Pick<Store, "read">, system: string): Promise<ReadLock> {
  const [document] = await store.read([lockKey(system)]);
  const lock = parseLock(document);
  const revision = document?.revision ?? null;
  if (!lock || lock.holders.length === 0) return { lock, revision };
  const records = await store.read(lock.holders.map(({ request }) => requestKey(request)));
  const holders = lock.holders.filter((_, place) => holdsOn(records[place]));
  return { lock: { ...lock, holders }, revision };
}

function holdsOn(record: Document | undefined): boolean {
  if (!record) return false;
  const state = ifLegible(() => parseRequest(record).request.state);
  return state === undefined || keepsLock(state);
}

export function putLock(system: string, lock: Lock): Put {
  return { key: lockKey(system), value: { format: 2, ...lock } };
}
