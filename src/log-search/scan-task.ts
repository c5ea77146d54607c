import type { LogLine } from "../domain/systems/logs.ts";
import type { Header } from "./csv-header.ts";

/** What the main thread and the scanning threads say to each other: plain data that can be cloned. */

export interface LineFormat {
  readonly kind: "json" | "csv" | "plain";
  /** Field of the time; unused for plain lines, which begin with it. */
  readonly time: string;
  readonly level: string;
  readonly message: string | undefined;
  readonly show: readonly string[];
  readonly hide: readonly string[];
  /** IANA name of the zone of times that name none; UTC when left out. */
  readonly zone: string | undefined;
}

/** What a file is that has to be unpacked from its beginning to be read. */
export type Packing = "gzip" | "zstd" | "utf-16le" | "utf-16be";

export interface Question {
  /** Both inclusive, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** The range ends now: what is dated later is counted. */
  readonly untilNow: boolean;
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
  readonly packing: Packing | undefined;
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
  /** Time that undated lines at the head of the file go by; NaN where no line near its head has one. */
  readonly leadAt: number;
  /** Time of its first dated record; undefined where none is near its head, and of a packed file. */
  readonly firstAt?: number;
  /** Of a CSV file; undefined when its first record is not a header. */
  readonly header: Header | undefined;
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
  readonly header: Header | undefined;
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
  readonly aside: Aside;
  /** Columns of the CSV headers that it was read under. */
  readonly columns: readonly string[];
  /** [minute since 1970, matches]. */
  readonly minutes: readonly (readonly [number, number])[];
  readonly bytes: number;
  readonly complete: boolean;
  /** Of a packed file: the time of its first dated record, where one is near its head. */
  readonly firstAt?: number;
}

/** Lines that may belong to an answer and are not counted among its matches. */
export interface Aside {
  /** Lines whose time, and that of every line before them, could not be read. */
  readonly untimed: number;
  /** Lines without a level where one is asked for. */
  readonly unlevelled: number;
  /** Lines dated later than now where the range ends now, and the latest of them. */
  readonly ahead: number;
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
