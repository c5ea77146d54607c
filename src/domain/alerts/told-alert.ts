import { rfc3339 } from "../text/moment.ts";
import type { AlertLabels } from "./matcher.ts";
import type { FoundReport } from "./reconcile.ts";
import { noEnd } from "./reported-alert.ts";

/** What a sender says that names an alert and need not know when it began. */
export interface ToldAlert {
  /** What the sender tells it apart by: the same for every occurrence of it. */
  readonly fingerprint: string;
  readonly event: "firing" | "resolved" | "acknowledged";
  /** The time that it tells, in ms. */
  readonly startsAt?: number;
  /** That time is when this occurrence began, the same whenever it is told of; else it is when it was told. */
  readonly isBeginning?: boolean;
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
  /** Where its source shows it. */
  readonly link?: string;
}

/** What of a body can be read as something told, or is handed on to be put in quarantine. */
export type ToldEntry = ToldAlert | { readonly raw: unknown };

/** The last occurrence of such an alert, from which each thing that is told goes on. Times are in ms. */
export interface Occurrence extends Pick<ToldAlert, "fingerprint" | "labels" | "annotations" | "link"> {
  readonly sender: string;
  readonly state: "firing" | "resolved";
  readonly startsAt: number;
  readonly endedAt?: number;
  /** When it was last told of, store time. */
  readonly at: number;
}

/**
 * What somebody told at `now` says in the form of Alertmanager's webhook, and the occurrence then. Nothing is reported of an end or an
 * acknowledgement of what was never told to fire. While it fires it is one occurrence, however often it is told. What is taken in
 * later than it was told takes back nothing that was told since.
 */
export function occurrenceStep(
  before: Occurrence | undefined,
  told: ToldAlert,
  { sender, now }: { readonly sender: string; readonly now: number },
): { readonly report?: FoundReport; readonly after?: Occurrence } {
  const step = told.event === "firing" ? began(before, told, now) : ended(before, told, now);
  if (!step) return {};
  const after: Occurrence = { ...step, sender, at: Math.max(before?.at ?? now, now) };
  return { report: reportOf(after, told), after };
}

type Step = Omit<Occurrence, "sender" | "at">;

function began(before: Occurrence | undefined, told: ToldAlert, now: number): Step {
  const said = whatItSays(told);
  // A beginning is what occurrences are told apart by, whatever clock it is of.
  const startsAt = told.isBeginning ? (told.startsAt ?? now) : Math.min(told.startsAt ?? now, now);
  if (!before) return { ...said, state: "firing", startsAt };
  if (before.state === "firing") return { ...said, state: "firing", startsAt: before.startsAt };
  if (before.at > now) return before;
  // What was over is told once more, as where a post is repeated.
  if (told.isBeginning && startsAt <= before.startsAt) return before;
  return { ...said, state: "firing", startsAt: Math.max(startsAt, before.startsAt + 1) };
}

function ended(before: Occurrence | undefined, told: ToldAlert, now: number): Step | undefined {
  const { startsAt, isBeginning = false } = told;
  if (!before) {
    if (told.event !== "resolved" || !isBeginning || startsAt === undefined) return undefined;
    return { ...whatItSays(told), state: "resolved", startsAt, endedAt: Math.max(startsAt, now) };
  }
  if (before.startsAt > now) return undefined;
  if (told.event === "acknowledged") return before.state === "firing" ? before : undefined;
  const isEarlier = isBeginning && startsAt !== undefined && startsAt < before.startsAt;
  if (before.state === "resolved") return before;
  return isEarlier ? undefined : { ...before, state: "resolved", endedAt: Math.max(now, before.startsAt) };
}

function whatItSays({ fingerprint, labels, annotations, link }: ToldAlert): Omit<Step, "state" | "startsAt"> {
  return { fingerprint, labels, annotations, ...(link !== undefined && { link }) };
}

/** What is told to fire and is over says so of the occurrence that is over, which is on record as out of order. */
function reportOf(after: Occurrence, told: ToldAlert): FoundReport {
  const { fingerprint, labels, annotations, link, state, startsAt, endedAt } = after;
  const status = told.event === "firing" ? "firing" : state;
  return {
    status,
    labels,
    annotations,
    startsAt: rfc3339(startsAt),
    endsAt: status === "resolved" && endedAt !== undefined ? rfc3339(endedAt) : noEnd,
    fingerprint,
    ...(link !== undefined && { generatorURL: link }),
  };
}
