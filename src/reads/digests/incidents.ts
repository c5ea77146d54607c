import type { DigestLine } from "../../domain/digests/section.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { IncidentTask } from "../../domain/incidents/task.ts";
import { counted, span } from "../../domain/text/quantities.ts";
import { readCounter } from "../../records/counter.ts";
import { openIncidents, readIncident } from "../../records/incident.ts";
import { openTasks } from "../../records/incident-task.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import type { AskedSection, DigestSection } from "./asked-section.ts";

/** As many of the newest are looked through for what was opened or closed. */
const mostLookedThrough = 100;

/** What is open, and what was opened and closed in that time. */
export const incidentsSection: DigestSection = {
  title: "Incidents",
  async find(asked, { store }) {
    const [{ last }, open, tasks] = await Promise.all([
      readCounter(store, "incident"),
      openIncidents(store),
      openTasks(store),
    ]);
    const numbers = Array.from({ length: Math.min(last, mostLookedThrough) }, (_, back) => last - back);
    const newest = await inTurns(numbers, 20, (number) => readIncident(store, number).catch(nothingUnreadable));
    const mine = (incident: Incident): boolean =>
      incident.system === undefined || asked.systems.some(({ id }) => id === incident.system);
    const isWithin = (at: number | undefined): boolean => at !== undefined && at >= asked.from && at < asked.to;
    const all = newest.flatMap((read) => (read && mine(read.incident) ? [read.incident] : []));
    const [opened, closed] = [
      all.filter(({ openedAt }) => isWithin(openedAt)),
      all.filter(({ closedAt }) => isWithin(closedAt)),
    ];
    const stillOpen = open.found.filter(mine);
    const known = new Set([...all, ...stillOpen].map(({ number }) => number));
    const toDo = tasks.found.filter(({ incident }) => known.has(incident)).map((task) => taskLine(asked, task));
    const unreadable = open.unreadable.length + tasks.unreadable.length;
    return {
      source: "Wardroom's own record",
      asOf: asked.to,
      isPartial: unreadable > 0,
      figures: [
        { id: "open", title: "open", value: stillOpen.length, unit: "" },
        { id: "opened", title: "opened", value: opened.length, unit: "" },
        { id: "closed", title: "closed", value: closed.length, unit: "" },
        { id: "tasks", title: "tasks to do", value: toDo.length, unit: "" },
      ],
      attention: [
        ...stillOpen.filter(({ severity }) => severity <= "P1").map((each) => openLine(asked, each)),
        ...toDo.filter(({ tone }) => tone === "warning"),
      ],
      lines: [
        ...stillOpen.map((each) => openLine(asked, each)),
        ...closed.map(closedLine),
        ...toDo,
        ...(unreadable > 0
          ? [
              {
                text: `${counted(unreadable, "record")} of incidents cannot be read`,
                tone: "unknown" as const,
              },
            ]
          : []),
      ],
    };
  },
};

function openLine({ to }: AskedSection, { number, title, severity, system, openedAt, openedBy }: Incident): DigestLine {
  const of = system === undefined ? "" : ` (${system})`;
  return {
    text: `Incident ${number}, ${severity}: ${title}${of}, open for ${span(to - openedAt)}, opened by ${openedBy.name}`,
    tone: severity <= "P1" ? "bad" : "warning",
  };
}

function closedLine({ number, title, severity, openedAt, closedAt = openedAt, cause, impact }: Incident): DigestLine {
  const why = [
    ...(cause === undefined ? [] : [`cause: ${cause}`]),
    ...(impact === undefined ? [] : [`impact: ${impact}`]),
  ];
  const words = [`Incident ${number}, ${severity}: ${title}; closed after ${span(closedAt - openedAt)}`, ...why];
  return { text: words.join("; ") };
}

function taskLine({ to }: AskedSection, { incident, text, owner, due, at }: IncidentTask): DigestLine {
  const task = `Task of incident ${incident}: ${text}, ${owner.name}'s`;
  if (due === undefined) return { text: `${task}, for ${span(to - at)}` };
  if (due > to) return { text: `${task}, due in ${span(due - to)}` };
  return { text: `${task}, overdue by ${span(to - due)}`, tone: "warning" };
}
