import type { MaintenanceWindow } from "../../domain/alerts/routing.ts";
import { type LookedAtWindow, type ToldWindow, type WindowNews, windowNews } from "../../domain/alerts/told-window.ts";
import { nobody } from "../../domain/journal.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { ifLegible } from "../../records/legible.ts";
import { parseToldWindow, putToldWindow, toldWindowKey, toldWindows } from "../../records/maintenance.ts";
import { owedNotice } from "../../records/notice.ts";
import { transact } from "../transact.ts";

export interface WindowTelling {
  readonly windows: readonly MaintenanceWindow[];
  /** Ids of the systems that a window can be about. */
  readonly systemsOf: (window: MaintenanceWindow) => readonly string[];
  /** Where a window is told. */
  readonly placesOf: (told: Pick<ToldWindow, "announce" | "systems">) => readonly Place[];
  /** What still goes on of what a window was for. */
  readonly leftOf: (window: MaintenanceWindow) => Promise<readonly string[]>;
}

/** Tells of windows ahead, when they begin and are over, and of what goes on beyond them: each once, over all replicas. */
export async function tellWindows(store: Store, telling: WindowTelling): Promise<void> {
  const { windows } = telling;
  const { found } = await toldWindows(store);
  // A window that was taken out of its file tells so where it was told.
  const gone = found.filter(({ window, overAt, calledOffAt }) => {
    const isOpen = overAt === undefined && calledOffAt === undefined;
    return isOpen && !windows.some(({ id, announce }) => id === window && announce.length > 0);
  });
  for (const window of windows.filter(({ announce }) => announce.length > 0))
    await tellOf(store, telling, { window, systems: telling.systemsOf(window), isThere: true });
  for (const { window: id, title, systems } of gone) {
    const window = { id, title, match: [], times: [], announce: [], aheadMs: 0 };
    await tellOf(store, telling, { window, systems, isThere: false });
  }
}

async function tellOf(store: Store, { placesOf, leftOf }: WindowTelling, looked: LookedAtWindow): Promise<void> {
  const { window, isThere } = looked;
  await transact(store, async (now) => {
    const key = toldWindowKey(window.id);
    const [document] = await store.read([key]);
    const last = document && ifLegible(() => parseToldWindow(document));
    const news = windowNews(looked, last, now);
    if (!news) return { result: undefined };
    const left = news.what === "over" && isThere ? await leftOf(window) : [];
    const told: ToldWindow = { ...news.told, left: [...left] };
    return {
      result: undefined,
      commit: {
        expect: { [key]: document?.revision ?? null },
        put: [putToldWindow(told)],
        journal: [
          {
            kind: "maintenance.told" as const,
            at: now,
            who: nobody,
            window: window.id,
            what: news.what,
            from: told.from,
            to: told.to,
            ...(left.length > 0 && { left: left.length }),
          },
        ],
        notices: placesOf(told).flatMap((place) =>
          partsOf(news, left.length > 0).map((part) =>
            owedNotice({ subject: { kind: "maintenance", window: window.id, from: told.from, part }, place }, now),
          ),
        ),
      },
    };
  });
}

/** What was told ahead is brought up to date; what begins, and what goes on beyond the end, is a message of its own. */
function partsOf(
  { told: { toldAt, from }, what }: WindowNews,
  isLeft: boolean,
): readonly ("ahead" | "open" | "overrun")[] {
  const ahead = toldAt < from ? (["ahead"] as const) : [];
  if (what === "ahead" || what === "called off") return ahead;
  return [...ahead, "open", ...(what === "over" && isLeft ? (["overrun"] as const) : [])];
}
