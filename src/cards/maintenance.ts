import type { ToldWindow } from "../domain/alerts/told-window.ts";
import type { Card } from "../domain/messages/card.ts";
import { clock, stamp } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

/** What is told less than so much too late was told in time, ms: it is looked for every few seconds. */
const graceMs = 120_000;
const mostLeft = 20;

/** What a window is and how it stands. */
export function maintenanceCard(told: ToldWindow): Card {
  const { title, from, to, match, rollback, openedAt, overAt, calledOffAt } = told;
  const hours = `${stamp(from)} to ${clock(to, from)} (${span(to - from)})`;
  const muted = `Alerts for ${match} are held back then, but for what is never muted, as what is critical and missed backups.`;
  const fields = [
    { name: "When", value: hours },
    ...(rollback === undefined ? [] : [{ name: "Taken back by", value: rollback }]),
  ];
  const blocks = [{ kind: "fields" as const, fields }];
  if (calledOffAt !== undefined)
    return {
      tone: "neutral",
      title: `Maintenance is called off: ${title}`,
      summary: "It is no longer in its file, or at another time.",
      blocks,
    };
  if (overAt !== undefined)
    return {
      tone: "neutral",
      title: `Maintenance is over: ${title}`,
      summary: "Alerts are told again; what still fires is told now.",
      blocks,
    };
  if (openedAt !== undefined)
    return {
      tone: "warning",
      title: `Maintenance has begun: ${title}`,
      summary: `${muted} ${lateWords(told)}`.trim(),
      blocks,
    };
  return {
    tone: "neutral",
    title: `Maintenance ahead: ${title}`,
    summary: `${muted} ${lateWords(told)}`.trim(),
    blocks,
  };
}

function lateWords({ from, toldAt, aheadMs }: ToldWindow): string {
  if (from - toldAt >= aheadMs - graceMs) return "";
  return `Told ${from > toldAt ? `${span(from - toldAt)} ahead` : "only once it had begun"}: ${span(aheadMs)} are promised.`;
}

/** What goes on beyond the end of a window. */
export function overrunCard({ title, to, left }: ToldWindow): Card {
  return {
    tone: "bad",
    title: `Maintenance has overrun: ${title}`,
    summary: `It was to be over by ${clock(to, to)}, and ${counted(left.length, "thing")} of it still ${left.length === 1 ? "goes" : "go"} on. Nothing is held back any more.`,
    blocks: [
      {
        kind: "list",
        items: [
          ...left.slice(0, mostLeft).map((text) => ({ text, tone: "warning" as const })),
          ...(left.length > mostLeft ? [{ text: `and ${left.length - mostLeft} more` }] : []),
        ],
      },
    ],
    actions: [{ label: "What fires", command: "alerts", args: {} }],
  };
}
