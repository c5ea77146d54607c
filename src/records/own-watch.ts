import { z } from "zod";
import { OwnWatch } from "../domain/alerts/own-watch.ts";
import type { Document, Put } from "../domain/store.ts";
import { canonical, sha256 } from "./ids.ts";
import { legible } from "./legible.ts";

const StoredWatch = z.object({ format: z.literal(1), ...OwnWatch.shape });

export function ownWatchKey(system: string): string {
  return `own-watch/${system}`;
}

export function parseOwnWatch(document: Document): OwnWatch {
  const { format: _, ...watch } = legible(document, (value) => StoredWatch.parse(value));
  return watch;
}

export function putOwnWatch(watch: OwnWatch): Put {
  return { key: ownWatchKey(watch.system), value: { format: 1, ...watch } };
}

/** What an alert that is read live is called, of which the code that people type is the beginning. */
export function liveFingerprint({ system, source, id }: Readonly<Record<"system" | "source" | "id", string>>): string {
  return sha256(canonical([system, source, id]));
}
