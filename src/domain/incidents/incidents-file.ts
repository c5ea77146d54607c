import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";

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
});
export type IncidentsInFile = z.output<typeof IncidentsInFile>;
