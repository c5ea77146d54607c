import { z } from "zod";
import { addLesson } from "../acts/incidents/respond.ts";
import { incidentChart } from "../cards/incident-chart.ts";
import { catchUpCard, incidentStatsCard } from "../cards/incident-story.ts";
import type { Picture } from "../cards/metric-chart.ts";
import { postMortemCard, postMortemMarkdown } from "../cards/post-mortem.ts";
import { type CommandContext, defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import { inTurns } from "../domain/in-turns.ts";
import {
  figuresOf,
  type IncidentEvidence,
  lessonKinds,
  type PostMortem,
  postMortemOf,
} from "../domain/incidents/post-mortem.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { incidentEvidence } from "../reads/incident-evidence.ts";
import { incidentRecord, incidentsSince } from "../reads/incident-record.ts";
import { drawn } from "./draw.ts";
import { momentField, momentOf, system, systemNamed } from "./fields.ts";
import { incidentNamed, incidentNumber, shownIncident } from "./incident-fields.ts";

/** Nobody else sees that somebody had to ask. */
export const incidentCatchup = defineCommand({
  name: "incident catchup",
  summary: "What happened in an incident so far, for you alone",
  permission: "read",
  examples: ["incident catchup"],
  input: z.object({ incident: incidentNumber }),
  async run(input, context) {
    const incident = await incidentNamed(context, input.incident, "read");
    const record = await incidentRecord(context.store, incident);
    return { private: true, card: catchUpCard(record, context.invocation.now) };
  },
});

/** What is known at the time: of one that goes on it is a draft. */
export const incidentPostmortem = defineCommand({
  name: "incident postmortem",
  summary: "The post-mortem of an incident, as Markdown and JSON",
  permission: "read",
  examples: ["incident postmortem 12"],
  input: z.object({ incident: incidentNumber }),
  async run(input, context) {
    const incident = await incidentNamed(context, input.incident, "read");
    const record = await incidentRecord(context.store, incident);
    const evidence = await incidentEvidence(context, record, context.invocation.now);
    const written = postMortemOf(record, evidence);
    const courses = await drawnCourses(context, written, evidence);
    return {
      card: postMortemCard(written, courses),
      files: [
        ...courses.flatMap(({ picture }) => ("file" in picture ? [picture.file] : [])),
        {
          name: `incident-${incident.number}.md`,
          mediaType: "text/markdown",
          bytes: encoded(postMortemMarkdown(written, courses)),
        },
        {
          name: `incident-${incident.number}.json`,
          mediaType: "application/json",
          bytes: encoded(`${JSON.stringify(written, null, 2)}\n`),
        },
      ],
      ...(incident.isPrivate && { private: true }),
    };
  },
});

/** The courses of an incident as pictures, whose times are UTC as those of its timeline are. */
async function drawnCourses(
  context: CommandContext,
  { number, system: of }: PostMortem,
  { courses, from, to }: IncidentEvidence,
): Promise<readonly { readonly title: string; readonly picture: Picture }[]> {
  const title = (of === undefined ? undefined : context.systems.find(of)?.title) ?? "";
  return inTurns([...courses.entries()], 2, async ([index, course]) => {
    const picture = await drawn(context, incidentChart(course, { title, from, to }));
    const name = `incident-${number}-${index + 1}.png`;
    return { title: course.title, picture: "file" in picture ? { file: { ...picture.file, name } } : picture };
  });
}

/** Also of an incident that is over. */
export const incidentLearned = defineCommand({
  name: "incident learned",
  summary: "Say what went well or badly in an incident, or was luck",
  permission: "respond",
  examples: ['incident learned luck "the market was closed"'],
  input: z.object({
    how: z.enum(lessonKinds).meta({ label: "How", help: "What went well, went badly, or was luck", positional: true }),
    what: z
      .string()
      .min(2)
      .max(400)
      .meta({ label: "What", help: "In a sentence", positional: true, rest: true, prose: true }),
    incident: incidentNumber.meta({ ...incidentNumber.meta(), positional: false }),
  }),
  async run({ how, what, incident: named }, context) {
    const { number, state } = await incidentNamed(context, named, "respond");
    const said = { lesson: how, what: oneLine(what), ofClosed: state === "closed" };
    return shownIncident(context, await addLesson(context.store, number, said, doneBy(context.invocation)));
  },
});

/** Of what this person may see here. */
export const incidentStats = defineCommand({
  name: "incident stats",
  summary: "How many incidents there were, and how long it took to see, take and resolve them",
  permission: "read",
  systemField: "system",
  examples: ["incident stats", "incident stats since:90d system:{system}"],
  input: z.object({
    since: momentField("Since", "How long ago (7d) or when (2026-11-21)").default("30d"),
    system: system.optional().meta({ ...system.meta(), positional: false }),
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const of = input.system === undefined ? undefined : systemNamed(context, input.system).id;
    const from = momentOf("since", input.since, invocation.now);
    const found = await incidentsSince(store, viewerOf(context), from);
    const meant = found.filter((each) => of === undefined || each.system === of);
    const counts = await Promise.all(
      meant.map(async (incident) => ({ incident, figures: figuresOf(await incidentRecord(store, incident)) })),
    );
    return { card: incidentStatsCard(counts, `since ${input.since}${of === undefined ? "" : ` on ${of}`}`) };
  },
});

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
