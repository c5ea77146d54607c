import type { ActiveAlert } from "./alert.ts";
import { alertWith } from "./labelled-alert.ts";
import { type AlertLabels, labelIn } from "./matcher.ts";
import type { ReportedAlert } from "./reported-alert.ts";

/**
 * What became of one alert of one batch. `recorded`: it told something new, which is yet to be delivered. `duplicate`: it told
 * what was known. `outOfOrder`: it says of an episode that is over that it fires. `unmatched`: it ends or acknowledges what does
 * not fire. `quarantined`: it could not be used.
 */
export const eventOutcomes = ["recorded", "duplicate", "outOfOrder", "unmatched", "quarantined"] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

/** How many events came to each outcome. */
export type OutcomeCounts = Readonly<Record<EventOutcome, number>>;

export const noOutcomes: OutcomeCounts = { recorded: 0, duplicate: 0, outOfOrder: 0, unmatched: 0, quarantined: 0 };

/** An alert from when it began to fire until it is over: one for each sender, fingerprint and beginning. */
export interface Episode extends ReportedAlert {
  readonly sender: string;
  readonly system: string;
  readonly severity: ActiveAlert["severity"];
  /** The sender's own word for the severity; empty where it has none. */
  readonly ownSeverity: string;
  /** Its end was never sent: it was no longer where its sender has it. */
  readonly unsent?: true;
  /** Its sender has told of it, and not only looks at that sender. */
  readonly posted?: true;
  /** When it was first and last told of, ms. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Ids of the batches that it first and last came in. */
  readonly firstIn: string;
  readonly lastIn: string;
  /** What became of what was told of it. */
  readonly told: OutcomeCounts;
}

/** How one alert of a batch came in. */
export interface CameIn {
  readonly sender: string;
  readonly system: string;
  readonly at: number;
  readonly batch: string;
  /** Set of what was found by looking at the sender, and not sent by it: when that look began, ms. */
  readonly lookedAt?: number | undefined;
}

/**
 * The episode once this was told of it, and what became of that. Over is over: of one beginning no report that comes soon
 * after takes it back, in whatever order they come, and of several ends the last counts. So any order and any repetition come to
 * the same; what says minutes later that it fires means it. What was found
 * by looking at the sender is of one moment: it counts where nothing was told since, and then takes an end back as well. An end that
 * was only found gives way to whatever the sender says.
 */
export function withReport(
  standing: Episode | undefined,
  report: ReportedAlert,
  { sender, system, at, batch, lookedAt }: CameIn,
): { readonly episode: Episode; readonly outcome: EventOutcome } {
  const outcome = standing ? outcomeOn(standing, report, { lookedAt, at }) : "recorded";
  const { severity, labels } = alertWith(report.labels);
  const before: BeforeReport = standing ?? { ...report, firstAt: at, firstIn: batch, told: noOutcomes };
  const changes = outcome === "recorded" || (outcome === "duplicate" && lookedAt === undefined);
  const now = changes ? newest(before, report, lookedAt) : before;
  const isPosted = standing?.posted === true || lookedAt === undefined;
  return {
    outcome,
    episode: {
      ...now,
      ...(isPosted && { posted: true }),
      sender,
      system: standing?.system ?? system,
      severity,
      ownSeverity: labelIn(labels, "severity"),
      firstAt: before.firstAt,
      firstIn: before.firstIn,
      // What is taken in later than it was posted is not the last that was told.
      lastAt: Math.max(standing?.lastAt ?? at, at),
      lastIn: batch,
      told: { ...before.told, [outcome]: before.told[outcome] + 1 },
    },
  };
}

type BeforeReport = ReportedAlert & Pick<Episode, "unsent" | "firstAt" | "firstIn" | "told">;

/**
 * What is told of one alert overtakes by less than this, ms: a sender hears its answer before it tells more of the same group, and
 * peers wait for each other by 15 s. What is told later of the same beginning says how it is then, as where Prometheus could not
 * reach its Alertmanager, which took the alert for over.
 */
const overtakenMs = 120_000;

function outcomeOn(
  standing: Episode,
  report: ReportedAlert,
  { lookedAt, at }: Pick<CameIn, "lookedAt" | "at">,
): EventOutcome {
  const isOther = standing.state !== report.state;
  if (lookedAt !== undefined) {
    if (!isOther) return "duplicate";
    // The sender has said something since.
    return standing.lastAt >= lookedAt ? "outOfOrder" : "recorded";
  }
  if (standing.unsent) return "recorded";
  if (standing.state === "resolved" && report.state === "firing")
    return at - standing.lastAt < overtakenMs ? "outOfOrder" : "recorded";
  if (report.state === "firing" && alertWith(report.labels).severity !== standing.severity) return "recorded";
  const isEnd = isOther || (report.endedAt ?? 0) > (standing.endedAt ?? 0);
  return isEnd || !isSameText(standing.annotations, report.annotations) ? "recorded" : "duplicate";
}

function newest(before: BeforeReport, report: ReportedAlert, lookedAt: number | undefined): BeforeReport {
  const { endedAt: ended = 0, unsent, ...rest } = before;
  const isOver = report.state === "resolved";
  const endedAt = isOver ? Math.max(unsent ? 0 : ended, report.endedAt ?? 0) : 0;
  return {
    ...rest,
    state: report.state,
    annotations: report.annotations,
    ...(report.link !== undefined && { link: report.link }),
    ...(endedAt > 0 && { endedAt }),
    ...(isOver && lookedAt !== undefined && { unsent: true }),
  };
}

function isSameText(a: AlertLabels, b: AlertLabels): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => labelIn(a, name) === labelIn(b, name));
}

/** What an episode is called beside what is read live: its own summary, or what it is named. */
export function episodeSummary({ labels, annotations }: Pick<ReportedAlert, "labels" | "annotations">): string {
  const told = ["summary", "message", "description"].map((name) => labelIn(annotations, name).trim());
  return told.find((text) => text !== "") ?? (labelIn(labels, "alertname") || "an alert without a name");
}
