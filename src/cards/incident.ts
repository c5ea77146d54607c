import type { Incident } from "../domain/incidents/incident.ts";
import { byItself, type TimelineEntry } from "../domain/incidents/timeline.ts";
import type { Block, Card, ListItem } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { ago, counted, span } from "../domain/text/quantities.ts";
import type { Listed } from "../domain/unreadable.ts";
import { unreadableBlocks } from "./unreadable.ts";

/** So many entries of a timeline are shown. */
export const shownEntries = 15;

/** The end of a timeline, oldest first. `isMore`: there is more before it. */
export interface TimelineEnd {
  readonly entries: readonly TimelineEntry[];
  readonly isMore: boolean;
  readonly unreadable: Listed<TimelineEntry>["unreadable"];
}

/** One incident with the end of its timeline. */
export function incidentCard(incident: Incident, { entries, isMore, unreadable }: TimelineEnd, now: number): Card {
  const { number, title, severity, system, state } = incident;
  const open = state === "open";
  return {
    tone: open ? "bad" : "good",
    title: `Incident ${number}: ${title}`,
    summary: open
      ? `${severity}, open for ${span(now - incident.openedAt)}, opened by ${incident.openedBy.name}.`
      : `${severity}, closed. It was opened by ${incident.openedBy.name}.`,
    blocks: [
      ...(system === undefined ? [] : [{ kind: "fields" as const, fields: [{ name: "System", value: system }] }]),
      {
        kind: "list",
        items: entries.map((entry) => ({ text: entryText(entry, now), tone: "neutral" as const })),
      },
      ...unreadableBlocks(unreadable),
    ],
    ...(isMore && { footer: "Earlier entries of the timeline are left out here." }),
    actions: open
      ? [
          { label: "Add a note", command: "incident note", args: { incident: number }, ask: ["text"] },
          { label: "Close", command: "incident close", args: { incident: number }, ask: ["how"] },
        ]
      : [],
  };
}

/** The open incidents, oldest first, with a button for each of the first. */
export function incidentListCard({ found: open, unreadable }: Listed<Incident>, now: number): Card {
  const count = open.length + unreadable.length;
  const list: Block[] = open.length === 0 ? [] : [{ kind: "list", items: open.map((each) => incidentItem(each, now)) }];
  return {
    tone: count === 0 ? "good" : "bad",
    title: count === 0 ? "No incident is open" : counted(count, "open incident"),
    blocks: [...list, ...unreadableBlocks(unreadable)],
    actions: open.slice(0, 5).map((each) => ({
      label: `Show ${each.number}`,
      command: "incident show",
      args: { incident: each.number },
    })),
  };
}

/** One line for a list of incidents. */
export function incidentItem({ number, title, severity, system, openedAt }: Incident, now: number): ListItem {
  return {
    text: `Incident ${number}, ${severity}: ${title}${system === undefined ? "" : ` (${system})`}, opened ${ago(openedAt, now)}`,
    tone: severity === "P0" || severity === "P1" ? "bad" : "warning",
  };
}

function entryText({ at, who, text }: TimelineEntry, now: number): string {
  return `${clock(at, now)} ${who?.name ?? byItself}: ${text}`;
}
