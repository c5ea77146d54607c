import { z } from "zod";
import { Id } from "../people/person.ts";
import type { Reading } from "../systems/reading.ts";
import { Source } from "../systems/sources.ts";
import type { System } from "../systems/system.ts";

export const AlertSource = z.strictObject({ id: Id, source: Source });
export type AlertSource = z.output<typeof AlertSource>;

/** An alert as its source tells it. */
export interface FoundAlert {
  readonly id: string;
  readonly severity: "critical" | "warning" | "info";
  /** The system's own word for the severity. */
  readonly ownSeverity: string;
  readonly summary: string;
  readonly since?: number;
  readonly hint?: string;
}

export interface ActiveAlert extends FoundAlert {
  readonly system: string;
  readonly source: string;
}

export interface Alerts {
  /** A live read of every alert source and rule of a system. A failed source is a failed reading, never "no alerts". */
  active(
    system: System,
  ): Promise<readonly { readonly source: string; readonly reading: Reading<readonly ActiveAlert[]> }[]>;
}
