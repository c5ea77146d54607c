import { concernedSystem, type Request, type Sealed, stateWords } from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import { type Card, type Column, mostButtons } from "../domain/messages/card.ts";

const columns: Column[] = ["Code", "What", "State", "Asked by", "Time left"].map((title) => ({ title }));
/** The open requests, oldest first, with a button that shows each of the first. */
export function requestsCard(
  open: readonly { readonly request: Request; readonly sealed: Sealed }[],
  now: number,
): Card {
  if (open.length === 0) return { tone: "good", title: "Nothing waits for a decision", blocks: [] };
  const rows = open.map(({ request, sealed }) => [
    request.code,
    `${sealed.operation} ${concernedSystem(sealed)}`,
    stateWords(request.state),
    sealed.requester.name,
    timeLeft(lapsesAt(request, sealed), now),
  ]);
  return {
    tone: "warning",
    title: `${open.length} open request${open.length === 1 ? "" : "s"}`,
    blocks: [{ kind: "table", columns, rows }],
    actions: open.slice(0, mostButtons).map(({ request }) => ({
      label: `Show ${request.code}`,
      command: "confirm show",
      args: { request: request.id },
    })),
  };
}

function timeLeft(until: number | undefined, now: number): string {
  if (until === undefined) return "";
  const seconds = Math.max(0, Math.floor((until - now) / 1_000));
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
}
