import { abortersWords, isAbortable } from "../domain/approvals/abort-rules.ts";
import { restsOn } from "../domain/approvals/predecessor.ts";
import { isWaiting, requestWords } from "../domain/approvals/request.ts";
import type { Run, ShownRequest, WholeRequest } from "../domain/approvals/run.ts";
import { isSettleable } from "../domain/approvals/settle-rules.ts";
import { isInverse } from "../domain/approvals/undoing.ts";
import type { Block } from "../domain/messages/card.ts";
import { counted } from "../domain/text/quantities.ts";
import { heldWords, settleFrom, waysOutWords } from "./settling.ts";
import { warningBlock } from "./warning-block.ts";

/** A card is read on a phone; of more than these only the number is said. */
const mostHolders = 3;

/** What a yes would have it wait for, for those who are to give it: whose run holds what it concerns, since when, and why. */
export function behindBlocks({
  request,
  sealed,
  behind,
}: Pick<ShownRequest, "request" | "sealed" | "behind">): Block[] {
  if (!behind || !isWaiting(request.state)) return [];
  const isApproved = request.state === "APPROVED";
  const waits = isApproved ? "It waits" : "Approved now, it would wait";
  const { holders, unread } = behind;
  const more = holders.length - mostHolders;
  return [
    ...holders.slice(0, mostHolders).flatMap((holder) => holderBlocks(holder, { waits, sealed })),
    ...(more > 0
      ? [
          warningBlock(
            `${isApproved ? "It waits" : "It would wait"} for ${counted(more, "more request")}, too: confirm list`,
          ),
        ]
      : []),
    ...(unread
      ? [
          warningBlock(
            `What holds ${sealed.system} cannot be read: ${isApproved ? "it waits" : "approved now, it would wait"} until it can.`,
          ),
        ]
      : []),
  ];
}

function holderBlocks(
  holder: WholeRequest,
  asked: { readonly waits: string; readonly sealed: ShownRequest["sealed"] },
): Block[] {
  const { request, sealed } = holder;
  const words = `${asked.waits} for ${requestWords(holder)}, which holds ${heldWords(sealed)}.`;
  return [
    warningBlock(`${words} ${waitWords(holder)}${afterwardsWords(asked.sealed, sealed)}`.trim()),
    { kind: "moment", label: `${request.code} stands so since`, at: request.stateAt },
    ...settleFrom(holder),
  ];
}

/** What becomes of what waits once that has ended. */
function afterwardsWords(asked: ShownRequest["sealed"], first: ShownRequest["sealed"]): string {
  if (isInverse(asked, first))
    return " This undoes that, and starts by itself as soon as that has ended or is aborted.";
  return restsOn(asked, first)
    ? " Unless that ends as done, this ends without being run, and is to be asked for again."
    : "";
}

/** What the holder itself waits for, as far as it is known, and the command that ends that. */
function waitWords(holder: WholeRequest): string {
  const { request, run } = holder;
  if (request.state === "EXECUTING") return run ? `${stepAtWords("That", run)} ${endWords(holder)}` : endWords(holder);
  return isSettleable(request.state) ? waysOutWords(holder) : "";
}

function endWords(holder: WholeRequest): string {
  const { code } = holder.request;
  const who = abortersWords(holder);
  return isAbortable(holder) && who !== ""
    ? `${who} can end that: confirm abort ${code}.`
    : `Who can end that: confirm who ${code}.`;
}

/** Where a run stands, of which `subject` tells: `It is at step 2 of 5, Pull the images.` */
export function stepAtWords(subject: "It" | "That", { steps }: Run): string {
  const place = steps.findIndex(({ state }) => state === "started" || state === "planned");
  const step = steps[place];
  if (!step) return "Its steps are done.";
  const detail = step.lookedAt === undefined || step.detail === undefined ? "" : ` (${step.detail})`;
  return `${subject} is at step ${place + 1} of ${steps.length}, ${step.title}${detail}.`;
}
