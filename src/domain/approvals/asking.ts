/**
 * What one person asked other people to decide of late. Limits keep those people from saying yes because they are tired of
 * being asked. What is urgent, and what needs nobody, is neither counted nor held; what mends is held later.
 */
export interface AskedLately {
  /** When each was asked, store time in ms. */
  readonly asked: readonly number[];
  readonly denied: readonly Denial[];
}

/** A no to what somebody asked. `action` is the system and the operation, whatever its arguments. */
export interface Denial {
  readonly action: string;
  readonly at: number;
}

/**
 * Five open and ten asked in ten minutes, and thirty where what is asked for mends, because it reduces what can be lost, or undoes
 * or settles what has not ended: an hour of trouble is no time to run out of asking. Three times no to one action, and it rests for half an hour.
 */
export const askingLimits = { open: 5, asks: 10, mending: 30, withinMs: 600_000, denials: 3, restsMs: 1_800_000 };

export const nothingAsked: AskedLately = { asked: [], denied: [] };

/** Why somebody may not ask just now. `until`: store time in ms from which they may again, where that is known. */
export type HeldBack =
  | { readonly by: "open"; readonly count: number }
  | { readonly by: "asks" | "denials"; readonly until: number };

/** What denials are counted for: a system and an operation of it, whatever its arguments. */
export function actionName({ system, operation }: { readonly system: string; readonly operation: string }): string {
  return `${system} ${operation}`;
}

/** Undefined when they may ask. `open`: how many requests of theirs wait for a decision. */
export function heldBack(
  asking: AskedLately,
  asked: { readonly action: string; readonly mends: boolean; readonly open: number; readonly now: number },
): HeldBack | undefined {
  const { open, asks, mending, withinMs } = askingLimits;
  const recent = recentlyAsked(asking, asked.now);
  const rests = restsUntil(asking, asked);
  if (rests !== undefined) return { by: "denials", until: rests };
  if (asked.open >= open) return { by: "open", count: asked.open };
  const oldest = recent.at(-(asked.mends ? mending : asks));
  return oldest === undefined ? undefined : { by: "asks", until: oldest + withinMs };
}

/** Until when an action rests after it was denied again and again, store time in ms; undefined when it may be asked for. */
export function restsUntil(
  { denied }: AskedLately,
  asked: { readonly action: string; readonly now: number },
): number | undefined {
  const { denials, restsMs } = askingLimits;
  const counted = denied.filter(({ action, at }) => action === asked.action && at > asked.now - restsMs);
  const last = counted.at(-1);
  return last && counted.length >= denials ? last.at + restsMs : undefined;
}

/** With one more that was asked. What no limit counts any more is forgotten. */
export function withAsked(asking: AskedLately, now: number): AskedLately {
  return { asked: [...recentlyAsked(asking, now), now], denied: stillCounted(asking, now) };
}

/** With a no to one. */
export function withDenied(asking: AskedLately, denial: Denial): AskedLately {
  return { asked: recentlyAsked(asking, denial.at), denied: [...stillCounted(asking, denial.at), denial] };
}

function recentlyAsked({ asked }: AskedLately, now: number): readonly number[] {
  return asked.filter((at) => at > now - askingLimits.withinMs);
}

/** Twice as long as an action rests: three within half an hour may be told that much later. */
function stillCounted({ denied }: AskedLately, now: number): readonly Denial[] {
  return denied.filter(({ at }) => at > now - 2 * askingLimits.restsMs);
}
