import { z } from "zod";
import { Place } from "../messages/place.ts";

/** The worst first. */
export const severities = ["P0", "P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

const Entry = z.object({ at: z.number(), person: z.string(), name: z.string(), text: z.string() });
/** One line of an incident's timeline; nothing that was written is changed. */
export type IncidentEntry = z.output<typeof Entry>;

/** Something that people deal with together until it is over. */
export const Incident = z.object({
  format: z.literal(1),
  number: z.int(),
  title: z.string(),
  severity: z.enum(severities),
  system: z.string().exactOptional(),
  state: z.enum(["open", "closed"]),
  openedAt: z.number(),
  openedBy: z.object({ person: z.string(), name: z.string() }),
  closedAt: z.number().exactOptional(),
  place: Place,
  timeline: z.array(Entry),
});
export type Incident = z.output<typeof Incident>;
