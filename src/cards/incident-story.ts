import type { Incident } from "../domain/incidents/incident.ts";
import { severities } from "../domain/incidents/incident.ts";
import type { IncidentFigures, IncidentRecord } from "../domain/incidents/post-mortem.ts";
import { taskCode } from "../domain/incidents/task.ts";
import { byItself, type TimelineEntry } from "../domain/incidents/timeline.ts";
import type { Card, CardField } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

const mostFirst = 4;
const mostLast = 16;
/** What a newcomer can do without: there is much of it. */
const small: ReadonlySet<TimelineEntry["kind"]> = new Set(["command", "room", "delivery"]);

/** What happened so far, for somebody who has just come: from what is on record alone. */
export function catchUpCard({ incident, entries, tasks, updates }: IncidentRecord, now: number): Card {
  const { number, title, severity, phase, openedAt, state, roles, closedAt } = incident;
  const last = updates.at(-1);
  const told = entries.filter(({ kind }) => !small.has(kind));
  const first = told.slice(0, mostFirst);
  const rest = told.slice(mostFirst).slice(-mostLast);
  const leftOut = told.length - first.length - rest.length;
  const open = tasks.filter(({ doneAt }) => doneAt === undefined);
  const optional: readonly (readonly [string, string | undefined])[] = [
    ["Commander", roles.commander?.name],
    ["Confirmed", last?.known],
    ["Being checked", last?.checking],
    ["What to do", last?.advice],
    ["To be done", open.map((task) => `${taskCode(task)} ${task.text} (${task.owner.name})`).join("; ") || undefined],
    ["Cause", incident.cause],
    ["Impact", incident.impact],
  ];
  const fields = optional.flatMap(([name, value]): CardField[] => (value === undefined ? [] : [{ name, value }]));
  const lasted =
    state === "open" ? `open for ${span(now - openedAt)}` : `over after ${span((closedAt ?? now) - openedAt)}`;
  return {
    tone: state === "open" ? "bad" : "good",
    title: `What happened in incident ${number}: ${title}`,
    summary: `${severity}, ${phase}, ${lasted}.`,
    blocks: [
      { kind: "fields", fields },
      {
        kind: "list",
        items: [
          ...first.map((entry) => ({ text: line(entry, now) })),
          ...(leftOut > 0 ? [{ text: `${counted(leftOut, "entry")} in between` }] : []),
          ...rest.map((entry) => ({ text: line(entry, now) })),
        ],
      },
    ],
    footer: `Everything is in the post-mortem: incident postmortem ${number}.`,
  };
}

function line({ at, who, text }: TimelineEntry, now: number): string {
  return `${clock(at, now)} ${who?.name ?? byItself}: ${text}`;
}

export interface CountedIncident {
  readonly incident: Incident;
  readonly figures: IncidentFigures;
}

/** How many there were, how bad, and how long it took, over a time. */
export function incidentStatsCard(counts: readonly CountedIncident[], words: string): Card {
  const over = counts.filter(({ figures }) => figures.resolveMs !== undefined);
  const bySeverity = severities.flatMap((severity) => {
    const count = counts.filter(({ incident }) => incident.severity === severity).length;
    return count === 0 ? [] : [`${severity}: ${count}`];
  });
  return {
    tone: "neutral",
    title: counts.length === 0 ? `No incident ${words}` : `${counted(counts.length, "incident")} ${words}`,
    ...(counts.length > 0 && { summary: `${bySeverity.join(", ")}. ${counts.length - over.length} open.` }),
    blocks:
      counts.length === 0
        ? []
        : [
            {
              kind: "table",
              columns: [{ title: "Time" }, { title: "Mean" }, { title: "Median" }, { title: "Longest" }],
              rows: [
                timesRow(
                  "To detect",
                  counts.map(({ figures }) => figures.detectMs),
                ),
                timesRow(
                  "To acknowledge",
                  counts.map(({ figures }) => figures.acknowledgeMs),
                ),
                timesRow(
                  "To resolve",
                  over.map(({ figures }) => figures.resolveMs),
                ),
              ],
            },
          ],
  };
}

function timesRow(name: string, times: readonly (number | undefined)[]): readonly string[] {
  const known = times.filter((time) => time !== undefined).toSorted((one, other) => one - other);
  if (known.length === 0) return [name, "none", "", ""];
  const mean = known.reduce((sum, time) => sum + time, 0) / known.length;
  return [name, span(mean), span(known[Math.floor((known.length - 1) / 2)] ?? 0), span(known.at(-1) ?? 0)];
}
