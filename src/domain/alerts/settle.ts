import { type Fate, type FateCounts, noFates } from "./fate.ts";

/** What became of one event by its place in its batch; `owed` on these messages, each with the revision that tells it. */
export type FateRow = readonly [
  place: number,
  fate: Fate | "owed",
  on: readonly (readonly [message: string, rev: number])[],
];

/** What a message shows: a revision of what it is about; nothing where it was given up. */
interface ShownThere {
  readonly rev: number;
  readonly dead?: true;
}

/** Shown once every message that it was put on says it, or was given up; told nowhere where all were given up. */
export function settledFate([, fate, on]: FateRow, shown: ReadonlyMap<string, ShownThere | undefined>): Fate | "owed" {
  if (fate !== "owed") return fate;
  const seen = on.map(([message, rev]) => {
    const last = shown.get(message);
    return last && last.rev >= rev ? last : undefined;
  });
  if (seen.includes(undefined)) return "owed";
  if (seen.length > 0 && seen.every((each) => each?.dead)) return "dead";
  return on.length > 0 && on.every(([message]) => message.startsWith(stormMark)) ? "folded" : "shown";
}

/** What the names of summaries of storms begin with. */
const stormMark = "storm:";

/** The notice that sends what goes by this name in the books. */
export function noticeOfName(name: string): string {
  return name.startsWith(stormMark) ? `alert-${name}` : `alerts:${name}`;
}

/** What became of what is settled. */
export function countFates(found: readonly (Fate | "owed")[]): FateCounts {
  const counts = { ...noFates };
  for (const fate of found) if (fate !== "owed") counts[fate] += 1;
  return counts;
}
