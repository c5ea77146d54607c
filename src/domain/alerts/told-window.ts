import { showMatcher } from "./matcher.ts";
import type { MaintenanceWindow } from "./routing.ts";
import { type Opening, openingsOf } from "./window-times.ts";

/** One opening of a window as people were told of it. Times are store times in ms. */
export interface ToldWindow extends Opening {
  /** Id of the window. */
  readonly window: string;
  readonly title: string;
  /** Which alerts it holds back, in words. */
  readonly match: string;
  readonly rollback?: string;
  /** Ids of the systems that it can be about, and of the channels that are told. */
  readonly systems: readonly string[];
  readonly announce: readonly string[];
  /** How long ahead it was to be told, and when it was, ms. */
  readonly aheadMs: number;
  readonly toldAt: number;
  /** When it was noticed that it had begun, was over, or is not to be any more. */
  readonly openedAt?: number;
  readonly overAt?: number;
  readonly calledOffAt?: number;
  /** What still went on when it was over. */
  readonly left: readonly string[];
}

/** What people are to hear of a window now. */
export interface WindowNews {
  readonly told: ToldWindow;
  readonly what: "ahead" | "began" | "over" | "moved" | "called off";
}

/** A window that is looked at, with the ids of the systems that it can be about. */
export interface LookedAtWindow {
  readonly window: MaintenanceWindow;
  readonly systems: readonly string[];
  /** It still stands in its file. */
  readonly isThere: boolean;
}

/** What has come of a window since it was last told of: undefined where nothing has. */
export function windowNews(
  { window, systems, isThere }: LookedAtWindow,
  last: ToldWindow | undefined,
  now: number,
): WindowNews | undefined {
  const current = last && last.overAt === undefined && last.calledOffAt === undefined ? last : undefined;
  if (current) return newsOf(isThere ? openingLike(window, current) : undefined, current, now);
  const next = isThere
    ? openingsOf(window, { from: now, to: now + window.aheadMs + 1 }).find(({ to }) => to > (last?.to ?? 0))
    : undefined;
  if (!next) return undefined;
  const told: ToldWindow = {
    ...next,
    window: window.id,
    title: window.title,
    match: window.match.map(showMatcher).join(", "),
    systems,
    announce: window.announce,
    aheadMs: window.aheadMs,
    toldAt: now,
    left: [],
    ...(window.rollback !== undefined && { rollback: window.rollback }),
  };
  return next.from <= now ? { told: { ...told, openedAt: now }, what: "began" } : { told, what: "ahead" };
}

function openingLike(window: MaintenanceWindow, told: ToldWindow): Opening | undefined {
  return openingsOf(window, told)[0];
}

function newsOf(opening: Opening | undefined, told: ToldWindow, now: number): WindowNews | undefined {
  const to = opening?.to ?? Math.min(told.to, now);
  const hasBegun = told.openedAt !== undefined;
  if (!opening && !hasBegun) return { told: { ...told, calledOffAt: now }, what: "called off" };
  if (now >= to) return { told: { ...told, to, openedAt: told.openedAt ?? now, overAt: now }, what: "over" };
  if (!hasBegun && now >= told.from) return { told: { ...told, to, openedAt: now }, what: "began" };
  return to === told.to ? undefined : { told: { ...told, to }, what: "moved" };
}
