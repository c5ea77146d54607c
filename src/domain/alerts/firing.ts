import type { Tone } from "../messages/card.ts";
import type { Health } from "../systems/health.ts";
import type { Unread } from "../systems/unread.ts";
import type { Ack } from "./ack.ts";
import type { ActiveAlert, SoonAlert } from "./alert.ts";
import type { Snooze } from "./snooze.ts";

/** An alert that fires now, with the code that people type and whoever looks after it. */
export interface FiringAlert extends ActiveAlert {
  readonly code: string;
  readonly ack?: Ack;
  /** A silence keeps it from being told, until then, store time in ms. */
  readonly silencedUntil?: number | undefined;
  /** From whom notifications of it are withheld now. */
  readonly snoozes?: readonly Snooze[];
  /** The code of the alert that hides it: it is told nowhere while that fires. */
  readonly behind?: string;
}

/** What is firing on some systems now, and what could not be read. */
export interface Firing {
  /** Worst first. */
  readonly alerts: readonly FiringAlert[];
  /** Each is told for itself, however many they are. */
  readonly isApart?: boolean;
  /** How many more fire that were not asked for. */
  readonly left?: number;
  /** What does not fire yet, and will if it lasts. */
  readonly soon: readonly SoonAlert[];
  /** What is watched and could not be read, or not on every instance. */
  readonly unread: readonly Unread[];
  /** How many sources, rules, limits and facts are watched, and how many of them could not be read whole. */
  readonly watched: number;
  readonly unreadWatched: number;
  /** Titles of systems of which nothing is watched. */
  readonly unwatched: readonly string[];
  /** Systems whose parts do not all run, or of which something is wrong that no alert tells. */
  readonly notWell: readonly { readonly title: string; readonly health: Health; readonly tone: Tone }[];
  /** Where to look on: the links of the systems that something fires on. */
  readonly links: readonly { readonly name: string; readonly value: string }[];
}

/** The worst first. */
export const severityRank = { critical: 0, warning: 1, info: 2 } as const;

/** Orders alerts, the worst first; of equals the one read first stays first. */
export function byWorst(a: Pick<ActiveAlert, "severity">, b: Pick<ActiveAlert, "severity">): number {
  return severityRank[a.severity] - severityRank[b.severity];
}

/** How a severity looks. */
export function severityTone(severity: ActiveAlert["severity"]): Tone {
  return severity === "critical" ? "bad" : severity === "warning" ? "warning" : "neutral";
}
