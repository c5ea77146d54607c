import { z } from "zod";

/** How many events came to each outcome. Until now nothing was counted that ends or acknowledges what does not fire. */
export const StoredOutcomes = z.object({
  recorded: z.number(),
  duplicate: z.number(),
  outOfOrder: z.number(),
  unmatched: z.number().default(0),
  quarantined: z.number(),
});

/** How many events came to each fate. Until now nothing was snoozed. */
export const StoredFateCounts = z.object({
  shown: z.number(),
  folded: z.number(),
  snoozed: z.number().default(0),
  silenced: z.number(),
  inhibited: z.number(),
  muted: z.number(),
  dead: z.number(),
});
