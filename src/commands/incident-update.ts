import { z } from "zod";
import { snoozeReminder, updateIncident } from "../acts/incidents/update-incident.ts";
import { updateCard } from "../cards/incident-update.ts";
import { type CommandContext, defineCommand, doneBy } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import { updateCadence, updateChannels } from "../domain/incidents/incidents-file.ts";
import { type Channel, everySystem, readableChannels } from "../domain/people/policy.ts";
import { clock } from "../domain/text/moment.ts";
import { oneLine, span } from "../domain/text/quantities.ts";
import { parseSpan } from "../domain/text/spoken-span.ts";
import { incidentNamed, incidentNumber, proseLine } from "./incident-fields.ts";

const numberGiven = incidentNumber.meta({ ...incidentNumber.meta(), positional: false });
const snoozeMs = 15 * 60_000;

/** Only what is confirmed is told as such; what is not stands under what is being checked. */
export const incidentUpdate = defineCommand({
  name: "incident update",
  summary: "Tell others how an incident stands, and when they hear again",
  permission: "respond",
  examples: [
    'incident update "no orders go out" since:14:05 checking:"the release of noon" advice:"place none by hand" next:30m',
  ],
  input: z.object({
    known: z.string().min(2).max(600).meta({
      label: "Confirmed",
      help: "Only what is confirmed",
      positional: true,
      rest: true,
      multiline: true,
      prose: true,
    }),
    since: z.string().max(60).optional().meta({ label: "Since", help: "Since when that is so", prose: true }),
    checking: proseLine("Being checked", "What is not confirmed yet, and is being looked at").optional(),
    advice: proseLine("What to do", "What whoever reads it should do or leave").optional(),
    next: z.string().max(10).optional().meta({
      label: "Next update",
      help: "After how long at the latest; by severity when left out",
      suggest: "durations",
    }),
    incident: numberGiven,
  }),
  async run(input, context) {
    const { store, invocation, incidents } = context;
    const incident = await incidentNamed(context, input.incident, "respond");
    const channels = toldIn(context, incident);
    const update = await updateIncident(
      store,
      incident,
      {
        said: {
          known: oneLine(input.known),
          ...lined("since", input.since),
          ...lined("checking", input.checking),
          ...lined("advice", input.advice),
        },
        nextMs:
          input.next === undefined ? updateCadence(incidents, incident.system)[incident.severity] : nextOf(input.next),
        places: channels
          .filter(
            ({ channel, surface }) => invocation.place.channel !== channel || invocation.place.surface !== surface,
          )
          .map(({ surface, channel }) => ({ surface, channel })),
      },
      doneBy(invocation),
    );
    const footer = incident.isPrivate
      ? "It is kept from others: nobody else was told."
      : channels.length === 0
        ? "No channel is told of it: name those who are under incidents: updates: channels."
        : `Told in ${channels.map(({ title, id }) => title ?? id).join(", ")}.`;
    return {
      card: { ...updateCard(incident, update, invocation.now), footer },
      ...(incident.isPrivate && { private: true }),
    };
  },
});

/** The next one comes as ever. */
export const incidentSnooze = defineCommand({
  name: "incident snooze",
  summary: "Put off the next reminder of an update, once",
  permission: "respond",
  examples: ["incident snooze"],
  input: z.object({ incident: incidentNumber }),
  async run(input, context) {
    const incident = await incidentNamed(context, input.incident, "respond");
    const everyMs = updateCadence(context.incidents, incident.system)[incident.severity];
    const { store, invocation } = context;
    const until = await snoozeReminder(store, incident, { everyMs, forMs: snoozeMs }, doneBy(invocation));
    return {
      private: true,
      card: {
        tone: "neutral",
        title: `The next update of incident ${incident.number} may wait until ${clock(until, invocation.now)}`,
        summary: everyMs === undefined ? "" : `After it, one is due every ${span(everyMs)} as before.`,
        blocks: [],
      },
    };
  },
});

/** What is kept from others is told nowhere, and a channel that may not see the system is not told of it. */
function toldIn({ incidents, people }: CommandContext, { system, isPrivate }: Incident): readonly Channel[] {
  if (isPrivate) return [];
  return readableChannels(people.policy(), {
    ids: updateChannels(incidents, system),
    systems: [system ?? everySystem],
  });
}

function lined<Key extends string>(key: Key, text: string | undefined): Partial<Record<Key, string>> {
  const made: Partial<Record<Key, string>> = {};
  if (text !== undefined && text !== "") made[key] = oneLine(text);
  return made;
}

function nextOf(text: string): number {
  const ms = parseSpan(text);
  if (ms === undefined || ms < 60_000) throw new UserError(`next: does not understand ${text}.`, "Write 15m or 2h.");
  return ms;
}
