import { z } from "zod";

/** How many events came to each outcome. Until now nothing was counted that ends or acknowledges what does not fire. */
export const StoredOutcomes = z.object({
  recorded: z.number(),
  duplicate: z.number(),
  outOfOrder: z.number(),
  unmatched: z.number().default(0),
  quarantined: z.number(),
});
