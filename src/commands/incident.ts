import { z } from "zod";
import { continueIncident, openIncident, openIncidents, readIncident } from "../acts/incidents/keep-incident.ts";
import { incidentCard, incidentItem } from "../cards/incident.ts";
import { type CommandContext, defineCommand, doneBy } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { type Incident, severities } from "../domain/incidents/incident.ts";
import type { Permission } from "../domain/people/person.ts";
import { decide } from "../domain/people/policy.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { redact } from "../domain/text/redact.ts";
import { system, systemNamed } from "./fields.ts";

const number = z.int().min(1).max(1_000_000_000).meta({
  label: "Incident",
  help: "Its number",
  positional: true,
  suggest: "incidents",
});
const line = (label: string, help: string) => z.string().min(2).max(600).meta({ label, help, multiline: true });

export const incidentOpen = defineCommand({
  name: "incident open",
  summary: "Open an incident, with a timeline of who did what",
  permission: "respond",
  systemField: "system",
  examples: ["incident open severity:P1 system:alphapulse the exchange answers nothing"],
  shortcut: { title: "Open incident", field: "title", of: "text" },
  input: z.object({
    title: z
      .string()
      .min(3)
      // With its number before it, it fits a heading of every platform.
      .max(120)
      .meta({ label: "What is wrong", help: "In one line", positional: true, rest: true }),
    severity: z.enum(severities).default("P2").meta({ label: "Severity", help: "P0 is the worst" }),
    system: system.optional().meta({ ...system.meta(), positional: false }),
  }),
  async run(input, context) {
    const found = input.system === undefined ? undefined : systemNamed(context, input.system);
    const title = redact(oneLine(input.title));
    if (title.length < 3) throw new UserError("An incident needs a title.", "Say in one line what is wrong.");
    const { place } = context.invocation;
    const asked = { title, severity: input.severity, system: found?.id, place };
    return {
      card: incidentCard(await openIncident(context.store, asked, doneBy(context.invocation)), context.invocation.now),
    };
  },
});

export const incidentList = defineCommand({
  name: "incident list",
  summary: "Incidents that are open",
  permission: "read",
  examples: ["incident list"],
  input: z.object({}),
  async run(_input, context) {
    const open = await incidentsSeen(context);
    return {
      card: {
        tone: open.length === 0 ? "good" : "bad",
        title:
          open.length === 0 ? "No incident is open" : `${open.length} open incident${open.length === 1 ? "" : "s"}`,
        blocks:
          open.length === 0
            ? []
            : [{ kind: "list", items: open.map((each) => incidentItem(each, context.invocation.now)) }],
        actions: open.slice(0, 5).map((each) => ({
          label: `Show ${each.number}`,
          command: "incident show",
          args: { incident: each.number },
        })),
      },
    };
  },
});

export const incidentShow = defineCommand({
  name: "incident show",
  summary: "One incident with its timeline",
  permission: "read",
  examples: ["incident show 12"],
  input: z.object({ incident: number }),
  run: async (input, context) => ({
    card: incidentCard(await seen(context, input.incident, "read"), context.invocation.now),
  }),
});

export const incidentNote = defineCommand({
  name: "incident note",
  summary: "Add a line to an incident's timeline",
  permission: "respond",
  examples: ["incident note 12 text:restarted the gateway"],
  input: z.object({ incident: number, text: line("Note", "What was seen or done") }),
  run: async (input, context) => carryOn(context, { number: input.incident, text: input.text, closes: false }),
});

export const incidentClose = defineCommand({
  name: "incident close",
  summary: "Close an incident, saying how it ended",
  permission: "respond",
  examples: ["incident close 12 how:the exchange is back, positions checked"],
  input: z.object({ incident: number, how: line("How it ended", "For whoever reads it tomorrow") }),
  run: async (input, context) => carryOn(context, { number: input.incident, text: input.how, closes: true }),
});

async function carryOn(context: CommandContext, asked: { number: number; text: string; closes: boolean }) {
  await seen(context, asked.number, "respond");
  const text = redact(oneLine(asked.text));
  const incident = await continueIncident(context.store, { ...asked, text }, doneBy(context.invocation));
  return { card: incidentCard(incident, context.invocation.now) };
}

/** Open incidents of systems that the person may see here, and those of no system. */
export async function incidentsSeen(context: CommandContext): Promise<readonly Incident[]> {
  return (await openIncidents(context.store)).filter((each) => may(context, each, "read").allowed);
}

/** One that may not be seen is told as one that is not there. */
async function seen(context: CommandContext, wanted: number, permission: Permission): Promise<Incident> {
  const incident = await readIncident(context.store, wanted);
  if (!incident || !may(context, incident, "read").allowed)
    throw new UserError(`There is no incident ${wanted}.`, "incident list shows what is open.");
  const verdict = may(context, incident, permission);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  return incident;
}

function may({ invocation: { person, place }, people }: CommandContext, incident: Incident, permission: Permission) {
  const { system: about } = incident;
  return decide({ person, place, permission, ...(about !== undefined && { system: about }) }, people.policy());
}
