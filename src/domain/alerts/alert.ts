import type { Reading } from "../systems/reading.ts";
import type { System } from "../systems/system.ts";

export interface ActiveAlert {
  readonly system: string;
  readonly source: string;
  readonly id: string;
  readonly severity: "critical" | "warning" | "info";
  /** The system's own word for the severity. */
  readonly ownSeverity: string;
  readonly summary: string;
  readonly since?: number;
  readonly hint?: string;
}

export interface Alerts {
  /** A live read of every alert source and rule of a system. A failed source is a failed reading, never "no alerts". */
  active(
    system: System,
  ): Promise<readonly { readonly source: string; readonly reading: Reading<readonly ActiveAlert[]> }[]>;
}
