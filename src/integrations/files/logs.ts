import { z } from "zod";
import { isTimeZone } from "../../domain/text/moment.ts";

const plainTimes = ["iso", "python"];

export const LogFiles = z
  .strictObject({
    /** A path, or a glob in its last part, below `root`. Rotated siblings are found with it, also packed with gzip or zstd. */
    file: z.string().min(1),
    /** The folder that nothing may leave, links followed. */
    root: z.string().min(1),
    format: z.enum(["json", "csv", "plain"]),
    /**
     * Field of the time (json, csv). Of plain lines `iso`, or `python` for `2026-11-21 03:04:05,678`: either finds a time in any
     * form that is read, as syslog, klog and Apache write it.
     */
    time: z.string(),
    /** IANA name of the zone of times that name none, as `Asia/Singapore`; UTC when left out. */
    zone: z.string().refine(isTimeZone, "there is no such zone; write its IANA name, as Europe/Berlin").optional(),
    level: z.string().optional(),
    message: z.string().optional(),
  })
  .superRefine(({ format, time }, context) => {
    if (format !== "plain" || plainTimes.includes(time)) return;
    const message = `is no name of a time of plain lines; write iso or python: with either, times of syslog, klog and Apache are found too`;
    context.addIssue({ code: "custom", path: ["time"], message });
  });
