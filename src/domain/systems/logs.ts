import { z } from "zod";
import { Id, Permission } from "../people/person.ts";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";

export const LogSource = z.strictObject({
  id: Id,
  title: z.string().optional(),
  /** Columns or fields shown first. */
  show: z.array(z.string()).default([]),
  /** Fields never shown, besides what looks like a secret. */
  hide: z.array(z.string()).default([]),
  /** Fields that are shown only to whoever holds this right where they ask. */
  private: z
    .strictObject({ fields: z.array(z.string().min(1)).min(1), permission: Permission.default("audit") })
    .optional(),
  source: Source,
});
export type LogSource = z.output<typeof LogSource>;

export interface LogQuery {
  readonly source: string;
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** The range ends now: lines that are dated later are told of. */
  readonly untilNow?: true;
  readonly level?: string;
  /** Plain text that the line holds, or `/…/` for a pattern (RE2 syntax). */
  readonly match?: string;
  /** Field equals value, all of them. */
  readonly where?: readonly { readonly field: string; readonly value: string }[];
  /** Fields to show instead of the whole line. */
  readonly fields?: readonly string[];
  /** Whoever asks may see the log's private fields. Left out they are masked. */
  readonly seesPrivate?: true;
  /** At most so many lines come back; the counts cover all. */
  readonly limit: number;
  /** At most so many ms. */
  readonly deadlineMs: number;
}

/** What is asked of the backend that keeps a log. */
export interface LogAsked {
  readonly log: Pick<LogSource, "id" | "show" | "hide">;
  readonly query: LogQuery;
}

export interface LogLine {
  readonly at: number | undefined;
  /** Of a line without a time: that of the line it follows, where it follows one. */
  readonly after?: number;
  readonly level?: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** Where it comes from: a file, a pod, a stream. */
  readonly origin: string;
}

/** What of a log was not read, and why. */
export type LogGap =
  /** The time was over before everything was read. */
  | { readonly why: "time" }
  /** Of this origin no more than so many lines were read, of so many bytes: the newest, where it can be read from its end. */
  | { readonly why: "cut"; readonly origin: string; readonly lines: number; readonly bytes: number }
  /** This origin could not be read, or not to its end; in words without secrets. */
  | { readonly why: "trouble"; readonly origin: string; readonly detail: string }
  /** There are more origins than are read of one log, and this is one of the rest. */
  | { readonly why: "left out"; readonly origin: string };

/** Where what there is of a log begins. */
export interface LogBeginning {
  /** ms since 1970. */
  readonly at: number;
  /** Its oldest container is from then, or nothing older is kept, or nothing older was read of it. */
  readonly why: "container" | "kept" | "cut";
}

export interface LogResult {
  /** Newest first. Secrets are masked. */
  readonly lines: readonly LogLine[];
  readonly matched: number;
  /** Matches a bucket, oldest first; none of the time before the log begins. */
  readonly counts: readonly { readonly at: number; readonly count: number }[];
  readonly bucketMs: number;
  readonly scannedBytes: number;
  /** Where was looked. */
  readonly origins: readonly string[];
  /** What of the range was not read; empty where everything was. */
  readonly gaps: readonly LogGap[];
  /** Where the log begins later than the range. Left out where it does not, and where nothing tells. */
  readonly begins?: LogBeginning;
  /** Lines that could not be read as `format`, shown as they stand. */
  readonly malformed: number;
  /** Matches whose time could not be read: whether they are of the range is not known. */
  readonly untimed?: number;
  /** Lines that would match, had they a level. */
  readonly unlevelled?: number;
  /** Lines that would match and are dated later than now, where the range ends now. */
  readonly ahead?: number;
  /** The form of the lines, for example `json`. */
  readonly format: string;
}

export interface Logs {
  /** Throws UserError for a bad query, BackendError when the log cannot be read. */
  search(system: System, query: LogQuery): Promise<LogResult>;
}
