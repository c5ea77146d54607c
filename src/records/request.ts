import { isOpen, Request, Sealed } from "../domain/approvals/request.ts";
import { UserError } from "../domain/failure.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { sha256 } from "./ids.ts";

/** A request as read, with what its digest covers. */
export interface ReadRequest {
  readonly request: Request;
  readonly sealed: Sealed;
  readonly revision: string;
}

export function requestKey(id: string): string {
  return `request/${id}`;
}

/** Throws when the bytes under the digest are not what was approved: the record was changed behind our back. */
export function parseRequest(document: Document): ReadRequest {
  const request = Request.parse(document.value);
  if (sha256(request.sealed) !== request.digest)
    throw new Error(`request ${request.code} does not match its digest; refusing to touch it`);
  return { request, sealed: Sealed.parse(JSON.parse(request.sealed)), revision: document.revision };
}

export async function readRequest(store: Store, id: string): Promise<ReadRequest | undefined> {
  const [document] = await store.read([requestKey(id)]);
  return document && parseRequest(document);
}

/** As `parseRequest`, for lists: a record that was changed behind our back hides no other. */
function intactRequests(documents: readonly Document[]): ReadRequest[] {
  return documents.flatMap((document) => {
    try {
      return [parseRequest(document)];
    } catch {
      return [];
    }
  });
}

/**
 * By id, or by the code on its card: an open one before closed ones, and of those the newest. Throws UserError when the
 * code is the beginning of several open ones: a decision must never go to the wrong one.
 */
export async function findRequest(store: Store, idOrCode: string): Promise<ReadRequest | undefined> {
  const byId = /^[0-9a-f]{32}$/.test(idOrCode) ? await readRequest(store, idOrCode) : undefined;
  if (byId) return byId;
  const code = idOrCode.toUpperCase();
  const found = intactRequests(await store.list("request", "code", { from: code, to: `${code}~`, limit: 20 }));
  const open = found.filter(({ request }) => isOpen(request.state));
  if (open.length > 1)
    throw new UserError(`${idOrCode} names more than one open request.`, "Use the button on the card you mean.");
  return open[0] ?? found.toSorted((a, b) => b.request.openedAt - a.request.openedAt)[0];
}

/** Open requests, oldest first. */
export async function openRequests(store: Store, limit = 100): Promise<ReadRequest[]> {
  return intactRequests(await store.list("request", "open", { limit }));
}

/** The document of a request; closed ones leave the index of open ones. */
export function putRequest(request: Request): Put {
  const open: Record<string, string> = isOpen(request.state) ? { open: sortable(request.openedAt) } : {};
  return {
    key: requestKey(request.id),
    value: request,
    index: { code: request.code, openedAt: sortable(request.openedAt), ...open },
  };
}

/** The queue of runs to start, deadlines to enforce and unknown outcomes to look up. */
export const runQueue = "runs";
