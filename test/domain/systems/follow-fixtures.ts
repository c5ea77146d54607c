import type { Follow } from "../../../src/domain/systems/follow.ts";

export const start = 1_000_000;

/** One that has just begun and has found nothing. */
export function begun(changes: Partial<Follow> = {}): Follow {
  return {
    id: "f",
    code: "F",
    system: "trader",
    title: "Trader, main",
    query: { source: "main", from: start - 60_000 },
    by: { person: "ana", name: "Ana", account: { surface: "console", id: "ana" } },
    place: { surface: "console", channel: "ops" },
    startedAt: start,
    until: start + 120_000,
    mostLines: 1_000,
    fedUntil: start,
    shownAt: start,
    seen: [],
    lines: [],
    fresh: 0,
    missed: false,
    failures: 0,
    ...changes,
  };
}
