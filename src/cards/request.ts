import { abortersWords, isAbortable } from "../domain/approvals/abort-rules.ts";
import { type EndedRequest, isPolicyChange, isWaitingPolicyChange } from "../domain/approvals/ended-by.ts";
import { mayUndo, notReadBack } from "../domain/approvals/insist.ts";
import { allSteps, type PlannedStep } from "../domain/approvals/plan.ts";
import { positionsOf } from "../domain/approvals/readings.ts";
import type { Request, RequestState, Sealed } from "../domain/approvals/request.ts";
import {
  askedWords,
  fallbackAsking,
  inverseAsking,
  isOpen,
  isOpenedByItself,
  isSettlement,
  isUrgent,
  standingApprovals,
  standingWords,
} from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import type { Run, ShownRequest, StepRecord, WholeRequest } from "../domain/approvals/run.ts";
import { agreeCommand, isSettleable } from "../domain/approvals/settle-rules.ts";
import { isUndoable, mayBeUndone } from "../domain/approvals/undoing.ts";
import type { Block, Card, CardAction, Tone } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import { shortDigests } from "../domain/text/digests.ts";
import { counted, span } from "../domain/text/quantities.ts";
import { approversWords } from "./approvers.ts";
import { behindBlocks, stepAtWords } from "./behind.ts";
import { changeLines } from "./change-lines.ts";
import { doneBeforeBlocks, meanwhileBlocks } from "./done-before.ts";
import { nextBlocks, undoneWords } from "./next-steps.ts";
import {
  briefInverseBlock,
  briefStepWords,
  type Extent,
  haltedBlocks,
  inverseBlock,
  planFields,
  positionsBlocks,
  stepWords,
} from "./plan.ts";
import { lockWords, settledBlocks, settlingBlocks } from "./settling.ts";
import { withShortDigests } from "./short-digests.ts";
import { leftBlocks, stoodBlocks, watchingBlocks } from "./stood.ts";
import { settledWaitingBlocks } from "./waiting.ts";

const tones: Record<RequestState, Tone> = {
  PENDING: "warning",
  APPROVED: "warning",
  EXECUTING: "warning",
  SUCCEEDED: "good",
  FAILED: "bad",
  PARTIAL: "bad",
  UNKNOWN: "unknown",
  DENIED: "neutral",
  CANCELLED: "neutral",
  EXPIRED: "neutral",
  INVALIDATED: "bad",
};

/** The card of a request: a function of what is stored, so that every copy says the same. */
export function requestCard(shown: ShownRequest, extent: Extent = "brief"): Card {
  const { request, sealed, run } = shown;
  const undone = undoneWords(shown);
  return {
    tone: toneOf(shown),
    title: `${askedWords(sealed, sealed.systemTitle)}: ${standingWords(request)}`,
    summary: shortDigests(`${undone === undefined ? "" : `${undone} `}${summary({ request, sealed, run })}`),
    blocks: [...readBlocks(shown, extent).map(withShortDigests), ...undoBlock(shown, extent), ...nextBlocks(shown)],
    ...actions({ request, sealed, run }),
    footer: `Request ${request.code}. The full plan: confirm show ${request.code}${receipt(run)}`,
  };
}

/** What of it is read; what is typed comes after it. */
function readBlocks(shown: ShownRequest, extent: Extent): Block[] {
  const { request, sealed, run } = shown;
  return [
    ...reasonBlock(request, sealed),
    // Where it is wanted nobody should have to look for it.
    ...fallbackBlock({ request, sealed, run }),
    ...haltedBlocks(sealed, request.openedAt),
    ...doneBeforeBlocks(shown),
    ...meanwhileBlocks(shown),
    ...watchingBlocks(shown),
    ...behindBlocks(shown),
    ...settlesBlock(sealed),
    ...settledWaitingBlocks(shown),
    ...changesBlock(request, sealed),
    ...endsBlocks(shown),
    ...deniedChangeBlock(shown),
    { kind: "fields", fields: fields(shown, extent) },
    ...deadline(request, sealed),
    ...leftBlocks(shown),
    ...stoodBlocks(request, sealed),
    ...sealed.readings.flatMap((reading) => positionsBlocks(positionsOf(reading))),
    stepsBlock({ request, sealed, run }, extent),
    ...abortBlock({ request, sealed, run }),
    ...decisionsBlock(request),
    ...settlingBlocks(shown),
    ...settledBlocks(request, sealed),
  ];
}

/** What speaks against what people say is never good news, nor a neutral one. */
function toneOf({ request, sealed }: WholeRequest): Tone {
  const against = (sealed.settles?.against ?? []).length > 0;
  if (request.undoneBy !== undefined) return "neutral";
  if (request.settledAgainst || (against && (isOpen(request.state) || request.state === "SUCCEEDED"))) return "bad";
  return tones[request.state];
}

/** Where the journal stood when the run ended, as `wardroom audit verify --head` takes it. */
function receipt(run: Run | undefined): string {
  const head = run?.journalHead;
  return head === undefined ? "" : `. Journal ${head.seq}:${head.hash.slice(0, 16)}`;
}

function summary({ request, sealed, run }: WholeRequest): string {
  const past = request.wentPast === undefined ? "" : ` It went past ${request.wentPast}.`;
  const open = notKnown({ request, sealed, run });
  if (open !== undefined) return `${open}${past}`;
  const undoing = request.state === "EXECUTING" && run ? mayUndo(run) : undefined;
  if (undoing !== undefined)
    return `It is read back: ${sealed.systemTitle} is ${haltedWord(sealed)} now. But ${undoing} was sent before it and may still undo it, so this is read on until that has ended, and sent again at once if it no longer holds.${past}`;
  if (isUrgent(sealed) && (request.state === "APPROVED" || request.state === "EXECUTING"))
    return `It is being sent. ${sealed.systemTitle} counts as ${haltedWord(sealed)} only once this says done: confirm show ${request.code}.${past}`;
  if (past !== "") return `${request.why}${past}`;
  const undone = sealed.plan.inverse && isUndoable(request, run) ? "but what undoes it" : "else";
  if (request.state === "UNKNOWN")
    return `${request.why} Wardroom keeps looking; nothing ${undone} runs on ${lockWords(request, sealed)} until it is known.`;
  if (request.state === "PARTIAL")
    return `${request.why} Nothing ${undone} runs on ${lockWords(request, sealed)} until this is ${sealed.plan.inverse ? "undone or settled" : "settled"}.`;
  if (request.state === "APPROVED" && request.heldUp !== undefined) return `${request.why} It waits ${request.heldUp}.`;
  if (request.state === "EXECUTING" && run) return `Running. ${stepAtWords("It", run)}`;
  if (request.state !== "PENDING") return request.why;
  const need = needWords(sealed.policy.alternatives);
  if (isSettlement(sealed))
    return `${againstWords(sealed)}${sealed.requester.name} looked and says so. ${need} who looked, too, must say yes: ${agreeCommand(request.code)}.${progress(request, sealed)}`;
  return `${sealed.requester.name} asks. ${need} must say yes before it runs.${progress(request, sealed)}`;
}

/** What whoever agrees to a settlement has to know before anything else. */
function againstWords({ settles }: Sealed): string {
  const { against = [], outcome = "" } = settles ?? {};
  if (against.length === 0) return "";
  return `Wardroom itself reads OTHERWISE than ${outcome}: ${against.join("; ")}. Agree only to what you saw with your own eyes. `;
}

/** How many have said yes of as many as it takes, and who; nothing before the first. */
function progress(request: Request, { policy }: Sealed): string {
  const given = standingApprovals(request).map(({ name }) => name);
  if (given.length === 0) return "";
  const needed = policy.alternatives.map((slots) => slots.reduce((sum, { count }) => sum + count, 0));
  const sizes = [...new Set(needed)].toSorted((a, b) => a - b);
  return ` ${given.length} of ${sizes.join(" or ")} said yes: ${given.join(", ")}.`;
}

/** Of what is sent until it is read back: why it is not, and what becomes of it. Undefined while nothing has failed. */
function notKnown({ request, sealed, run }: WholeRequest): string | undefined {
  const open = request.settledBy === undefined && run && notReadBack(run);
  if (!open || !(request.state === "EXECUTING" || request.state === "UNKNOWN" || request.state === "FAILED"))
    return undefined;
  const step = allSteps(sealed.plan).find(({ id }) => id === open.id);
  const what = step === undefined || step.description === "" ? open.title : `${open.title} (${step.description})`;
  const goesOn =
    request.state === "EXECUTING"
      ? `It was tried ${timesWords(open.tries ?? 1)} and is sent again until that is read back.`
      : "It is no longer sent: ask for it again, or do it by hand.";
  return `${what}: ${open.detail ?? "no answer yet"}. ${sealed.systemTitle} is NOT known to be ${haltedWord(sealed)}. ${goesOn}`;
}

function timesWords(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

function haltedWord({ permission }: Sealed): string {
  return permission === "stop" ? "stopped" : "done";
}

/** What else there is where the target does not answer. */
function fallbackBlock({ request, sealed, run }: WholeRequest): Block[] {
  const { fallback } = sealed.plan;
  if (!fallback || !isWanting({ request, sealed, run })) return [];
  const press = fallback.operation === undefined ? [] : [`run ${sealed.system} ${fallback.operation}.`];
  const hand = fallback.text === undefined ? [] : [fallback.text];
  return [{ kind: "text", text: `Fallback: ${[...press, ...hand].join(" ")}`, tone: "warning" }];
}

/** Is it not known to have done what it was for, and nobody said otherwise? Of what is urgent: also while it is sent. */
function isWanting(read: WholeRequest): boolean {
  const { state, settledBy } = read.request;
  if (read.run?.insists) return notKnown(read) !== undefined;
  if (read.request.undoneBy !== undefined) return false;
  return settledBy === undefined && (state === "UNKNOWN" || state === "PARTIAL" || state === "FAILED");
}

/** Whom a change of people and rules gives more and whom less, and in what it changes them. */
function changesBlock({ code }: Request, { changes = [], effects = [] }: Sealed): Block[] {
  const rest = `confirm show ${code} has them all in a file`;
  const who: Block[] = [
    { kind: "text", text: "Who may do more by it, and who less:" },
    changeLines(effects, rest, mostEffects),
    { kind: "text", text: "The changes:" },
  ];
  return [...(effects.length === 0 ? [] : who), ...(changes.length === 0 ? [] : [changeLines(changes, rest)])];
}

/** A card is read on a phone. */
const mostEffects = 10;

/** What else it ends, for those who agree to know before they do. */
function endsBlocks(shown: ShownRequest): Block[] {
  const { ends = [] } = shown;
  if (!isWaitingPolicyChange(shown)) return [];
  if (ends.length === 0) return [{ kind: "text", text: "No open request ends by it." }];
  const text = `Agreeing also ends ${counted(ends.length, "open request")}, each without being run; to be asked for again under the new rules:`;
  const items = ends.slice(0, mostEnds).map((each) => ({ text: endedWords(each) }));
  const more = ends.length - items.length;
  return [
    { kind: "text", text },
    { kind: "list", items: more > 0 ? [...items, { text: `and ${more} more: confirm list` }] : items },
  ];
}

/** A no changes no file: whoever said it has to know that what they refused is not gone. */
function deniedChangeBlock({ request, sealed }: ShownRequest): Block[] {
  if (request.state !== "DENIED" || !isPolicyChange(sealed)) return [];
  const text =
    "The people and rules in force rule on. A no changes no file: the files hold this until somebody takes it out of them. It is asked for again when they change, or by wardroom reload.";
  return [{ kind: "text", text }];
}

/** More than so many are looked up where all open requests are. */
const mostEnds = 10;

function endedWords({ request, sealed, known }: EndedRequest): string {
  const { code } = request;
  if (!known) return `${code}: on a system that not everybody who sees this may read; who may: confirm show ${code}`;
  const asked = `${code}: ${askedWords(sealed, sealed.systemTitle)}, ${standingWords(request)}, asked by ${sealed.requester.name}`;
  return request.follows === undefined ? asked : `${asked}; Wardroom asks for it anew by itself`;
}

function reasonBlock({ reason }: Request, sealed: Sealed): Block[] {
  if (!reason) return [];
  return [{ kind: "text", text: `${isSettlement(sealed) ? `${sealed.requester.name} saw` : "Reason"}: ${reason}` }];
}

/** How what is settled stood when it was asked: what whoever agrees has to look for. */
function settlesBlock({ settles }: Sealed): Block[] {
  if (!settles) return [];
  return [
    { kind: "text", text: `How ${settles.operation} ${settles.code} stood when this was asked:` },
    { kind: "list", items: settles.stands.map((text) => ({ text })) },
    { kind: "text", text: `How it stands now: confirm show ${settles.code}` },
  ];
}

function fields({ request, sealed, approvers }: ShownRequest, extent: Extent): { name: string; value: string }[] {
  return [
    ...planFields(sealed, extent),
    { name: "Asked by", value: sealed.requester.name },
    ...(approvers ? [{ name: "Can say yes", value: approversWords(approvers, request) }] : []),
    { name: "Code", value: request.code },
  ];
}

/** What is over says when it ended, what waits how long it does. */
function deadline(request: Request, sealed: Sealed): Block[] {
  if (!isOpen(request.state)) return [{ kind: "moment", label: "Ended", at: request.stateAt }];
  const at = lapsesAt(request, sealed);
  return at === undefined
    ? []
    : [{ kind: "moment", label: request.state === "PENDING" ? "Decide before" : "Starts before", at }];
}

function stepsBlock({ request, sealed, run }: WholeRequest, extent: Extent): Block {
  const records = new Map((run?.steps ?? []).map((step) => [step.id, step]));
  const over = request.state !== "EXECUTING";
  const all = allSteps(sealed.plan);
  const words = extent === "whole" ? stepWords : briefStepWords;
  const items = all.map((step) => stepItem(words(step, all), records.get(step.id), { step, over }));
  return { kind: "list", ordered: true, items };
}

function stepItem(
  what: string,
  record: StepRecord | undefined,
  { step, over }: { readonly step: PlannedStep; readonly over: boolean },
): { readonly text: string; readonly tone?: Tone } {
  if (!record) return { text: what };
  if (record.state === "planned") return { text: over ? `${what}, not begun` : what };
  if (record.held) return { text: `${what}, read back, and read on: ${record.detail ?? ""}`, tone: "good" };
  if (record.lookedAt !== undefined && record.at !== undefined) {
    const elapsed = `${span(record.lookedAt - record.at)} of at most ${span(step.budgetMs)}`;
    return { text: `${what}, waiting for ${elapsed}: ${record.detail ?? ""}`, tone: "warning" };
  }
  if (record.state === "started" && record.printed && !over)
    return { text: `${what}, ${runningWords(record.printed, step.budgetMs)}`, tone: "warning" };
  const detail = record.detail ? `: ${record.detail}` : "";
  const tone = { started: "warning", done: "good", refused: "bad", unknown: "unknown" } as const;
  const unheard = record.printed ? `. ${unheardWords(record.printed)}` : "";
  return { text: `${what}, ${record.state}${detail}${unheard}`, tone: tone[record.state] };
}

type Printed = NonNullable<StepRecord["printed"]>;

function runningWords({ text, elapsedMs }: Printed, budgetMs: number): string {
  const said = text === "" ? ", nothing printed yet" : `: ${text}`;
  return `running for ${span(elapsedMs)} of at most ${span(budgetMs)}${said}`;
}

/** Of what ran in a process that is gone: the last that is known of it. */
function unheardWords({ text, elapsedMs }: Printed): string {
  const said = text === "" ? "nothing" : text;
  return `After ${span(elapsedMs)} it had printed: ${said}. What it prints is no longer followed`;
}

/** Who may end the wait, while it waits. */
function abortBlock(read: WholeRequest): Block[] {
  if (!isAbortable(read)) return [];
  const text = `${abortersWords(read)} can end the wait: confirm abort ${read.request.code}. What was not begun is then not done.`;
  return [{ kind: "text", text }];
}

function decisionsBlock(request: Request): Block[] {
  const standing = standingApprovals(request).map(
    ({ name, seen }) => `Approved by ${name}${seen === undefined ? "" : `, who saw: ${seen}`}`,
  );
  const others = request.decisions.flatMap((decision) => {
    if (decision.verdict === "deny") return [`Denied by ${decision.name}`];
    return decision.withdrawnAt === undefined ? [] : [`${decision.name} approved and withdrew`];
  });
  const lines = [...standing, ...others];
  return lines.length > 0 ? [{ kind: "list", items: lines.map((text) => ({ text })) }] : [];
}

function actions({ request, sealed, run }: WholeRequest): { actions?: readonly CardAction[] } {
  const act = (
    verb: "approve" | "deny" | "withdraw" | "cancel" | "abort",
    label: string,
    style: CardAction["style"] = "default",
  ): CardAction => ({
    id: request.buttons[verb] ?? "",
    label,
    style,
    command: `confirm ${verb}`,
    args: { request: request.id, digest: request.digest },
  });
  if (request.state === "PENDING")
    return {
      actions: [
        act("approve", "Approve", "primary"),
        act("deny", "Deny", "danger"),
        ...(isOpenedByItself(sealed) ? [] : [act("cancel", "Cancel")]),
      ],
    };
  if (request.state === "APPROVED") return { actions: [act("deny", "Stop it", "danger"), act("withdraw", "Withdraw")] };
  if (request.buttons.abort !== undefined && isAbortable({ request, sealed, run }))
    return { actions: [act("abort", "Abort", "danger")] };
  const open = [
    ...fallbackAction({ request, sealed, run }),
    ...settleAction(request),
    ...undoAction({ request, sealed, run }),
  ];
  return open.length > 0 ? { actions: open } : {};
}

/** It asks for the operation that undoes this one, as anybody would type it: at its own risk, with its own approvals. */
function undoAction({ request, sealed, run }: WholeRequest): CardAction[] {
  const { undo } = request.buttons;
  const offered = inverseAsking(request, sealed);
  if (undo === undefined || !offered || !mayBeUndone(request)) return [];
  if (request.state !== "SUCCEEDED" && !isUndoable(request, run)) return [];
  return [{ id: undo, label: "Undo", ...offered }];
}

/** As it is typed, while there is or may come to be something to undo. */
function undoBlock({ request, sealed }: WholeRequest, extent: Extent): Block[] {
  const isOrMayBeDone = isOpen(request.state) || request.state === "SUCCEEDED";
  if (!isOrMayBeDone || !mayBeUndone(request)) return [];
  return extent === "whole" ? inverseBlock(sealed) : briefInverseBlock(request, sealed);
}

function fallbackAction({ request, sealed, run }: WholeRequest): CardAction[] {
  const { fallback } = request.buttons;
  const offered = fallbackAsking(request, sealed);
  if (fallback === undefined || !offered || notKnown({ request, sealed, run }) === undefined) return [];
  return [{ id: fallback, label: `Fallback: ${offered.args["operation"]}`, style: "danger", ...offered }];
}

function settleAction({ id, state, buttons: { settle } }: Request): CardAction[] {
  if (!isSettleable(state) || settle === undefined) return [];
  return [{ id: settle, label: "Settle…", command: "confirm settle", args: { request: id } }];
}
