import { askAgainWords } from "../../domain/approvals/ask-again.ts";
import { mayRevive } from "../../domain/approvals/halts.ts";
import { askedWords, type EndedUndecided, type Sealed } from "../../domain/approvals/request.ts";
import { invalidated } from "../../domain/approvals/request-rules.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { lastHaltKey, putLastHalt, readLastHalt } from "../../records/last-halt.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { type ReadRequest, readRequest, runQueues } from "../../records/request.ts";
import { endWaiting } from "./end-waiting.ts";

/** What came over a request that may set its system going; nothing of any other request. */
export interface HaltedSince {
  /** What halted or replaced the system after it was asked, as a sentence. Then no yes counts, and no act of it is begun. */
  readonly why: string | undefined;
  /** How the request ends by that, where it still waits. */
  readonly over: EndedUndecided | undefined;
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
  return { why, over: invalidated(request, words, now), expect };
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
  await endWaiting(
    store,
    ({ sealed }) => sealed.system === system && mayRevive(sealed),
    async (read, now) => (await haltedSince(store, read, now)).over,
  );
}
