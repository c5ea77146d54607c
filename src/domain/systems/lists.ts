import { z } from "zod";
import { Id } from "../people/person.ts";
import type { Reading } from "./reading.ts";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";

/**
 * Things of the system that come and go: its services, its backups. Read live while somebody types the argument of an
 * operation, and again when it is asked for.
 */
export const ListSource = z.strictObject({
  title: z.string(),
  /**
   * A fact of the system: only what comes after the entry that it says, as the tags before the release that runs in a list that has the
   * newest first. Where it says none of them it is the whole list.
   */
  after: Id.optional(),
  source: Source,
});
export type ListSource = z.output<typeof ListSource>;

/** One entry of a system's list. */
export interface ListEntry {
  readonly value: string;
  /** More about it; empty when nothing is known. */
  readonly label: string;
}

export interface Lists {
  /**
   * A live read of one of a system's lists. What is no list is a failed reading, never an empty one. `withinMs`: no longer than
   * this, where somebody cannot wait as long as a list may take. `round`: the same object for what is to be of one moment.
   */
  read(
    system: System,
    list: string,
    asked?: { readonly withinMs?: number; readonly round?: object },
  ): Promise<Reading<readonly ListEntry[]>>;
}
