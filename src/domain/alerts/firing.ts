import type { Ack } from "./ack.ts";
import type { ActiveAlert } from "./alert.ts";

/** An alert that fires now, with the code that people type and whoever looks after it. */
export interface FiringAlert extends ActiveAlert {
  readonly code: string;
  readonly ack?: Ack;
}

/** A source that could not be read: it may hold alerts that fire. */
export interface UnreadSource {
  readonly system: string;
  readonly source: string;
  readonly detail: string;
}

/** What is firing on some systems now, and what could not be read. */
export interface Firing {
  /** Worst first. */
  readonly alerts: readonly FiringAlert[];
  readonly unread: readonly UnreadSource[];
  /** How many sources were asked. */
  readonly sources: number;
}

const rank = { critical: 0, warning: 1, info: 2 } as const;

/** Orders alerts, the worst first; of equals the one read first stays first. */
export function byWorst(a: Pick<ActiveAlert, "severity">, b: Pick<ActiveAlert, "severity">): number {
  return rank[a.severity] - rank[b.severity];
}
