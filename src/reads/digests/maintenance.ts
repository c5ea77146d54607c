import { showMatcher } from "../../domain/alerts/matcher.ts";
import { isWithin } from "../../domain/alerts/quiet-time.ts";
import type { MaintenanceWindow } from "../../domain/alerts/routing.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { span } from "../../domain/text/quantities.ts";
import type { DigestSection } from "./asked-section.ts";

/** So far ahead windows are told of at least, ms. */
const aheadMs = 86_400_000;
const stepMs = 15 * 60_000;
/** A window that comes back is not followed further than this, ms. */
const longestMs = 8 * 86_400_000;

/** Windows of maintenance that are open, and that open in the time to come. */
export const maintenanceSection: DigestSection = {
  title: "Maintenance",
  async find(asked, { store, routing }) {
    const now = await store.now();
    const until = now + Math.max(aheadMs, Math.min(asked.to - asked.from, longestMs));
    const told = routing.windows.flatMap((window) => {
      const found = nextOf(window, now, until);
      return found ? [{ window, ...found }] : [];
    });
    const words = told.map(({ window, from, to }) => {
      const state =
        from <= now
          ? `open until ${localTime(asked.zone, to)}`
          : `from ${localTime(asked.zone, from)} (in ${span(from - now)}) until ${localTime(asked.zone, to)}`;
      return `${window.id} ${state}, for ${window.match.map(showMatcher).join(", ")}`;
    });
    return {
      source: "windows in wardroom.yaml",
      asOf: now,
      words: words.length === 0 ? `none in the next ${span(until - now)}` : words.join("; "),
    };
  },
};

/** When a window is open next, by steps of a quarter of an hour. */
function nextOf(
  { once, times }: MaintenanceWindow,
  now: number,
  until: number,
): { readonly from: number; readonly to: number } | undefined {
  if (once) return once.to > now && once.from < until ? once : undefined;
  const isOpen = (at: number): boolean => times.some((time) => isWithin(time, at));
  const first = Math.floor(now / stepMs) * stepMs;
  for (let from = first; from < until; from += stepMs) {
    if (!isOpen(from)) continue;
    let to = from;
    while (isOpen(to) && to < from + longestMs) to += stepMs;
    return { from, to };
  }
  return undefined;
}

function localTime(zone: string, at: number): string {
  return zonedAt(at, zone).toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}
