import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import { severities } from "./incident.ts";
import { type Cadence, usualCadence } from "./incident-update.ts";

/** What is to be done in every incident of a kind. */
const ChecklistItem = z.strictObject({
  text: z.string().min(2).max(300),
  /** Due so long after it was declared. */
  within: Duration.optional(),
});

/** A kind of incident that is dealt with in a way of its own. */
export const IncidentKind = z.strictObject({
  id: Id,
  /** What people call it; the id when left out. */
  title: z.string().min(1).max(60).optional(),
  /** Only those who are in it see it: whoever declared it, has a role in it, or was brought in. Its rooms are private. */
  private: z.boolean().default(false),
  checklist: z.array(ChecklistItem).max(30).default([]),
});
export type IncidentKind = z.output<typeof IncidentKind>;

/** Longest time between two updates, by severity. */
const CadenceInFile = z.partialRecord(
  z.enum(severities),
  Duration.refine((ms) => ms >= 60_000, "at least a minute"),
);

/** Who is told how incidents stand, and how often. */
const UpdatesInFile = z.strictObject({
  /** Ids of the channels of those who are told. */
  channels: z.array(Id).max(10).default([]),
  every: CadenceInFile.default({}),
  /** What is otherwise for a system, by its id. */
  systems: z
    .record(Id, z.strictObject({ channels: z.array(Id).max(10).optional(), every: CadenceInFile.default({}) }))
    .default({}),
});

/** How incidents are kept, as `wardroom.yaml` says it. */
export const IncidentsInFile = z.strictObject({
  /**
   * Ids of channels, one for a surface: there each incident has a room of its own, a channel like that one or a thread below it, in
   * which what that one allows is allowed for the incident's system.
   */
  rooms: z.array(Id).max(10).default([]),
  /** Ids of people and rotations that are brought into every room, besides who is on call for the system. */
  invite: z.array(Id).max(50).default([]),
  kinds: z.array(IncidentKind).max(20).default([]),
  updates: UpdatesInFile.prefault({}),
});
export type IncidentsInFile = z.output<typeof IncidentsInFile>;

/** Who is told how the incidents of a system stand, by ids of channels. */
export function updateChannels({ updates }: IncidentsInFile, system: string | undefined): readonly string[] {
  return (system === undefined ? undefined : updates.systems[system]?.channels) ?? updates.channels;
}

/** How often they are told: what the files say of the system, of all, and what is usual. */
export function updateCadence({ updates }: IncidentsInFile, system: string | undefined): Cadence {
  const own = system === undefined ? undefined : updates.systems[system]?.every;
  return { ...usualCadence, ...updates.every, ...own };
}
