import { z } from "zod";
import { isAboutHalting } from "../domain/approvals/halts.ts";
import { isOpen, isReducing, isUrgent, Request, Sealed } from "../domain/approvals/request.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import { UserError } from "../domain/failure.ts";
import { type Document, type Json, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { canonical, sha256 } from "./ids.ts";
import { eachLegible, legible } from "./legible.ts";
import { RequestFormat1, SealedFormat1, sealedFromFormat1 } from "./request-format-1.ts";
import { parseRun, runKey } from "./run.ts";

const StoredRequest = z.discriminatedUnion("format", [Request.extend({ format: z.literal(2) }), RequestFormat1]);
const SealedBytes = z.discriminatedUnion("format", [
  Sealed.extend({ format: z.literal("wardroom-request-2") }),
  SealedFormat1,
]);

/** A request as read, with its run, and the revisions that a change of either is based on; null is absent. */
export interface ReadRequest extends WholeRequest {
  readonly revision: string;
  readonly runRevision: string | null;
}

/** A request as it is listed: without its run, which stands in a document of its own. */
export type ListedRequest = Pick<ReadRequest, "request" | "sealed">;

export function requestKey(id: string): string {
  return `request/${id}`;
}

/** What is approved as canonical JSON (RFC 8785), with the hash that people approve. These bytes are never written again. */
export function sealBytes(sealed: Sealed): { readonly bytes: string; readonly digest: string } {
  const bytes = canonical({ format: "wardroom-request-2", ...sealed });
  return { bytes, digest: sha256(bytes) };
}

export async function readRequest(store: Store, id: string): Promise<ReadRequest | undefined> {
  const [document, runDocument] = await store.read([requestKey(id), runKey(id)]);
  if (!document) return undefined;
  const { request, sealed, run } = parseRequest(document);
  return {
    request,
    sealed,
    run: parseRun(runDocument) ?? run,
    revision: document.revision,
    runRevision: runDocument?.revision ?? null,
  };
}

/** What was parsed of values that nobody can change any more: stores keep long ones, and a run reads its request at every step. */
const parsed = new WeakMap<object, WholeRequest>();

/** Throws UnreadableRecord, also when the bytes under the digest are not what was approved: it was changed behind our back. */
export function parseRequest(document: Document): WholeRequest {
  const { value } = document;
  if (typeof value !== "object" || value === null || !Object.isFrozen(value)) return legible(document, wholeRequest);
  const known = parsed.get(value) ?? legible(document, wholeRequest);
  parsed.set(value, known);
  return known;
}

function wholeRequest(value: Json): WholeRequest {
  const stored = StoredRequest.parse(value);
  const { format: _, run, ...request } = stored.format === 1 ? stored : { ...stored, run: undefined };
  if (sha256(request.sealed) !== request.digest)
    throw new Error(`request ${request.code} does not match its digest; refusing to touch it`);
  return { request, sealed: parseSealed(request.sealed), run };
}

function parseSealed(bytes: string): Sealed {
  const stored = SealedBytes.parse(JSON.parse(bytes));
  if (stored.format === "wardroom-request-1") return sealedFromFormat1(stored);
  const { format: _, ...sealed } = stored;
  return sealed;
}

/**
 * By id, or by the code on its card, among those that may be known of: an open one before closed ones, and of those the newest.
 * Throws UserError when the code is the beginning of several open ones: a decision must never go to the wrong one.
 */
export async function findRequest(
  store: Store,
  idOrCode: string,
  mayKnowOf: (request: ListedRequest) => boolean,
): Promise<ReadRequest | undefined> {
  const byId = /^[0-9a-f]{32}$/.test(idOrCode) ? await readRequest(store, idOrCode) : undefined;
  if (byId) return mayKnowOf(byId) ? byId : undefined;
  const code = idOrCode.toUpperCase();
  const named = await store.list("request", "code", { from: code, to: `${code}~`, limit: 20 });
  // Of one that cannot be read nobody can say who may know of it.
  const found = eachLegible(named, parseRequest).found.filter(mayKnowOf);
  const open = found.filter(({ request }) => isOpen(request.state));
  if (open.length > 1)
    throw new UserError(
      `${idOrCode} names more than one open request.`,
      "Type the whole code on the card you mean, or use its button.",
    );
  const meant = open[0] ?? found.toSorted((a, b) => b.request.openedAt - a.request.openedAt)[0];
  return meant && readRequest(store, meant.request.id);
}

/** As many open requests as are looked through at a time: by the limits on asking more are hardly ever open. */
const mostOpen = 500;

/** Open requests, oldest first. */
export async function openRequests(store: Pick<Store, "list">, limit = mostOpen): Promise<Listed<ListedRequest>> {
  return eachLegible(await store.list("request", "open", { limit }), parseRequest);
}

/** More than so many are not looked through for what halted a system. */
const mostAboutHalting = 20;

/** Requests that halt a system or set it going, newest first; none of one that cannot be read. */
export async function requestsAboutHalting(store: Pick<Store, "list">, system: string): Promise<ListedRequest[]> {
  const within = { from: `${system}/`, to: `${system}/~`, reverse: true, limit: mostAboutHalting };
  return [...eachLegible(await store.list("request", "halting", within), parseRequest).found];
}

/** How long a request may have waited before what it set going, in ms, and how many of them are looked through. */
const waitsAtMost = 24 * 3_600_000;
const mostSince = 100;

/** More than so many are not looked through for what one may undo or do again. */
const mostUntil = 50;

/** Requests that set a system going or halt it, from a day before a time on, oldest first; none of one that cannot be read. */
export async function requestsAboutHaltingSince(
  store: Pick<Store, "list">,
  system: string,
  since: number,
): Promise<readonly ListedRequest[]> {
  const from = `${system}/${sortable(Math.max(0, since - waitsAtMost))}`;
  const listed = await store.list("request", "halting", { from, to: `${system}/~`, limit: mostSince });
  return eachLegible(listed, parseRequest).found;
}

/** Requests of a system that were opened from a time on, oldest first; none of one that cannot be read. */
export async function requestsOfSystemSince(
  store: Pick<Store, "list">,
  system: string,
  since: number,
): Promise<readonly ListedRequest[]> {
  const within = { from: `${system}/${sortable(since)}`, to: `${system}/~`, limit: mostSince };
  return eachLegible(await store.list("request", "of", within), parseRequest).found;
}

/** The newest requests of a system that were opened until a time, newest first; none of one that cannot be read. */
export async function requestsOfSystemUntil(
  store: Pick<Store, "list">,
  system: string,
  until: number,
): Promise<readonly ListedRequest[]> {
  const within = { from: `${system}/`, to: `${system}/${sortable(until)}~`, reverse: true, limit: mostUntil };
  return eachLegible(await store.list("request", "of", within), parseRequest).found;
}

/** The document of a request; closed ones leave the index of open ones. */
export function putRequest(request: Request, sealed: Pick<Sealed, "system" | "permission" | "direction">): Put {
  const openedAt = sortable(request.openedAt);
  return {
    key: requestKey(request.id),
    value: { format: 2, ...request },
    index: {
      code: request.code,
      openedAt,
      of: `${sealed.system}/${openedAt}`,
      ...(isOpen(request.state) && { open: openedAt }),
      ...(isAboutHalting(sealed) && { halting: `${sealed.system}/${openedAt}` }),
    },
  };
}

/** Queues of runs to start and go on with, of deadlines to enforce and of unknown outcomes to look up. */
export const runQueues = { urgent: "runs/urgent", reducing: "runs/reducing", ordinary: "runs" } as const;

/** The queue that a request waits in: nothing stands behind what can wait longer. */
export function runQueue(sealed: Sealed): string {
  if (isUrgent(sealed)) return runQueues.urgent;
  return isReducing(sealed) ? runQueues.reducing : runQueues.ordinary;
}
