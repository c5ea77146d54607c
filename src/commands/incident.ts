import { z } from "zod";
import { declareIncident } from "../acts/incidents/declare-incident.ts";
import { addNote, reopenIncident, resolveIncident } from "../acts/incidents/respond.ts";
import { declaredBeforeCard, incidentListCard } from "../cards/incident.ts";
import { type CommandContext, defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { severities } from "../domain/incidents/incident.ts";
import type { IncidentKind } from "../domain/incidents/incidents-file.ts";
import type { Place } from "../domain/messages/place.ts";
import { may } from "../domain/people/viewer.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { incidentsSince } from "../reads/incident-record.ts";
import { visibleIncidents } from "../reads/incidents.ts";
import { peopleCalled } from "../reads/on-call.ts";
import { momentField, momentOf, readableSystems, system, systemNamed } from "./fields.ts";
import { incidentNamed, incidentNumber, proseLine, shownIncident } from "./incident-fields.ts";

/** The title is one line without secrets: it becomes a heading on every platform. */
export const incidentDeclare = defineCommand({
  name: "incident declare",
  summary: "Declare an incident, with a timeline that fills itself",
  permission: "respond",
  systemField: "system",
  examples: ['incident declare P1 {system} "the exchange answers nothing"'],
  shortcut: { title: "Declare incident", field: "title", of: "text" },
  input: z.object({
    severity: z.enum(severities).meta({ label: "Severity", help: "P0 is the worst", positional: true }),
    title: z
      .string()
      .min(3)
      // With its number before it, it fits a heading of every platform.
      .max(120)
      .meta({
        label: "What is wrong",
        help: "In one line; typed, it may begin with the system",
        positional: true,
        rest: true,
        prose: true,
      }),
    system: system.optional().meta({ ...system.meta(), positional: false }),
    kind: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Kind", help: "One that is dealt with in a way of its own, as security" }),
    separate: z
      .boolean()
      .optional()
      .meta({ label: "Separate", help: "It is another one than what was declared of the system just now" }),
  }),
  async run(input, context) {
    const { system: found, title } = whatIsWrong(context, input.title, input.system);
    if (title.length < 3) throw new UserError("An incident needs a title.", "Say in one line what is wrong.");
    const { store, invocation } = context;
    const kind = kindNamed(context, input.kind);
    const declared = {
      title,
      severity: input.severity,
      system: found,
      place: invocation.place,
      separate: input.separate ?? false,
      ...(kind && { kind }),
      invited: await calledTo(context, found),
      rooms: roomPlaces(context),
    };
    const { incident, isNew } = await declareIncident(store, declared, doneBy(invocation));
    const shown = await shownIncident(context, incident);
    return isNew ? shown : { ...shown, card: declaredBeforeCard(shown.card, incident, declared) };
  },
});

/** Throws UserError where the files have no such kind. */
function kindNamed({ incidents: { kinds } }: CommandContext, named: string | undefined): IncidentKind | undefined {
  if (named === undefined) return undefined;
  const kind = kinds.find(({ id }) => id === named.toLowerCase());
  if (kind) return kind;
  const known = kinds.map(({ id }) => id).join(", ");
  throw new UserError(
    `There is no kind of incident called ${named}.`,
    known === "" ? "None is configured." : `Known: ${known}.`,
  );
}

/** Ids of whoever is on call for the system, and of those who are brought into every incident. */
async function calledTo(
  { routing, incidents: { invite }, store, invocation: { now } }: CommandContext,
  of: string | undefined,
): Promise<readonly string[]> {
  const onCall = of === undefined ? [] : (routing.onCall.get(of) ?? []);
  return peopleCalled(store, { book: routing.book, ids: [...onCall, ...invite] }, now);
}

/** The channels that the rooms of incidents are like, or below. */
function roomPlaces({ incidents: { rooms }, people }: CommandContext): readonly Place[] {
  return people
    .policy()
    .channels.filter(({ id }) => rooms.includes(id))
    .map(({ surface, channel }) => ({ surface, channel }));
}

/** The system and the words: typed without a key, the system stands before them. */
function whatIsWrong(
  context: CommandContext,
  typed: string,
  named: string | undefined,
): { readonly system: string | undefined; readonly title: string } {
  const title = oneLine(typed);
  if (named !== undefined) return { system: systemNamed(context, named).id, title };
  const [first = "", ...rest] = title.split(" ");
  const found = context.systems.find(first.toLowerCase());
  const isAlone = rest.length === 0 || !found || !readableSystems(context).includes(found);
  if (isAlone) return { system: undefined, title };
  const verdict = may(viewerOf(context), "respond", found.id);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  return { system: found.id, title: rest.join(" ").replace(/^"(.*)"$/, "$1") };
}

/** Those of systems that the person may read here, and those of no system. */
export const incidentList = defineCommand({
  name: "incident list",
  summary: "Incidents that are open, and those that were resolved of late",
  permission: "read",
  examples: ["incident list", "incident list since:7d"],
  input: z.object({
    since: momentField("Since", "Also those that were resolved since then, as 7d").optional(),
  }),
  async run({ since }, context) {
    const { store, invocation } = context;
    const viewer = viewerOf(context);
    const open = await visibleIncidents(store, viewer);
    const known =
      since === undefined ? [] : await incidentsSince(store, viewer, momentOf("since", since, invocation.now));
    const past = known.filter(({ state }) => state === "closed");
    return { card: incidentListCard(open, past, invocation.now) };
  },
});

/** The end of the timeline is shown. A closed incident is found by its number. */
export const incidentShow = defineCommand({
  name: "incident show",
  summary: "One incident with its timeline",
  permission: "read",
  examples: ["incident show 12"],
  input: z.object({ incident: incidentNumber }),
  run: async (input, context) => shownIncident(context, await incidentNamed(context, input.incident, "read")),
});

/** Nothing that was written is changed: a correction is another entry. */
export const incidentNote = defineCommand({
  name: "incident note",
  summary: "Add a line to an incident's timeline",
  permission: "respond",
  examples: ["incident note restarted the gateway", "incident note 12 restarted the gateway"],
  shortcut: { title: "Put on the timeline", field: "text", of: "text" },
  input: z.object({ incident: incidentNumber, text: proseLine("Note", "What was seen or done", { rest: true }) }),
  async run(input, context) {
    const { number } = await incidentNamed(context, input.incident, "respond");
    const by = doneBy(context.invocation);
    return shownIncident(context, await addNote(context.store, number, oneLine(input.text), by));
  },
});

/** Whoever reads it tomorrow wants to know both. */
export const incidentResolve = defineCommand({
  name: "incident resolve",
  summary: "End an incident, with its cause and its impact",
  permission: "respond",
  examples: ['incident resolve 12 cause:"a bad release" impact:"no orders for 12 min"'],
  input: z.object({
    incident: incidentNumber,
    cause: proseLine("Cause", "What it came from; unknown if nobody knows yet"),
    impact: proseLine("Impact", "What it did, to whom and for how long, with figures"),
  }),
  async run(input, context) {
    const { number } = await incidentNamed(context, input.incident, "respond");
    const said = { cause: sentence(input.cause), impact: sentence(input.impact) };
    return shownIncident(context, await resolveIncident(context.store, number, said, doneBy(context.invocation)));
  },
});

/** What was written stays, and its timeline goes on. */
export const incidentReopen = defineCommand({
  name: "incident reopen",
  summary: "Go on with an incident that was resolved",
  permission: "respond",
  examples: ["incident reopen 12 why:it is back"],
  input: z.object({ incident: incidentNumber, why: proseLine("Why", "What came back") }),
  async run(input, context) {
    const { number } = await incidentNamed(context, input.incident, "respond");
    const by = doneBy(context.invocation);
    return shownIncident(context, await reopenIncident(context.store, number, oneLine(input.why), by));
  },
});

function sentence(text: string): string {
  const line = oneLine(text);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
