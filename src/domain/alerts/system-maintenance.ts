import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import { WeeklyTime } from "./quiet-time.ts";

/** What a system's operators have agreed on maintenance of it. */
export const SystemMaintenance = z.strictObject({
  /** Hours that come back. They count once `alerts.announce` of wardroom.yaml says where they are told: what nobody is told of mutes nothing. */
  windows: z
    .array(
      z.strictObject({
        id: Id,
        /** As people read it; the id when left out. */
        title: z.string().min(1).max(60).optional(),
        times: z.array(WeeklyTime).min(1),
      }),
    )
    .max(20)
    .default([]),
  /** What holds for a window of this system that comes once. */
  emergency: z
    .strictObject({
      /** How long it may last at the most. */
      longest: Duration.optional(),
      /** How long before it begins it has to be told. */
      ahead: Duration.optional(),
      /** It has to say how it is taken back. */
      rollback: z.boolean().default(false),
    })
    .optional(),
});
