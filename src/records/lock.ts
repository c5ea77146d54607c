import { z } from "zod";
import type { Lock } from "../domain/approvals/request.ts";
import type { Document, Put } from "../domain/store.ts";

const StoredLock = z.object({ request: z.string().nullable(), fence: z.number() });

/** The key under which the target of a request is locked: one operation at a time on a system. */
export function lockKey(system: string): string {
  return `lock/${system}`;
}

/** Undefined for a target that nobody has held yet. */
export function parseLock(document: Document | undefined): Lock | undefined {
  return document && StoredLock.parse(document.value);
}

export function putLock(system: string, lock: Lock): Put {
  return { key: lockKey(system), value: lock };
}
