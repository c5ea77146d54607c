import { halts, mayRevive } from "../../domain/approvals/halts.ts";
import { requestWords, type Sealed } from "../../domain/approvals/request.ts";
import type { StepRecord } from "../../domain/approvals/run.ts";
import { mayStillAct } from "../../domain/approvals/run-verdict.ts";
import type { Store } from "../../domain/store.ts";
import type { StepEnd } from "../../domain/systems/steps.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { readLock } from "../../records/lock.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { haltedSince } from "./halted-since.ts";
import type { HaltLook } from "./record-run.ts";

/**
 * What was sent before a stop of its system, and may still set that going after the stop was read back, in words; undefined where
 * nothing may, and for what halts nothing. Once a stop is on record nothing that was asked before it is begun, so that a look which
 * began after nothing was left may be believed.
 */
export async function mayUndoHalt(store: Store, halt: Sealed): Promise<string | undefined> {
  if (!halts(halt)) return undefined;
  // Whatever may still act holds what it concerns: a lock that cannot be read holds up no stop.
  const read = await readLock(store, halt.system).catch(nothingUnreadable);
  const holders = await Promise.all(
    (read?.lock?.holders ?? []).map(({ request }) => readRequest(store, request).catch(nothingUnreadable)),
  );
  const out = holders.flatMap((each) => (each && mayRevive(each.sealed) && mayLand(each) ? [each] : []));
  const now = await store.now();
  const halted = await Promise.all(out.map((each) => haltedSince(store, each, now)));
  const before = out.filter((_, place) => halted[place]?.why !== undefined);
  return before.length === 0 ? undefined : before.map(requestWords).join(" and ");
}

/**
 * Of what is under way also what is only read any more: a target may take a call and follow it later. Once that is over, what it
 * confirmed has landed, and that it does not show is the stop's doing.
 */
function mayLand({ request, run }: ReadRequest): boolean {
  if (request.state === "EXECUTING") return true;
  return request.state === "UNKNOWN" && run !== undefined && mayStillAct(run);
}

/**
 * What a step of a stop begins with, read before it: what ends while it is read may have come after it. Undefined for what a later
 * reading tells of.
 */
export async function lookAtHalt(
  store: Store,
  halt: Sealed,
  { reads, record: { held, progress } }: { readonly reads: boolean; readonly record: StepRecord },
): Promise<HaltLook | undefined> {
  if (!reads && halt.plan.verify.length > 0) return undefined;
  return { mayUndo: await mayUndoHalt(store, halt), reads, held: held !== undefined, progress };
}

/** What was read back of a stop says nothing for as long as something may undo it. */
export function believed(outcome: StepEnd, mayUndo: string | undefined): StepEnd {
  if (outcome.outcome !== "done" || mayUndo === undefined) return outcome;
  return { outcome: "unknown", detail: `${outcome.detail}, but ${mayUndo} may still undo it` };
}
