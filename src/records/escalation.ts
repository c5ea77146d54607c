import { z } from "zod";
import type { Escalation, EscalationShown } from "../domain/escalation/escalation.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredEscalation = z.object({
  format: z.literal(1),
  code: z.string(),
  system: z.string(),
  summary: z.string(),
  episode: z.string(),
  since: z.number(),
  class: z.string(),
  anchor: z.number(),
  resumedAt: z.number(),
  hold: z.object({ why: z.enum(["acknowledged", "silenced"]), name: z.string(), at: z.number() }).exactOptional(),
  endedAt: z.number().exactOptional(),
  rungs: z.array(
    z.object({
      level: z.number(),
      state: z.enum(["paged", "missed", "covered"]),
      at: z.number(),
      page: z.string().exactOptional(),
    }),
  ),
  groups: z.array(z.string()),
  /** The level that comes next and when. Without a level it is only to be looked at. */
  next: z.object({ at: z.number(), level: z.number().exactOptional() }).exactOptional(),
});

/** When an escalation is looked at next, ms, and which level is due then where that is known. */
export type EscalationNext = NonNullable<z.output<typeof StoredEscalation>["next"]>;

export interface ReadEscalation {
  readonly escalation: Escalation;
  readonly next?: EscalationNext;
  readonly revision: string;
}

/** One document an alert: its next trouble takes the place of the one before. */
export function escalationKey(code: string): string {
  return `escalation/${code}`;
}

/** Found by when there is something to do, among what is under way on its system, and by its age once it is over. */
export function putEscalation(escalation: Escalation, next: EscalationNext | undefined): Put {
  const { code, system, endedAt, rungs, groups } = escalation;
  const value = { ...escalation, rungs: [...rungs], groups: [...groups], ...(next && { next }) };
  return {
    key: escalationKey(code),
    value: { format: 1, ...value },
    index: {
      ...(next && { due: sortable(next.at) }),
      ...(endedAt === undefined ? { system: `${system}/${code}` } : { over: sortable(endedAt) }),
    },
  };
}

export function parseEscalation(document: Document): ReadEscalation {
  const { format: _, next, ...escalation } = legible(document, (value) => StoredEscalation.parse(value));
  return { escalation, revision: document.revision, ...(next && { next }) };
}

export function escalationShown({ escalation, next }: ReadEscalation): EscalationShown {
  return { ...escalation, ...(next && { next }) };
}

/** Those of these alerts, by code; what cannot be read is left out. */
export async function readEscalations(
  store: Pick<Store, "read">,
  codes: readonly string[],
): Promise<ReadonlyMap<string, ReadEscalation>> {
  const documents = await store.read(codes.map(escalationKey));
  const { found } = eachLegible(
    documents.filter((document) => document !== undefined),
    parseEscalation,
  );
  return new Map(found.map((read) => [read.escalation.code, read]));
}

/** Those that are to be looked at by a time, in ms, the longest due first. */
export async function escalationsDue(
  store: Pick<Store, "list">,
  by: number,
  limit: number,
): Promise<Listed<ReadEscalation>> {
  return eachLegible(await store.list("escalation", "due", { to: sortable(by + 1), limit }), parseEscalation);
}

/** What is under way on a system. */
export async function escalationsOn(
  store: Pick<Store, "list">,
  system: string,
  limit: number,
): Promise<Listed<ReadEscalation>> {
  return eachLegible(await store.list("escalation", "system", { ...rangeBelow(system), limit }), parseEscalation);
}
