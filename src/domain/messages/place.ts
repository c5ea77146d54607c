import { z } from "zod";
import { SurfaceId } from "../people/surface.ts";

/** Where something is said: a channel of a surface by the platform's own id, or a direct conversation with the bot. */
export const Place = z.object({
  surface: SurfaceId,
  channel: z.string(),
  thread: z.string().exactOptional(),
  direct: z.boolean().exactOptional(),
  /** `channel` is an account: the conversation of that account with the bot is meant, which may yet have to begin. */
  person: z.boolean().exactOptional(),
  /** Nothing that is said there stays: an answer is shown once, and nothing is owed to it later. */
  passing: z.boolean().exactOptional(),
});
export type Place = Readonly<z.output<typeof Place>>;
