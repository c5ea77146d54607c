import {
  askedWords,
  concernedSystem,
  isSettlement,
  type Request,
  type Sealed,
  standingWords,
} from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import { agreeCommand } from "../domain/approvals/settle-rules.ts";
import { approveCommand } from "../domain/approvals/told-by-approver.ts";
import type { Approvers } from "../domain/approvals/who-could.ts";
import { type Block, type Card, type Column, mostButtons } from "../domain/messages/card.ts";
import { counted, span } from "../domain/text/quantities.ts";
import type { Listed } from "../domain/unreadable.ts";
import { approversCell } from "./approvers.ts";
import { unreadableBlocks } from "./unreadable.ts";

const columns: Column[] = ["Code", "What", "State", "Asked by", "Time left", "Can say yes"].map((title) => ({ title }));

interface Row {
  readonly request: Request;
  readonly sealed: Sealed;
  readonly approvers?: Approvers | undefined;
}

/** The open requests, oldest first, with a button that shows each of the first. Those that cannot be read may wait as well. */
export function requestsCard({ found: open, unreadable }: Listed<Row>, now: number): Card {
  if (open.length === 0 && unreadable.length === 0)
    return { tone: "good", title: "Nothing waits for a decision", blocks: [] };
  const rows = open.map(({ request, sealed, approvers }) => [
    request.code,
    askedWords(sealed, concernedSystem(sealed)),
    standingWords(request),
    sealed.requester.name,
    timeLeft(lapsesAt(request, sealed), now),
    approvers ? approversCell(approvers) : "",
  ]);
  return {
    tone: "warning",
    title: counted(open.length + unreadable.length, "open request"),
    blocks: [...(rows.length > 0 ? [{ kind: "table", columns, rows } as const] : []), ...unreadableBlocks(unreadable)],
    actions: open.slice(0, mostButtons).map(({ request }) => ({
      label: `Show ${request.code}`,
      command: "confirm show",
      args: { request: request.id },
    })),
  };
}

/** Those that wait for one person, of whom nobody knows which is meant, if any waits at all. */
export function yoursCard(yours: Listed<Row>, now: number): Card {
  const { found, unreadable } = yours;
  if (found.length === 0 && unreadable.length === 0)
    return { tone: "good", title: "Nothing waits for your decision", blocks: [] };
  return {
    ...requestsCard(yours, now),
    title: `${counted(found.length, "request")} ${found.length === 1 ? "waits" : "wait"} for your decision`,
    summary: "Nothing was decided. Say which: confirm approve or confirm deny with its code.",
  };
}

/** How this one is decided: a word that names no request does not. */
export function howToDecide({
  request: { code },
  sealed,
}: {
  readonly request: Request;
  readonly sealed: Sealed;
}): Block {
  const seen = isSettlement(sealed) ? agreeCommand(code) : approveCommand(code, sealed);
  const text = `Nothing was decided yet. This is what waits for you: its buttons decide, or as typed ${seen}, or confirm deny ${code} and why not.`;
  return { kind: "text", text, tone: "warning" };
}

function timeLeft(until: number | undefined, now: number): string {
  return until === undefined ? "" : span(until - now);
}
