import { z } from "zod";

const Tone = z.enum(["neutral", "warning", "bad"]);

/** What happened in one stretch of time, and how bad the worst of it was; null where nothing is known of it. */
const Cell = z.object({ count: z.number(), tone: Tone }).nullable();

/** What of a digest is seen sooner than read: one picture with up to three parts, of which each may be missing. Times in ms. */
export const DigestPicture = z.object({
  title: z.string(),
  from: z.number(),
  to: z.number(),
  timezone: z.string(),
  /** The course of one number. */
  curve: z
    .object({
      title: z.string(),
      unit: z.string(),
      samples: z.array(z.object({ at: z.number(), value: z.number() })),
    })
    .exactOptional(),
  /** How much happened when, a row for each system. */
  strip: z
    .object({ title: z.string(), rows: z.array(z.object({ name: z.string(), cells: z.array(Cell) })) })
    .exactOptional(),
  /** How much of each limit is used up: 1 is all of it. */
  budget: z
    .object({
      title: z.string(),
      rows: z.array(z.object({ name: z.string(), used: z.number(), words: z.string(), tone: Tone })),
    })
    .exactOptional(),
});
export type DigestPicture = z.output<typeof DigestPicture>;

/** What sections give to it. */
export type DrawnPart = Partial<Pick<DigestPicture, "curve" | "strip" | "budget">>;
