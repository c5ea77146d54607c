import { z } from "zod";
import { rfc3339 } from "../text/moment.ts";
import type { ActiveAlert, Watched } from "./alert.ts";
import { severityLabel } from "./alert-mapping.ts";
import type { AlertLabels } from "./matcher.ts";
import { type PartSeen, unwellLooks, wayUp } from "./part-watch.ts";
import { noEnd } from "./reported-alert.ts";

/** Who posts what the bot finds itself; no sender may be called so. */
export const ownSender = "wardroom";

/** So many alerts of one system are followed at once. */
const mostStanding = 1_000;
/** What cannot be read for so long is told, ms: a restart takes less. */
export const noDataAfterMs = 120_000;
/** So many looks in a row have to find a system, or a part of it, down before it is told. */
export const looksBeforeDown = 2;

const Texts = z.record(z.string(), z.string());
const Standing = z.object({
  /** The rule or source that told of it. */
  watch: z.string(),
  labels: Texts,
  annotations: Texts,
  startsAt: z.string(),
  /** Since when it is not seen any more, store time in ms. */
  absentSince: z.number().exactOptional(),
});

/** What the bot has found of one system so far. */
export const OwnWatch = z.object({
  system: z.string(),
  /** What fires, by fingerprint. */
  standing: z.record(z.string(), Standing),
  /** Since when something could not be read, store time in ms; nothing where all could be. */
  unreadSince: z.number().exactOptional(),
  /** How often in a row it was found down. */
  down: z.number(),
  /** How many looks in a row found parts of it unwell, by the name of their alert. */
  parts: z.record(z.string(), z.number()).exactOptional(),
  /** Since when what rules of files judge holds, store time in ms, and when that was last seen, to ten minutes. */
  holds: z.object({ seenAt: z.number(), since: z.record(z.string(), z.number()) }).exactOptional(),
});
export type OwnWatch = Readonly<z.output<typeof OwnWatch>>;

/** For so long nobody may have looked, ms: what held before and holds again is taken to have held between, as by Prometheus. */
const longestBlindMs = 3_600_000;
const seenToMs = 600_000;

/** Since when each of what rules of files judge holds, as far as was seen. */
export function heldIn(watch: OwnWatch | undefined, now: number): Readonly<Record<string, number>> {
  const holds = watch?.holds;
  return holds && now - holds.seenAt <= longestBlindMs + seenToMs ? holds.since : {};
}

/** What holds by this look; of what could not be judged, what held before. */
function holdsAfter(before: OwnWatch | undefined, { watched, now }: Looked): Pick<OwnWatch, "holds"> {
  const known = Object.entries(heldIn(before, now));
  const since = Object.fromEntries(
    watched.flatMap(({ source, reading, held = {} }) =>
      reading.ok ? Object.entries(held) : known.filter(([key]) => key.startsWith(`${source} `)),
    ),
  );
  if (Object.keys(since).length === 0) return {};
  return { holds: { seenAt: Math.floor(now / seenToMs) * seenToMs, since } };
}

/** One look at a system. */
export interface Looked {
  readonly system: string;
  readonly title: string;
  readonly watched: readonly Watched[];
  readonly isDown: boolean;
  readonly parts: readonly PartSeen[];
  readonly now: number;
  /** How long an alert of a rule is kept after it was last seen, ms. */
  readonly keepMs: (alert: { readonly watch: string }) => number;
  /** What people and records call an alert, the same each time. */
  readonly fingerprint: (alert: Pick<ActiveAlert, "system" | "source" | "id">) => string;
}

/** An alert as it is posted, in the form of Alertmanager's webhook. */
export type OwnReport = Readonly<Record<"status" | "startsAt" | "endsAt" | "fingerprint", string>> & {
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
};

type Found = Omit<z.output<typeof Standing>, "absentSince" | "startsAt"> & { readonly since: number };

/**
 * What a look tells that is new, and what is known then. What cannot be read resolves nothing: that it cannot be read is an
 * alert of its own, and so is a system that is down.
 */
export function ownWatchStep(before: OwnWatch | undefined, looked: Looked): { reports: OwnReport[]; after: OwnWatch } {
  const { system, now } = looked;
  const unread = unreadIn(looked.watched);
  const unreadSince = unread.length === 0 ? undefined : (before?.unreadSince ?? now);
  const down = looked.isDown ? (before?.down ?? 0) + 1 : 0;
  const parts = unwellLooks(looked.parts, before?.parts ?? {}, looksBeforeDown);
  const found = new Map([
    ...foundIn(looked),
    ...(down >= looksBeforeDown ? [ofSystem(looked, downAlert(looked))] : []),
    ...partAlerts(looked, parts),
    ...(unreadSince !== undefined && now - unreadSince >= noDataAfterMs && down === 0
      ? [ofSystem(looked, noDataAlert(looked, unread, unreadSince))]
      : []),
  ]);
  const reports: OwnReport[] = [];
  const standing: Record<string, z.output<typeof Standing>> = {};
  for (const [fingerprint, each] of Object.entries(before?.standing ?? {})) {
    if (found.has(fingerprint)) {
      const { absentSince: _, ...seen } = each;
      standing[fingerprint] = seen;
    } else if (isUnknown(looked, each)) standing[fingerprint] = each;
    else {
      const absentSince = each.absentSince ?? now;
      if (now - absentSince < looked.keepMs(each)) standing[fingerprint] = { ...each, absentSince };
      else reports.push(report("resolved", fingerprint, { ...each, endsAt: rfc3339(absentSince) }));
    }
  }
  for (const [fingerprint, { since, ...each }] of found) {
    if (standing[fingerprint] || Object.keys(standing).length >= mostStanding) continue;
    standing[fingerprint] = { ...each, startsAt: rfc3339(since) };
    reports.push(report("firing", fingerprint, { ...each, startsAt: rfc3339(since), endsAt: noEnd }));
  }
  return {
    reports,
    after: {
      system,
      standing,
      down,
      ...(Object.keys(parts).length > 0 && { parts }),
      ...(unreadSince !== undefined && { unreadSince }),
      ...holdsAfter(before, looked),
    },
  };
}

/** Everything that fires and was not posted by others. */
function foundIn({ watched, now, fingerprint }: Looked): readonly (readonly [string, Found])[] {
  return watched.flatMap(({ source: watch, reading }) =>
    reading.ok
      ? reading.value
          .filter(({ code }) => code === undefined)
          .map((alert): readonly [string, Found] => [
            fingerprint(alert),
            {
              watch,
              since: Math.min(alert.since ?? now, now),
              labels: labelsOf(alert),
              annotations: {
                ...alert.annotations,
                summary: alert.summary,
                ...(alert.hint !== undefined && { hint: alert.hint }),
              },
            },
          ])
      : [],
  );
}

function labelsOf({ system, id, source, severity, ownSeverity, labels }: ActiveAlert): AlertLabels {
  return { alertname: id, ...labels, system, source, severity: severityLabel(ownSeverity, severity) };
}

function ofSystem({ fingerprint }: Looked, alert: ActiveAlert & { readonly since: number }): readonly [string, Found] {
  const { source: watch, since, summary, hint } = alert;
  const annotations = { summary, ...(hint !== undefined && { hint }) };
  return [fingerprint(alert), { watch, since, labels: labelsOf(alert), annotations }];
}

const onOwn = "wardroom";
const partWatch = "part ";

/** Parts that have been unwell for long enough. While all of it is down that is what is told, and no more of them. */
function partAlerts(looked: Looked, looks: OwnWatch["parts"] = {}): readonly (readonly [string, Found])[] {
  const { system, parts, isDown, now } = looked;
  if (isDown) return [];
  return parts.flatMap(({ name: id, is, isVital, summary, hint }) => {
    if (is !== "unwell" || isVital || (looks[id] ?? 0) < looksBeforeDown) return [];
    const severity = "warning" as const;
    const alert = { system, source: onOwn, id, severity, ownSeverity: severity, summary, hint, since: now };
    const [fingerprint, found] = ofSystem(looked, alert);
    return [[fingerprint, { ...found, watch: `${partWatch}${id}` }] as const];
  });
}

function downAlert({ system, title, parts, now }: Looked): ActiveAlert & { readonly since: number } {
  const summary = `${title} is down`;
  return {
    system,
    source: onOwn,
    id: "system-down",
    severity: "critical",
    ownSeverity: "critical",
    summary,
    hint: wayUp(system, parts),
    since: now,
  };
}

function noDataAlert(
  { system, title }: Looked,
  unread: readonly string[],
  since: number,
): ActiveAlert & { readonly since: number } {
  const named =
    unread.length > 3 ? `${unread.slice(0, 3).join(", ")} and ${unread.length - 3} more` : unread.join(", ");
  const summary = `What watches ${title} cannot be read, and may fire unseen: ${named}`;
  const hint = `\`status ${system}\` shows what does not answer; until it does, look there yourself.`;
  return { system, source: onOwn, id: "no-data", severity: "warning", ownSeverity: "warning", summary, hint, since };
}

/** What could not be read of it and should run; a rule whose samples do not reach back far enough yet is only not sure. */
function unreadIn(watched: readonly Watched[]): readonly string[] {
  return watched
    .filter(({ reading, rests, source, stopped }) => {
      if (reading.ok || stopped === true) return false;
      return rests === true || reading.fault !== "missing" || !/^(?:rule|limit) /.test(source);
    })
    .map(({ source }) => source);
}

/** Whether it still fires cannot be told. What is no longer watched at all is over. */
function isUnknown({ watched, parts, isDown }: Looked, { watch }: { readonly watch: string }): boolean {
  if (watch === onOwn) return false;
  if (watch.startsWith(partWatch)) {
    const part = parts.find(({ name }) => watch === `${partWatch}${name}`);
    return part?.is === "unknown" || (isDown && part?.is === "unwell");
  }
  const source = watched.find((each) => each.source === watch);
  return source ? !source.reading.ok : isDown;
}

function report(
  status: "firing" | "resolved",
  fingerprint: string,
  of: Pick<OwnReport, "labels" | "annotations" | "startsAt" | "endsAt">,
): OwnReport {
  const { labels, annotations, startsAt, endsAt } = of;
  return { status, labels, annotations, startsAt, endsAt, fingerprint };
}
