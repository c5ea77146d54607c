import type { MadeSection } from "../domain/digests/section.ts";
import type { Block, Card, ListItem } from "../domain/messages/card.ts";
import type { Shift } from "../domain/oncall/shift.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { zonedAt } from "../domain/text/moment.ts";
import { oneLine, span } from "../domain/text/quantities.ts";
import { attentionBlocks, sectionItem } from "./digest.ts";

/** Lines of a section that stand on the card; what is well is left to the line before them. */
const mostLines = 6;
const longestLine = 220;

/** What somebody leaves: what needs somebody first, then each section with its lines, and who has taken over. */
export function shiftCard({ code, by, at, note, stood, taken }: Shift): Card {
  const { sections } = stood;
  const attention = attentionBlocks(sections, "below");
  return {
    tone: taken ? "good" : attention.length > 0 ? "warning" : "neutral",
    title: taken ? `${taken.name} has taken over from ${by.name}` : `${by.name} hands over: who takes over?`,
    summary: taken
      ? `After ${span(taken.at - at)}, and has seen what stands here, as it was when ${by.name} went.`
      : `Nobody has taken over yet: ${by.name} has it until somebody does. This is how it stood when ${by.name} went.`,
    blocks: [
      ...(note === undefined ? [] : [{ kind: "text" as const, text: `${by.name}: ${oneLine(note)}` }]),
      ...attention,
      ...sections.map(
        (section): Block => ({ kind: "list", items: [sectionItem(section, stood), ...linesOf(section)] }),
      ),
    ],
    actions: taken ? [] : [{ label: "I take over", style: "primary", command: "handover take", args: { shift: code } }],
    footer: `Handover ${code} · ${when(stood, at)} · of what happened since ${when(stood, stood.from)}`,
  };
}

/** `2026-11-30 07:00 Europe/Berlin`: what is left on a Friday may be read on a Monday. */
function when({ zone }: Shift["stood"], at: number): string {
  return `${zonedAt(at, zone).toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ")} ${zone}`;
}

function linesOf({ lines, attention }: MadeSection): readonly ListItem[] {
  const first = new Set(attention.map(({ text }) => text));
  const told = lines.filter(({ text, tone }) => tone !== "good" && !first.has(text));
  const shown = told.slice(0, mostLines).map(
    ({ text, tone }): ListItem => ({
      text: `   ${cutText(oneLine(text), longestLine)}`,
      ...(tone && { tone }),
    }),
  );
  const left = told.length - shown.length;
  return left > 0 ? [...shown, { text: `   and ${left} more` }] : shown;
}

/** Said to whoever took over. */
export function tookOverCard({ by, code }: Shift): Card {
  return {
    tone: "good",
    title: `You have taken over from ${by.name}`,
    summary: `Its message says so, and it is on record. oncall override me puts you on call where the rotation names somebody else.`,
    blocks: [],
    footer: `Handover ${code}`,
  };
}
