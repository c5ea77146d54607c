import { z } from "zod";
import { addTask, bringIn, endTask, giveRole, setPhase, setSeverity } from "../acts/incidents/respond.ts";
import { taskListCard } from "../cards/incident.ts";
import { defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { incidentRoles, openPhases, severities } from "../domain/incidents/incident.ts";
import { readTaskCode } from "../domain/incidents/task.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { parseSpan } from "../domain/text/spoken-span.ts";
import { visibleTasks } from "../reads/incidents.ts";
import { incidentNamed, incidentNumber, proseLine, shownIncident } from "./incident-fields.ts";
import { personNamed } from "./oncall.ts";

const person = z
  .string()
  .min(1)
  .max(80)
  .meta({ label: "Person", help: "me, or an id or a name of people.yaml", positional: true, suggest: "people" });

/** Who tells what to whom hangs on it. */
export const incidentSeverity = defineCommand({
  name: "incident severity",
  summary: "Set how bad an incident is",
  permission: "respond",
  examples: ["incident severity P0"],
  input: z.object({
    severity: z.enum(severities).meta({ label: "Severity", help: "P0 is the worst", positional: true }),
    incident: incidentNumber,
  }),
  async run({ severity, incident: named }, context) {
    const { number } = await incidentNamed(context, named, "respond");
    return shownIncident(context, await setSeverity(context.store, number, severity, doneBy(context.invocation)));
  },
});

/** The last two phases are those of `incident resolve` and `incident review`. */
export const incidentPhase = defineCommand({
  name: "incident phase",
  summary: "Set how far an incident has come",
  permission: "respond",
  examples: ["incident phase contained"],
  input: z.object({
    phase: z.enum(openPhases).meta({ label: "Phase", help: "How far it has come", positional: true }),
    incident: incidentNumber,
  }),
  async run({ phase, incident: named }, context) {
    const { number } = await incidentNamed(context, named, "respond");
    return shownIncident(context, await setPhase(context.store, number, phase, doneBy(context.invocation)));
  },
});

/** It gives nobody a right that they do not have. */
export const incidentRole = defineCommand({
  name: "incident role",
  summary: "Hand a role of an incident to somebody",
  permission: "respond",
  examples: ["incident role commander me"],
  input: z.object({
    role: z
      .enum(incidentRoles)
      .meta({ label: "Role", help: "Who decides, stands in, tells others, writes", positional: true }),
    person,
    incident: incidentNumber,
  }),
  async run({ role, person: who, incident: named }, context) {
    const { number } = await incidentNamed(context, named, "respond");
    const { id, name } = personNamed(context, who);
    const given = { role, someone: { person: id, name } };
    return shownIncident(context, await giveRole(context.store, number, given, doneBy(context.invocation)));
  },
});

/** Whoever is brought in gets into its rooms, and sees what is kept from others; they get no right by it. */
export const incidentInvite = defineCommand({
  name: "incident invite",
  summary: "Bring somebody into an incident and its rooms",
  permission: "respond",
  examples: ["incident invite boris"],
  input: z.object({ person, incident: incidentNumber }),
  async run({ person: who, incident: named }, context) {
    const { number } = await incidentNamed(context, named, "respond");
    const { id, name } = personNamed(context, who);
    const by = doneBy(context.invocation);
    return shownIncident(context, await bringIn(context.store, number, { person: id, name }, by));
  },
});

/** Also of what is to be done once it is over. */
export const incidentTask = defineCommand({
  name: "incident task",
  summary: "Put something on an incident's list of what is to be done",
  permission: "respond",
  examples: ['incident task owner:me due:7d text:"alert on the age of the feed"'],
  input: z.object({
    incident: incidentNumber,
    text: proseLine("What", "What is to be done"),
    owner: person.optional().meta({ label: "Owner", help: "Who does it; you when left out", suggest: "people" }),
    due: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Due", help: "2h, 7d or 2026-12-24T18:00Z", suggest: "durations" }),
  }),
  async run(input, context) {
    const { number } = await incidentNamed(context, input.incident, "respond");
    const { id, name } = personNamed(context, input.owner ?? "me");
    const { store, invocation } = context;
    const task = {
      text: oneLine(input.text),
      owner: { person: id, name },
      due: input.due === undefined ? undefined : dueAt(input.due, invocation.now),
    };
    return shownIncident(context, await addTask(store, number, task, doneBy(invocation)));
  },
});

/** One that is done leaves the list, and the timeline says so. */
export const incidentDone = defineCommand({
  name: "incident done",
  summary: "Say that something on an incident's list is done",
  permission: "respond",
  examples: ["incident done 12.1"],
  input: z.object({
    task: z.string().max(20).meta({ label: "Task", help: "Its number, as 12.1", positional: true }),
  }),
  async run(input, context) {
    const code = readTaskCode(input.task);
    if (!code) throw new UserError(`${input.task} is no task.`, "Give its number as incident show has it: 12.1.");
    const { state } = await incidentNamed(context, code.incident, "respond");
    const how = { ofClosed: state === "closed", by: doneBy(context.invocation) };
    return shownIncident(context, await endTask(context.store, code, how));
  },
});

/** What is due first stands first, of open incidents and of those that are over. */
export const incidentTasks = defineCommand({
  name: "incident tasks",
  summary: "What is yet to be done because of incidents",
  permission: "read",
  examples: ["incident tasks"],
  input: z.object({}),
  async run(_input, context) {
    return { card: taskListCard(await visibleTasks(context.store, viewerOf(context)), context.invocation.now) };
  },
});

function dueAt(text: string, now: number): number {
  const span = parseSpan(text);
  const at = span === undefined ? parseMoment(text, now) : now + span;
  if (at === undefined) throw new UserError(`due: does not understand ${text}.`, "Write 2h, 7d or 2026-12-24T18:00Z.");
  if (at <= now) throw new UserError(`due:${text} has passed.`, "Give a time to come.");
  return at;
}
