import { z } from "zod";
import { Id } from "../people/person.ts";
import type { MissingInstances } from "../systems/metrics.ts";
import type { Reading } from "../systems/reading.ts";
import { Source } from "../systems/sources.ts";
import type { System } from "../systems/system.ts";
import type { AlertLabels } from "./matcher.ts";
import type { OwnReadings } from "./own-series.ts";

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
  /** What it is told apart by, where its source has that. */
  readonly labels?: AlertLabels;
  /** What else its source says of it, as `runbook_url`. */
  readonly annotations?: AlertLabels;
}

export interface ActiveAlert extends FoundAlert {
  readonly system: string;
  readonly source: string;
  /** What people type to name it, where that is not worked out from what its source calls it. */
  readonly code?: string;
}

/** A rule that is breached, not yet for as long as it takes to fire. */
export interface SoonAlert extends Pick<FoundAlert, "severity" | "summary"> {
  readonly system: string;
  /** Since when it is breached, store time in ms, and how long that has to last, in ms. */
  readonly since: number;
  readonly lastsMs: number;
}

/** One thing that is watched, and which of its alerts fire. What could not be read is a failed reading, never "no alerts". */
export interface Watched {
  /** `monitor`, `rule slow`: there are as many of a system whatever state it is in. */
  readonly source: string;
  readonly reading: Reading<readonly ActiveAlert[]>;
  /** It does not fire yet, and will if this lasts. */
  readonly soon?: SoonAlert;
  /** What shows on these instances is not seen. */
  readonly missing?: MissingInstances;
  /** It rests on a metric or fact, whose failure is told there. */
  readonly rests?: boolean;
  /** Nothing that it could be read of runs, as a request left it. */
  readonly stopped?: boolean;
  /** Of a rule whose time the bot counts: since when it holds, store time in ms, by what each of its alerts is called. */
  readonly held?: Readonly<Record<string, number>>;
  /** How long its alerts are kept after they were last seen, ms. */
  readonly keepMs?: number;
}

/** What rules of a file are judged on. */
export interface RulesAsked {
  readonly system: System;
  readonly readings: OwnReadings;
  /** Since when what held at the look before holds, as `held` of `Watched` said then. */
  readonly held: Readonly<Record<string, number>>;
  readonly now: number;
}

export interface Alerts {
  /** A live read of every alert source of a system. Never rejects. */
  listed(system: System): Promise<readonly Watched[]>;
  /** Every rule of a system, and every limit of a metric that no rule covers, judged on what was read of it. Never rejects. */
  judged(system: System, readings: OwnReadings): Promise<readonly Watched[]>;
}
