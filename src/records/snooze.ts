import { z } from "zod";
import type { SnoozedAlert } from "../domain/alerts/snooze.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { eachLegible, legible } from "./legible.ts";

export const StoredSnooze = z.object({
  id: z.string(),
  by: z.object({ person: z.string(), name: z.string() }),
  until: z.number(),
  severity: z.enum(["critical", "warning", "info"]),
  scope: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("person"), accounts: z.array(z.string()) }),
    z.object({ kind: z.literal("channel"), surface: z.string(), channel: z.string() }),
  ]),
});

const StoredSnoozes = z.object({
  format: z.literal(1),
  code: z.string(),
  system: z.string(),
  summary: z.string(),
  snoozes: z.array(StoredSnooze),
});

/** One document an alert. */
export function snoozeKey(code: string): string {
  return `snooze/${code}`;
}

/** The snoozes that a document holds. Throws UnreadableRecord. */
export function parseSnoozes(document: Document): SnoozedAlert {
  const { format: _, ...snoozed } = legible(document, (value) => StoredSnoozes.parse(value));
  return snoozed;
}

/** Found by when the first of them ends. */
export function putSnoozes(snoozed: SnoozedAlert): Put {
  const { code, system, summary, snoozes } = snoozed;
  return {
    key: snoozeKey(code),
    value: { format: 1, code, system, summary, snoozes: [...snoozes] },
    index: { until: sortable(Math.min(...snoozes.map(({ until }) => until))) },
  };
}

export async function readSnoozes(
  store: Pick<Store, "read">,
  code: string,
): Promise<{ readonly snoozed: SnoozedAlert | undefined; readonly revision: string | null }> {
  const [document] = await store.read([snoozeKey(code)]);
  return { snoozed: document && parseSnoozes(document), revision: document?.revision ?? null };
}

/** Of these alerts what is snoozed, whether it still holds or not, by code. What cannot be read withholds nothing. */
export async function snoozesOf(
  store: Pick<Store, "read">,
  codes: readonly string[],
): Promise<ReadonlyMap<string, SnoozedAlert>> {
  const documents = await store.read(codes.map(snoozeKey));
  const { found } = eachLegible(
    documents.filter((document) => document !== undefined),
    parseSnoozes,
  );
  return new Map(found.map((each) => [each.code, each]));
}

/** Codes of alerts of which a snooze has ended by a time in ms, those that did first first. */
export async function snoozesEnded(store: Pick<Store, "list">, at: number, limit: number): Promise<readonly string[]> {
  const documents = await store.list("snooze", "until", { to: sortable(at + 1), limit });
  return eachLegible(documents, parseSnoozes).found.map(({ code }) => code);
}
