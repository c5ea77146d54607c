import { z } from "zod";
import { Place } from "../messages/place.ts";
import { Account } from "../people/person.ts";

/** Longest that a log is followed: a message that changes for longer than this is a terminal's work. */
export const longestFollowMs = 600_000;
export const shortestFollowMs = 10_000;
/** How often a source is asked for what is new, and its message edited at the most: Discord takes five edits in five seconds. */
export const followEveryMs = 3_000;
/** Where nothing is new, the message says so often that it is still fed. */
export const quietEveryMs = 15_000;
/** The newest lines that stay on the card, so that a card stays a card. */
export const keptLines = 15;
/** Where lines are printed as they come, they are kept until they were asked for. */
const keptToPrint = 1_000;
/** So many rounds that read nothing, one after the other, end it. */
export const mostFailures = 4;
/** Lines that are asked for in one round. */
export const linesARound = 1_000;

/** A line may be written so long after its time, by a writer that keeps some back or has a clock that is behind. */
const latenessMs = 10_000;
/** Of a log that says nothing, or whose clock is far behind, so much is read again at the most. */
const mostAgainMs = 120_000;
/** So long a source may answer with less than everything before the rest is given up. */
const partialForMs = 60_000;

const FollowedLine = z.object({
  /** Tells it from every other line. */
  mark: z.string(),
  at: z.number().exactOptional(),
  level: z.string().exactOptional(),
  text: z.string(),
  fields: z.record(z.string(), z.string()).exactOptional(),
});
export type FollowedLine = z.output<typeof FollowedLine>;

const followEnds = ["time", "stopped", "replaced", "lines", "failed", "right", "shutdown"] as const;

/** A log that is followed for a bounded time, and what of it the message shows. Times are the store's, in ms. */
export const Follow = z.object({
  id: z.string(),
  /** What people call it. */
  code: z.string(),
  system: z.string(),
  /** What the system and its log were called when it began. */
  title: z.string(),
  query: z.object({
    source: z.string(),
    from: z.number(),
    level: z.string().exactOptional(),
    match: z.string().exactOptional(),
    where: z
      .array(z.object({ field: z.string(), value: z.string() }))
      .readonly()
      .exactOptional(),
    fields: z.array(z.string()).readonly().exactOptional(),
  }),
  by: z.object({ person: z.string(), name: z.string(), account: Account }),
  place: Place,
  startedAt: z.number(),
  until: z.number(),
  /** It ends after so many new lines. */
  mostLines: z.number(),
  /** Everything that was written until then has been read. */
  fedUntil: z.number(),
  shownAt: z.number(),
  /** The newest time of a line; absent while there is none. */
  newest: z.number().exactOptional(),
  /** Lines that may come again, because so much is read again in each round. */
  seen: z.array(z.object({ mark: z.string(), at: z.number() })),
  /** Oldest first. */
  lines: z.array(FollowedLine),
  /** Lines that came since it began. */
  fresh: z.number(),
  /** More came at a time than could be read. */
  missed: z.boolean(),
  failures: z.number(),
  /** Why nothing could be read the last time. */
  trouble: z.string().exactOptional(),
  ended: z
    .object({
      at: z.number(),
      why: z.enum(followEnds),
      /** Whoever stopped it. */
      by: z.string().exactOptional(),
      detail: z.string().exactOptional(),
    })
    .exactOptional(),
});
export type Follow = Readonly<z.output<typeof Follow>>;

/** A line as a round has read it. */
export interface RoundLine extends FollowedLine {
  /** Its own time, or that of the line it follows. */
  readonly sortAt: number;
}

/** What a round has read. */
export interface FollowRound {
  /** When it began to read. */
  readonly at: number;
  /** Oldest first. */
  readonly lines: readonly RoundLine[];
  /** There were more lines than were read. */
  readonly cut: boolean;
  /** Not everything could be read. */
  readonly partial: boolean;
}

/** From when a round reads: what it has in common with the rounds before is told apart by its lines. */
export function readsFrom({ query, newest, fedUntil }: Pick<Follow, "query" | "newest" | "fedUntil">): number {
  const quiet = fedUntil - mostAgainMs;
  return Math.max(query.from, quiet, newest === undefined ? quiet : Math.min(newest, fedUntil) - latenessMs);
}

/**
 * What was followed with what a round has read. A line counts once however often it is read, and two lines that say the same
 * at the same time are two. A line that was caught while it was written is shown as it has become.
 */
export function withRound(follow: Follow, round: FollowRound): Follow {
  const { fresh, grown } = toldApart(follow, round);
  const waitsForRest = round.partial && round.at - follow.fedUntil < partialForMs;
  const newest = round.lines.reduce((latest, { sortAt }) => Math.max(latest, sortAt), follow.newest ?? 0);
  const fed: Follow = waitsForRest
    ? follow
    : { ...follow, fedUntil: Math.max(follow.fedUntil, round.at), ...(newest > 0 && { newest }) };
  const from = readsFrom(fed);
  const oldest = round.lines[0]?.sortAt ?? 0;
  const lines = follow.lines.map((line) => grown.get(line) ?? line);
  const { trouble: _, ...rest } = fed;
  return {
    ...rest,
    failures: 0,
    seen: known(follow, round).filter(({ at }) => at >= from),
    lines: [...lines, ...fresh.map(({ sortAt: _sortAt, ...line }) => line)].slice(-linesKept(follow)),
    fresh: follow.fresh + fresh.length,
    missed:
      follow.missed || (round.cut && oldest > (follow.newest ?? follow.startedAt)) || (round.partial && !waitsForRest),
  };
}

/** How many of its lines are kept. */
export function linesKept({ place }: Pick<Follow, "place">): number {
  return place.passing ? keptToPrint : keptLines;
}

function toldApart(
  follow: Follow,
  { lines }: FollowRound,
): { readonly fresh: readonly RoundLine[]; readonly grown: ReadonlyMap<FollowedLine, FollowedLine> } {
  const seen = countedMarks(follow.seen);
  const now = countedMarks(lines);
  const unseen = lines.filter(({ mark }) => {
    const left = seen.get(mark) ?? 0;
    if (left > 0) seen.set(mark, left - 1);
    return left === 0;
  });
  const grown = new Map<FollowedLine, FollowedLine>();
  const fresh = unseen.filter(({ sortAt: _sortAt, ...line }) => {
    const before = follow.lines.find(
      (each) => !grown.has(each) && !now.has(each.mark) && each.at === line.at && line.text.startsWith(each.text),
    );
    if (before) grown.set(before, line);
    return !before;
  });
  return { fresh, grown };
}

/** What was seen before, with what was seen now: a pod that is silent for a round does not make its lines new in the next. */
function known(follow: Follow, { lines }: FollowRound): readonly { readonly mark: string; readonly at: number }[] {
  const before = countedMarks(follow.seen);
  const more = lines.filter(({ mark }) => {
    const left = before.get(mark) ?? 0;
    if (left > 0) before.set(mark, left - 1);
    return left === 0;
  });
  const latest = new Map(lines.map(({ mark, sortAt }) => [mark, sortAt]));
  // A line without a time is as new as when it was read last.
  const again = follow.seen.map(({ mark, at }) => ({ mark, at: Math.max(at, latest.get(mark) ?? at) }));
  return [...again, ...more.map(({ mark, sortAt }) => ({ mark, at: sortAt }))];
}

function countedMarks(lines: readonly { readonly mark: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { mark } of lines) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}

/** Why it ends with what it has come to; undefined while it goes on. */
export function endsBy(
  { fresh, mostLines, failures, until }: Follow,
  now: number,
): "lines" | "failed" | "time" | undefined {
  if (fresh >= mostLines) return "lines";
  if (failures >= mostFailures) return "failed";
  return now >= until ? "time" : undefined;
}
