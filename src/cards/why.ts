import type { HeldBack } from "../domain/approvals/asking.ts";
import type { AskingAhead, AskingOutlook, Met } from "../domain/approvals/outlook.ts";
import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import type { Card, ListItem } from "../domain/messages/card.ts";
import type { Verdict } from "../domain/people/policy.ts";
import { clock } from "../domain/text/moment.ts";

/** Whether something may be asked, and what would come of it. `about` is a system or a request; undefined for neither. */
export interface WhyLine {
  readonly about: string | undefined;
  readonly verdict: Pick<Verdict, "allowed"> & { readonly why?: string; readonly remedy?: string };
  /** Of what may be asked: it would be refused as things stand, or nobody can tell whether it would. */
  readonly now?: "refused" | "unknown";
  /** What would happen then. */
  readonly outcome?: readonly ListItem[];
}

/** What something takes, and for each of what it concerns whether the person has it. */
export interface WhyAnswer {
  readonly takes: string;
  readonly lines: readonly WhyLine[];
}

/** Why somebody may, or may not, do something with each of these, and what would come of it. */
export function whyCard(
  asked: Pick<CatalogueEntry, "name"> & { readonly takes: string },
  lines: readonly WhyLine[],
  who: { readonly name: string; readonly place: string },
): Card {
  const allowed = lines.filter(({ verdict }) => verdict.allowed);
  const hindered = allowed.filter(({ now }) => now !== undefined);
  const all = allowed.length > 0 && allowed.length === lines.length;
  const may = all ? "you may" : allowed.length > 0 ? "you may for some" : "you may not";
  return {
    tone: all && hindered.length === 0 ? "good" : allowed.length > hindered.length ? "warning" : "bad",
    title: `${asked.name}: ${hindered.length > 0 && hindered.length === lines.length ? hinderedTitle(hindered) : may}`,
    summary: `It takes ${asked.takes}. You are ${who.name}, in ${who.place}.`,
    blocks: [{ kind: "list", items: lines.flatMap((line) => [lineItem(line), ...(line.outcome ?? [])]) }],
  };
}

function hinderedTitle(hindered: readonly WhyLine[]): string {
  return hindered.every(({ now }) => now === "unknown")
    ? "you may ask, but whether it would go ahead is not known"
    : "you may ask, but it would be refused now";
}

function lineItem({ about, verdict, now }: WhyLine): ListItem {
  const reason = [verdict.why, verdict.remedy].filter((part) => part !== undefined && part !== "").join(" ");
  const yes = now === undefined ? "yes" : now === "refused" ? "not now" : "not known";
  return {
    text: `${about === undefined ? "" : `${about}: `}${verdict.allowed ? yes : `no. ${reason}`}`,
    tone: verdict.allowed ? (now === undefined ? "good" : "warning") : "bad",
  };
}

/** Planning it would fail: what it needs does not hold, or could not be read. */
export function refusalItem({ why, known }: { readonly why: string; readonly known: boolean }): ListItem {
  return known
    ? { text: `It would be refused: ${why}`, tone: "bad" }
    : { text: `Not known: ${why} Until it can be read it would be refused.`, tone: "unknown" };
}

/** What cannot be said before the operation has its arguments, and how it is typed to have it said. */
export function argumentsItem(typed: string): ListItem {
  return { text: `What it needs of the system is checked with its arguments: ${typed}`, tone: "neutral" };
}

/** What would come of asking for an operation at this moment. `of` is the title of its system. */
export function askingItems(ahead: AskingAhead & { readonly now: number; readonly of: string }): ListItem[] {
  const { outlook, held, met, now, lockUnread, of } = ahead;
  const unread: ListItem = { text: `What holds ${of} cannot be read: it would wait until it can.`, tone: "bad" };
  return [
    outlookItem(outlook),
    ...(held ? [heldItem(held, now)] : []),
    ...met.map(metItem),
    ...(lockUnread ? [unread] : []),
  ];
}

function heldItem(held: HeldBack, now: number): ListItem {
  const text =
    held.by === "open"
      ? `It would be refused: ${held.count} requests of yours wait for a decision already.`
      : `It would be refused until ${clock(held.until, now)}: ${held.by === "asks" ? "you have asked for much lately" : "it was denied too often"}.`;
  return { text, tone: "bad" };
}

/** Who would have to agree. */
export function outlookItem(outlook: AskingOutlook): ListItem {
  switch (outlook.asks) {
    case "refused":
      return { text: `It would be refused: ${outlook.why} ${outlook.remedy ?? ""}`.trim(), tone: "bad" };
    case "nobody":
      return { text: "Nobody else has to agree: it would start at once.", tone: "neutral" };
    case "people": {
      const { tier, need, able, enough, orNobody } = outlook;
      const names = able.length > 0 ? able.join(", ") : "nobody";
      const lacks = enough ? "" : " They are not enough: it would lapse.";
      const waits = orNobody
        ? `As its arguments and the system have it, it would start at once or wait for ${need} (tier ${tier}): --dry-run tells which.`
        : `It would wait for ${need} (tier ${tier}).`;
      return {
        text: `${waits} Who could agree: ${names}.${lacks}`,
        tone: enough ? "neutral" : "bad",
      };
    }
  }
}

function metItem({ code, state, by, holds }: Met): ListItem {
  return holds
    ? { text: `${code} of ${by} (${state}) holds what it may concern: it would wait for that.`, tone: "warning" }
    : { text: `${code} of ${by} is ${state} already: the same again would only show that one.`, tone: "warning" };
}
