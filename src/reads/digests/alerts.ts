import type { Episode } from "../../domain/alerts/episode.ts";
import type { FiringAlert } from "../../domain/alerts/firing.ts";
import { severityTone } from "../../domain/alerts/firing.ts";
import type { Silence } from "../../domain/alerts/silence.ts";
import type { DigestFigure, DigestLine } from "../../domain/digests/section.ts";
import type { DrawnPart } from "../../domain/messages/digest-picture.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { counted, span } from "../../domain/text/quantities.ts";
import { fatesBetween } from "../../records/alert-fate.ts";
import { episodesSince } from "../../records/episode.ts";
import { firingNow } from "../firing.ts";
import { silencesNow } from "../silences.ts";
import { type AskedSection, type DigestSection, lineOf, type Stretch } from "./asked-section.ts";
import { journalBetween } from "./journal-between.ts";

/** More episodes than this are a storm, of which some are as good as all. */
const mostEpisodes = 20_000;
const mostNoisy = 3;
const hourMs = 3_600_000;
const mostHours = 48;

type Cells = NonNullable<DrawnPart["strip"]>["rows"][number]["cells"];

/** What fired and ended, what people did about it, what nobody saw, and what still fires. */
export const alertsSection: DigestSection = {
  title: "Alerts",
  async find(asked, ports) {
    const { store } = ports;
    const [{ found }, firing, journal, fates, silences] = await Promise.all([
      episodesSince(store, asked.from, mostEpisodes),
      firingNow(ports, asked.systems),
      journalBetween(store, asked, (kind) => kind === "alert.acknowledged" || kind === "alert.silenced"),
      fatesBetween(store, asked),
      silencesNow(store, asked.to),
    ]);
    const ids = asked.systems.map(({ id }) => id);
    const episodes = found.filter(({ system }) => ids.includes(system));
    const enteredAs = (kind: string): number =>
      journal.entries.filter((entry) => {
        const system = entry.fields["system"];
        return entry.kind === kind && (typeof system !== "string" || ids.includes(system));
      }).length;
    const figures: DigestFigure[] = [
      { id: "firing", title: "firing now", value: firing.alerts.length, unit: "" },
      { id: "fired", title: "fired", value: firedIn(episodes, asked), unit: "" },
      { id: "resolved", title: "resolved", value: resolvedIn(episodes, asked), unit: "" },
      { id: "acknowledged", title: "acknowledged", value: enteredAs("alert.acknowledged"), unit: "" },
      { id: "silenced", title: "silenced", value: fates.silenced + fates.snoozed, unit: "" },
      { id: "folded", title: "folded", value: fates.folded, unit: "" },
      { id: "untold", title: "told nowhere", value: fates.dead, unit: "" },
    ];
    const rows = asked.systems.map(({ id, title }) => ({
      name: title,
      cells: cellsOf(
        asked,
        episodes.filter(({ system }) => system === id),
      ),
    }));
    return {
      ...(rows.length > 0 && {
        drawn: { strip: { title: `Alerts that fired, by ${isByDay(asked) ? "day" : "hour"}`, rows } },
      }),
      source: "what sources posted and Wardroom found",
      asOf: asked.to,
      isPartial: firing.unreadWatched > 0 || found.length >= mostEpisodes || !journal.isAll,
      figures,
      attention: stillFiring(asked, firing.alerts).filter(({ tone }) => tone === "bad"),
      lines: [
        ...stillFiring(asked, firing.alerts),
        ...(firing.unreadWatched > 0
          ? [
              {
                text: `${firing.unreadWatched} of ${firing.watched} sources and rules could not be read: more may fire`,
                tone: "unknown" as const,
              },
            ]
          : []),
        ...noisiest(asked, episodes),
        ...silences.map((silence) => silenceLine(asked, silence)),
        ...(silences.length === 0 ? [{ text: "Silences that hold: none" }] : []),
        ...strip(asked, episodes),
      ],
    };
  },
};

function silenceLine({ to }: AskedSection, { match, until, by, comment }: Silence): DigestLine {
  return { text: `Silenced: ${match}, for ${span(until - to)} more, by ${by.name}: ${comment}` };
}

function firedIn(episodes: readonly Episode[], { from, to }: Stretch): number {
  return episodes.filter(({ firstAt }) => firstAt >= from && firstAt < to).length;
}

function resolvedIn(episodes: readonly Episode[], { from, to }: Stretch): number {
  return episodes.filter(({ state, endedAt, lastAt }) => {
    const over = Math.max(endedAt ?? 0, lastAt);
    return state === "resolved" && over >= from && over < to;
  }).length;
}

function stillFiring(asked: AskedSection, alerts: readonly FiringAlert[]): readonly DigestLine[] {
  return alerts.map((alert): DigestLine => {
    const title = asked.systems.find(({ id }) => id === alert.system)?.title ?? alert.system;
    const lasts = alert.since === undefined ? "" : `, for ${span(asked.to - alert.since)}`;
    const looked = alert.ack ? `, ${alert.ack.by.name} has it` : ", nobody has acknowledged it";
    return lineOf(
      asked,
      { title },
      { text: `firing: ${alert.summary}${lasts}${looked}`, tone: severityTone(alert.severity) },
    );
  });
}

function noisiest(asked: AskedSection, episodes: readonly Episode[]): readonly DigestLine[] {
  const fired = episodes.filter(({ firstAt }) => firstAt >= asked.from && firstAt < asked.to);
  const groups = Map.groupBy(fired, ({ system, labels }) => `${system} ${labels["alertname"] ?? "without a name"}`);
  const worst = [...groups].toSorted(([, a], [, b]) => b.length - a.length).slice(0, mostNoisy);
  if (worst.length === 0) return [];
  return [{ text: `Noisiest: ${worst.map(([name, each]) => `${name} ${counted(each.length, "time")}`).join(", ")}` }];
}

function isByDay({ from, to }: Stretch): boolean {
  return to - from > mostHours * hourMs;
}

/** How many fired in each hour, or each day of a longer time; null of those before there was a record. */
function cellsOf(asked: AskedSection, episodes: readonly Episode[]): Cells {
  const { from, to, recordedSince } = asked;
  const everyMs = isByDay(asked) ? 24 * hourMs : hourMs;
  return Array.from({ length: Math.ceil((to - from) / everyMs) }, (_, at) => {
    const [begin, end] = [from + at * everyMs, Math.min(to, from + (at + 1) * everyMs)];
    const fired = episodes.filter(({ firstAt }) => firstAt >= begin && firstAt < end);
    if (end <= recordedSince && fired.length === 0) return null;
    const severities = new Set(fired.map(({ severity }) => severity));
    const tone = severities.has("critical") ? "bad" : severities.has("warning") ? "warning" : "neutral";
    return { count: fired.length, tone };
  });
}

const bars = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** How many fired in each hour, as one line of bars. */
function strip({ from, to, zone }: AskedSection, episodes: readonly Episode[]): readonly DigestLine[] {
  const hours = Math.ceil((to - from) / hourMs);
  const counts = Array.from({ length: hours }, (_, hour) =>
    firedIn(episodes, { from: from + hour * hourMs, to: Math.min(to, from + (hour + 1) * hourMs) }),
  );
  const most = Math.max(0, ...counts);
  if (most === 0 || hours > mostHours) return [];
  const when = zonedAt(from + counts.indexOf(most) * hourMs, zone)
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
  const drawn = counts.map((count) => bars[Math.ceil((count / most) * (bars.length - 1))] ?? "·").join("");
  return [{ text: `By hour: ${drawn} (most, ${most}, from ${when})` }];
}
