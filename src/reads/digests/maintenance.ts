import { showMatcher } from "../../domain/alerts/matcher.ts";
import type { ToldWindow } from "../../domain/alerts/told-window.ts";
import { concernedBy, openingsOf } from "../../domain/alerts/window-times.ts";
import type { DigestLine } from "../../domain/digests/section.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { counted, span } from "../../domain/text/quantities.ts";
import { toldWindows } from "../../records/maintenance.ts";
import type { DigestSection } from "./asked-section.ts";

/** So far ahead windows are told of at least, ms. */
const aheadMs = 86_400_000;
/** A window that comes back is not followed further than this, ms. */
const longestMs = 8 * 86_400_000;

/** Windows of maintenance that are open, that open in the time to come, and beyond whose end something went on. */
export const maintenanceSection: DigestSection = {
  title: "Maintenance",
  async find(asked, { store, routing }) {
    const [now, { found, unreadable }] = await Promise.all([store.now(), toldWindows(store)]);
    const until = now + Math.max(aheadMs, Math.min(asked.to - asked.from, longestMs));
    const systems = asked.systems.map(({ id }) => id);
    const mine = routing.windows.filter((window) => concernedBy(window, systems).length > 0);
    const words = mine.flatMap((window) => {
      const [next] = openingsOf(window, { from: now, to: until });
      if (!next) return [];
      const { from, to } = next;
      const state =
        from <= now
          ? `open until ${localTime(asked.zone, to)}`
          : `from ${localTime(asked.zone, from)} (in ${span(from - now)}) until ${localTime(asked.zone, to)}`;
      const untold = window.announce.length === 0 ? ", told in no channel" : "";
      return [`${window.title} ${state}, for ${window.match.map(showMatcher).join(", ")}${untold}`];
    });
    const past = found.filter(
      ({ overAt = 0, systems: of }) =>
        overAt >= asked.from && overAt < asked.to && of.some((system) => systems.includes(system)),
    );
    const overrun = past.filter(({ left }) => left.length > 0);
    return {
      source: "windows in wardroom.yaml and the systems' files",
      asOf: now,
      isPartial: unreadable.length > 0,
      words: words.length === 0 ? `none in the next ${span(until - now)}` : words.join("; "),
      attention: overrun.map((told): DigestLine => ({ text: overrunWords(told, asked.zone), tone: "warning" })),
      lines: [
        ...overrun.flatMap(({ title, left }) => left.map((text): DigestLine => ({ text: `${title}: ${text}` }))),
        ...past
          .filter(({ left }) => left.length === 0)
          .map(({ title, to }): DigestLine => ({ text: `${title} was over by ${localTime(asked.zone, to)}` })),
        ...unreadable.map((): DigestLine => ({ text: "a record of a window cannot be read", tone: "unknown" })),
      ],
    };
  },
};

function overrunWords({ title, to, left }: ToldWindow, zone: string): string {
  return `Maintenance overran: ${title} was to be over by ${localTime(zone, to)}, and ${counted(left.length, "thing")} went on`;
}

function localTime(zone: string, at: number): string {
  return zonedAt(at, zone).toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}
