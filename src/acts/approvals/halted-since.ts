import { askAgainWords } from "../../domain/approvals/ask-again.ts";
import { mayRevive } from "../../domain/approvals/halts.ts";
import { askedWords, type Request, type Sealed } from "../../domain/approvals/request.ts";
import { invalidate } from "../../domain/approvals/request-rules.ts";
import { nobody } from "../../domain/journal.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { lastHaltKey, putLastHalt, readLastHalt } from "../../records/last-halt.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { openRequests, type ReadRequest, readRequest, runQueues } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { mostOpen } from "./end-outdated.ts";
import { stateCommit } from "./state-commit.ts";

/** What came over a request that may set its system going; nothing of any other request. */
export interface HaltedSince {
  /** What halted or replaced the system after it was asked, as a sentence. Then no yes counts, and no act of it is begun. */
  readonly why: string | undefined;
  /** How the request ends by that, where it still waits. */
  readonly over: { readonly request: Request; readonly kind: "invalidated" } | undefined;
  /** For the commit that relies on nothing having come: a stop pressed just then makes it be judged anew. */
  readonly expect: Readonly<Record<string, string | null>>;
}

/** What has halted a system since this was asked, read as it stands now. */
export async function haltedSince(
  store: Store,
  { request, sealed }: Pick<ReadRequest, "request" | "sealed">,
  now: number,
): Promise<HaltedSince> {
  if (!mayRevive(sealed)) return { why: undefined, over: undefined, expect: {} };
  const { revision, request: id } = await readLastHalt(store, sealed.system);
  const expect = { [lastHaltKey(sealed.system)]: revision };
  if (revision === sealed.lastHalt) return { why: undefined, over: undefined, expect };
  const why = sealed.lastHalt === undefined ? askedBefore : await cameAfter(store, id);
  const words = `${why} So it is over; nothing was run. ${askAgainWords(request, sealed)}`;
  const ended = invalidate(request, words, now);
  return { why, over: ended.ok ? { request: ended.request, kind: "invalidated" } : undefined, expect };
}

const askedBefore = "It was asked of an earlier release, which did not write down what came after it.";

async function cameAfter(store: Store, id: string | undefined): Promise<string> {
  const halt = id === undefined ? undefined : await readRequest(store, id).catch(nothingUnreadable);
  if (!halt) return "Its system was halted or replaced after this was asked.";
  const { code } = halt.request;
  return `${askedWords(halt.sealed)} by ${halt.sealed.requester.name} (request ${code}) came after this was asked.`;
}

/** What a commit has besides that begins what halts or replaces a system: it is on record, and those asked before it end soon. */
export function haltPart(
  { id, system }: Pick<Sealed, "id" | "system">,
  now: number,
): Required<Pick<Commit, "put" | "timers">> {
  return { put: [putLastHalt(system, id)], timers: [haltedTimer(system, now)] };
}

/** Ending those takes a look at each, which whoever presses a stop does not wait for. */
function haltedTimer(system: string, due: number): Owed {
  return { queue: runQueues.reducing, id: `halted:${system}`, due, body: { kind: "halted", system } };
}

/**
 * Ends whatever waits, may set this system going, and was asked before what halted it last. None is missed that is being opened
 * meanwhile: an opening expects what it has read of that.
 */
export async function endHalted(store: Store, system: string): Promise<void> {
  const { found } = await openRequests(store, mostOpen);
  const waiting = found.filter(({ sealed }) => sealed.system === system && mayRevive(sealed));
  for (const { request } of waiting) await endIfHalted(store, request.id);
}

async function endIfHalted(store: Store, id: string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, id).catch(nothingUnreadable);
    const over = read && (await haltedSince(store, read, now)).over;
    if (!read || !over) return { result: undefined };
    const details = { why: over.request.why };
    return { result: undefined, commit: await stateCommit(store, read, { ...over, now, who: nobody, details }) };
  });
}
