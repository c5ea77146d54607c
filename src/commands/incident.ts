import { z } from "zod";
import { addNote } from "../acts/incidents/add-note.ts";
import { closeIncident } from "../acts/incidents/close-incident.ts";
import { openIncident } from "../acts/incidents/open-incident.ts";
import { incidentCard, incidentListCard, shownEntries } from "../cards/incident.ts";
import { type CommandContext, defineCommand, doneBy, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { type Incident, severities } from "../domain/incidents/incident.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { incidentFor, timelineEnd, visibleIncidents } from "../reads/incidents.ts";
import { system, systemNamed } from "./fields.ts";

const number = z.int().min(1).max(1_000_000_000).meta({
  label: "Incident",
  help: "Its number",
  positional: true,
  suggest: "incidents",
});
const line = (label: string, help: string) =>
  z.string().min(2).max(600).meta({ label, help, multiline: true, prose: true });

/** The title is one line without secrets: it becomes a heading on every platform. */
export const incidentOpen = defineCommand({
  name: "incident open",
  summary: "Open an incident, with a timeline of who did what",
  permission: "respond",
  systemField: "system",
  examples: ["incident open severity:P1 system:{system} the exchange answers nothing"],
  shortcut: { title: "Open incident", field: "title", of: "text" },
  input: z.object({
    title: z
      .string()
      .min(3)
      // With its number before it, it fits a heading of every platform.
      .max(120)
      .meta({ label: "What is wrong", help: "In one line", positional: true, rest: true, prose: true }),
    severity: z.enum(severities).default("P2").meta({ label: "Severity", help: "P0 is the worst" }),
    system: system.optional().meta({ ...system.meta(), positional: false }),
  }),
  async run(input, context) {
    const found = input.system === undefined ? undefined : systemNamed(context, input.system);
    const title = oneLine(input.title);
    if (title.length < 3) throw new UserError("An incident needs a title.", "Say in one line what is wrong.");
    const { place } = context.invocation;
    const asked = { title, severity: input.severity, system: found?.id, place };
    return shown(context, await openIncident(context.store, asked, doneBy(context.invocation)));
  },
});

/** Those of systems that the person may read here, and those of no system. */
export const incidentList = defineCommand({
  name: "incident list",
  summary: "Incidents that are open",
  permission: "read",
  examples: ["incident list"],
  input: z.object({}),
  run: async (_input, context) => ({
    card: incidentListCard(await visibleIncidents(context.store, viewerOf(context)), context.invocation.now),
  }),
});

/** The end of the timeline is shown. A closed incident is found by its number. */
export const incidentShow = defineCommand({
  name: "incident show",
  summary: "One incident with its timeline",
  permission: "read",
  examples: ["incident show 12"],
  input: z.object({ incident: number }),
  async run(input, context) {
    const incident = await incidentFor(context.store, viewerOf(context), input.incident, "read");
    return shown(context, incident);
  },
});

/** Nothing that was written is changed: a correction is another line. */
export const incidentNote = defineCommand({
  name: "incident note",
  summary: "Add a line to an incident's timeline",
  permission: "respond",
  examples: ["incident note 12 text:restarted the gateway"],
  input: z.object({ incident: number, text: line("Note", "What was seen or done") }),
  async run(input, context) {
    const { store, invocation } = context;
    const { number: known } = await incidentFor(store, viewerOf(context), input.incident, "respond");
    const incident = await addNote(store, known, oneLine(input.text), doneBy(invocation));
    return shown(context, incident);
  },
});

/** The last line of the timeline; a closed incident takes no more. */
export const incidentClose = defineCommand({
  name: "incident close",
  summary: "Close an incident, saying how it ended",
  permission: "respond",
  examples: ["incident close 12 how:the exchange is back, positions checked"],
  input: z.object({ incident: number, how: line("How it ended", "For whoever reads it tomorrow") }),
  async run(input, context) {
    const { store, invocation } = context;
    const { number: known } = await incidentFor(store, viewerOf(context), input.incident, "respond");
    const incident = await closeIncident(store, known, oneLine(input.how), doneBy(invocation));
    return shown(context, incident);
  },
});

async function shown({ store, invocation }: CommandContext, incident: Incident): Promise<Reply> {
  return { card: incidentCard(incident, await timelineEnd(store, incident.number, shownEntries), invocation.now) };
}
