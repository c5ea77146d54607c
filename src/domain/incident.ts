import { z } from "zod";
import type { Card, ListItem } from "./card.ts";
import { Place } from "./policy.ts";
import { ago, clock, span } from "./words.ts";

/** The worst first. */
export const severities = ["P0", "P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

const Entry = z.object({ at: z.number(), person: z.string(), name: z.string(), text: z.string() });
/** One line of an incident's timeline; nothing that was written is changed. */
export type IncidentEntry = z.output<typeof Entry>;

/** Something that people deal with together until it is over. */
export const Incident = z.object({
  format: z.literal(1),
  number: z.int(),
  title: z.string(),
  severity: z.enum(severities),
  system: z.string().exactOptional(),
  state: z.enum(["open", "closed"]),
  openedAt: z.number(),
  openedBy: z.object({ person: z.string(), name: z.string() }),
  closedAt: z.number().exactOptional(),
  place: Place,
  timeline: z.array(Entry),
});
export type Incident = z.output<typeof Incident>;

const shownEntries = 15;

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

/** One line for a list of incidents. */
export function incidentItem({ number, title, severity, system, openedAt }: Incident, now: number): ListItem {
  return {
    text: `Incident ${number}, ${severity}: ${title}${system === undefined ? "" : ` (${system})`}, opened ${ago(openedAt, now)}`,
    tone: severity === "P0" || severity === "P1" ? "bad" : "warning",
  };
}

function entryText({ at, name, text }: IncidentEntry, now: number): string {
  return `${clock(at, now)} ${name}: ${text}`;
}
