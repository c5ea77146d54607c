import { z } from "zod";
import { surfaces } from "../people/person.ts";

/** Where something is said: a channel of a surface by the platform's own id, or a direct conversation with the bot. */
export const Place = z.object({
  surface: z.enum(surfaces),
  channel: z.string(),
  thread: z.string().exactOptional(),
  direct: z.boolean().exactOptional(),
});
export type Place = Readonly<z.output<typeof Place>>;
