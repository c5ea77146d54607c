import type { Firing } from "../domain/alerts/firing.ts";
import type { SealedPositions } from "../domain/approvals/readings.ts";
import { isOpen, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Block, ListItem } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import type { PortfolioState } from "../domain/systems/portfolio.ts";
import type { Reading } from "../domain/systems/reading.ts";
import { clock } from "../domain/text/moment.ts";
import { firingItems, firingTitle } from "./alerts.ts";
import { positionsBlocks } from "./plan.ts";

/** More than this is not read on a phone before a yes. */
const mostLines = 10;

/** What fires on a system, is past its limit or cannot be read, as it is sealed with what would set that going. */
export function stoodLines(firing: Firing, now: number): string[] {
  const lines = firingItems(firing, now).map(({ text }) => text);
  const title = firingTitle(firing);
  const more = lines.length - mostLines;
  return [title, ...lines.slice(0, mostLines), ...(more > 0 ? [`and ${more} more: alerts`] : [])];
}

/** What fired on its system when this was asked, for whoever agrees to set that going. */
export function stoodBlocks({ code, openedAt }: Pick<Request, "code" | "openedAt">, { stood }: Sealed): Block[] {
  if (!stood) return [];
  return [
    {
      kind: "text",
      text: `Alerts and limits when this was asked, at ${clock(stood.at, openedAt)} (as they are now: confirm show ${code}):`,
    },
    { kind: "list", items: stood.lines.map((text): ListItem => ({ text })) },
  ];
}

/** How what followed the halt stands that this would undo: nobody should have to look for it. */
export function leftBlocks({ request, sealed, left }: ShownRequest): Block[] {
  if (sealed.direction !== "increases" || left === undefined || left.length === 0) return [];
  return [{ kind: "list", items: left.map((each) => leftItem(each, request)) }];
}

/** What watches an earlier change has not come to its end: whoever agrees to the next one knows that it cannot any more. */
export function watchingBlocks({ request, watching = [] }: ShownRequest): Block[] {
  return watching.map((each) => {
    const { code, openedAt } = each.request;
    const since = `${standingWords(each.request)}, and was asked for at ${clock(openedAt, request.openedAt)}`;
    const text = `${each.sealed.operation}, request ${code}, is ${since}: it has not held to its end, and this changes what it is about. How far it is: confirm show ${code}`;
    return { kind: "text", text, tone: "warning" };
  });
}

function leftItem(each: { readonly request: Request; readonly sealed: Sealed }, first: Request): ListItem {
  const { code, state, stateAt } = each.request;
  const words = `${each.sealed.operation}, request ${code}, which follows the stop, is ${standingWords(each.request)}`;
  if (state === "PENDING")
    return {
      text: `${words}: ${needWords(each.sealed.policy.alternatives)} must say yes. It ends, with nothing run, once this is done.`,
      tone: "warning",
    };
  if (state === "APPROVED") return { text: `${words}. It ends, with nothing run, once this is done.`, tone: "warning" };
  if (isOpen(state)) return { text: words, tone: "warning" };
  return { text: `${words}, since ${clock(stateAt, first.openedAt)}` };
}

/** A system as it was read while its request was shown. */
export interface StandsNow {
  readonly at: number;
  readonly system: string;
  /** Of what would set it going: what fires there. */
  readonly firing?: Firing;
  /** Where the plan rests on positions: those that are open. */
  readonly positions?: Reading<PortfolioState>;
}

/** How the system stands now, beside how it stood when this was asked. */
export function standsNowBlocks({ at, system, firing, positions }: StandsNow): Block[] {
  return [
    ...(firing
      ? [
          { kind: "text" as const, text: `Alerts and limits now, at ${clock(at, at)}: ${firingTitle(firing)}` },
          { kind: "list" as const, items: firingItems(firing, at) },
        ]
      : []),
    ...(positions ? positionsNow(positions, { at, system }) : []),
  ];
}

function positionsNow(
  reading: Reading<PortfolioState>,
  { at, system }: { readonly at: number; readonly system: string },
): Block[] {
  if (!reading.ok)
    return [
      {
        kind: "text",
        text: `Open positions now, at ${clock(at, at)}: unknown, ${reading.detail}. See portfolio ${system}.`,
      },
    ];
  const { currency, positions } = reading.value;
  const open = positions.map(({ symbol, side, quantity, price }) => ({ symbol, side, quantity, price }));
  const snapshot: SealedPositions = { currency, positions: open };
  return positionsBlocks(snapshot, `now, at ${clock(at, at)}`);
}
