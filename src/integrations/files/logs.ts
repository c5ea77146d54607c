import { z } from "zod";

export const LogFiles = z.strictObject({
  /** A path, or a glob in its last part, below `root`. Rotated and gzipped siblings are found with it. */
  file: z.string().min(1),
  /** The folder that nothing may leave, links followed. */
  root: z.string().min(1),
  format: z.enum(["json", "csv", "plain"]),
  /** Field of the time (json, csv) or a pattern's name (plain: `iso` or `python` for `2026-11-21 03:04:05,678`). */
  time: z.string(),
  level: z.string().optional(),
  message: z.string().optional(),
});
