import type { HeldBack } from "../domain/approvals/asking.ts";
import type { AskingOutlook, Met } from "../domain/approvals/outlook.ts";
import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import type { Card, ListItem } from "../domain/messages/card.ts";
import type { Verdict } from "../domain/people/policy.ts";
import { clock } from "../domain/text/moment.ts";

/** Whether something may be asked, and what would come of it. `about` is a system or a request; undefined for neither. */
export interface WhyLine {
  readonly about: string | undefined;
  readonly verdict: Pick<Verdict, "allowed"> & { readonly why?: string; readonly remedy?: string };
  /** What would happen then. */
  readonly outcome?: readonly ListItem[];
}

/** Why somebody may, or may not, do something with each of these, and what would come of it. */
export function whyCard(
  asked: Pick<CatalogueEntry, "name"> & { readonly takes: string },
  lines: readonly WhyLine[],
  who: { readonly name: string; readonly channel: string },
): Card {
  const allowed = lines.filter(({ verdict }) => verdict.allowed).length;
  const all = allowed > 0 && allowed === lines.length;
  return {
    tone: all ? "good" : allowed > 0 ? "warning" : "bad",
    title: `${asked.name}: ${all ? "you may" : allowed > 0 ? "you may for some" : "you may not"}`,
    summary: `It takes ${asked.takes}. You are ${who.name}, in ${who.channel}.`,
    blocks: [{ kind: "list", items: lines.flatMap((line) => [lineItem(line), ...(line.outcome ?? [])]) }],
  };
}

function lineItem({ about, verdict }: WhyLine): ListItem {
  const reason = [verdict.why, verdict.remedy].filter((part) => part !== undefined && part !== "").join(" ");
  return {
    text: `${about === undefined ? "" : `${about}: `}${verdict.allowed ? "yes" : `no. ${reason}`}`,
    tone: verdict.allowed ? "good" : "bad",
  };
}

/** What would come of asking for an operation at this moment. */
export function askingItems(
  outlook: AskingOutlook,
  { met, held, now }: { readonly met: readonly Met[]; readonly held: HeldBack | undefined; readonly now: number },
): ListItem[] {
  return [outlookItem(outlook), ...(held ? [heldItem(held, now)] : []), ...met.map(metItem)];
}

function heldItem(held: HeldBack, now: number): ListItem {
  const text =
    held.by === "open"
      ? `It would be refused: ${held.count} requests of yours wait for a decision already.`
      : `It would be refused until ${clock(held.until, now)}: ${held.by === "asks" ? "you have asked for much lately" : "it was denied too often"}.`;
  return { text, tone: "bad" };
}

function outlookItem(outlook: AskingOutlook): ListItem {
  switch (outlook.asks) {
    case "refused":
      return { text: `It would be refused: ${outlook.why} ${outlook.remedy ?? ""}`.trim(), tone: "bad" };
    case "nobody":
      return { text: "Nobody else has to agree: it would start at once.", tone: "neutral" };
    case "people": {
      const { tier, need, able, enough } = outlook;
      const names = able.length > 0 ? able.join(", ") : "nobody";
      const lacks = enough ? "" : " They are not enough: it would lapse.";
      return {
        text: `It would wait for ${need} (tier ${tier}). Who could agree: ${names}.${lacks}`,
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
