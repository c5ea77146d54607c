import type { Incident, TimelineEntry } from "../domain/incidents/incident.ts";
import type { Block, Card, ListItem } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { ago, counted, span } from "../domain/text/quantities.ts";
import type { Listed } from "../domain/unreadable.ts";
import { unreadableBlocks } from "./unreadable.ts";

const shownEntries = 15;

/** One incident with the end of its timeline. */
export function incidentCard(incident: Incident, now: number): Card {
  const { number, title, severity, system, timeline, state } = incident;
  const left = timeline.length - shownEntries;
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
        items: timeline
          .slice(-shownEntries)
          .map((entry) => ({ text: entryText(entry, now), tone: "neutral" as const })),
      },
    ],
    ...(left > 0 && { footer: `${left} earlier lines of the timeline are left out here.` }),
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

function entryText({ at, name, text }: TimelineEntry, now: number): string {
  return `${clock(at, now)} ${name}: ${text}`;
}
