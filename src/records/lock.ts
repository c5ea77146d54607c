import { z } from "zod";
import type { Lock } from "../domain/approvals/lock.ts";
import type { Document, Put } from "../domain/store.ts";
import { legible } from "./legible.ts";

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

/** Undefined for a system that nobody has held anything of yet. */
export function parseLock(document: Document | undefined): Lock | undefined {
  if (!document) return undefined;
  const { holders, fence } = legible(document, (value) => StoredLock.parse(value));
  return { holders, fence };
}

export function putLock(system: string, lock: Lock): Put {
  return { key: lockKey(system), value: { format: 2, ...lock } };
}
