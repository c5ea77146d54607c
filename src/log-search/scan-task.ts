import type { LogLine } from "../domain/systems/logs.ts";

/** What the main thread and the scanning threads say to each other: plain data that can be cloned. */

export interface LineFormat {
  readonly kind: "json" | "csv" | "plain";
  /** Field of the time; unused for plain lines, which begin with it. */
  readonly time: string;
  readonly level: string;
  readonly message: string | undefined;
  readonly show: readonly string[];
  readonly hide: readonly string[];
}

export interface Question {
  /** Both inclusive, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** Least rank of the level, see `rankOf`. */
  readonly rank: number | undefined;
  readonly match: { readonly kind: "text" | "pattern"; readonly text: string } | undefined;
  readonly where: readonly { readonly field: string; readonly value: string }[];
  readonly fields: readonly string[] | undefined;
}

/** One file, opened by the main thread, which has proved that it lies where it may. */
export interface OpenFile {
  readonly fd: number;
  /** Path below the root, as answers name it. */
  readonly name: string;
  readonly size: number;
  readonly compressed: boolean;
  readonly modifiedAt: number;
}

export interface LocateTask {
  readonly kind: "locate";
  readonly file: OpenFile;
  readonly format: LineFormat;
  readonly from: number;
  readonly to: number;
}

/** The part of a file that can hold lines of a time range. */
export interface Located {
  readonly start: number;
  readonly end: number;
  /** Time that undated lines at the head of the file go by. */
  readonly leadAt: number;
  /** Time of its first dated record; undefined where none is near its head, and of a compressed file. */
  readonly firstAt?: number;
  /** Columns of a CSV file; undefined when its first record is not a header. */
  readonly header: readonly string[] | undefined;
  /** Lines further on are newer, as far as was looked. */
  readonly ordered: boolean;
}

export interface ScanTask {
  readonly kind: "scan";
  readonly file: OpenFile;
  readonly format: LineFormat;
  readonly question: Question;
  /** Records that begin in [start, end) are this task's. */
  readonly start: number;
  /** A record is known to begin at `start`. */
  readonly keepsStart: boolean;
  readonly end: number;
  readonly leadAt: number;
  readonly header: readonly string[] | undefined;
  /** Lines wanted: the newest. Counts cover all. */
  readonly keep: number;
  /** `Date.now()` after which it answers with what it has. */
  readonly deadlineAt: number;
}

export interface FoundLine extends LogLine {
  /** Where it sorts: its own time, or that of the line it follows. */
  readonly sortAt: number;
  readonly position: number;
}

export interface Scanned {
  /** Newest first. */
  readonly lines: readonly FoundLine[];
  readonly matched: number;
  readonly malformed: number;
  /** [minute since 1970, matches]. */
  readonly minutes: readonly (readonly [number, number])[];
  readonly bytes: number;
  readonly complete: boolean;
  /** Of a compressed file: the time of its first dated record, where one is near its head. */
  readonly firstAt?: number;
}

export type Task = LocateTask | ScanTask;

export interface ScanOrder {
  readonly task: Task;
  /** What the thread has to mask by its value and was not told yet. */
  readonly secrets: readonly string[];
}

export type ScanAnswer =
  | { readonly kind: "located"; readonly located: Located }
  | { readonly kind: "scanned"; readonly scanned: Scanned }
  /** `code` is the system's, such as EIO. */
  | { readonly kind: "failed"; readonly message: string; readonly code: string | undefined };
