import type { Reading } from "./reading.ts";
import type { System } from "./system.ts";

/** One entry of a system's list. */
export interface ListEntry {
  readonly value: string;
  /** More about it; empty when nothing is known. */
  readonly label: string;
}

export interface Lists {
  /** A live read of one of a system's lists. What is no list is a failed reading, never an empty one. */
  read(system: System, list: string): Promise<Reading<readonly ListEntry[]>>;
}
