import { type Episode, episodeSummary } from "../../domain/alerts/episode.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { TimelineEntry } from "../../domain/incidents/timeline.ts";
import type { Put, Store } from "../../domain/store.ts";
import { counted, wholeItems } from "../../domain/text/quantities.ts";
import { episodeKey, episodesOver, firingEpisodes, parseEpisode, shortCode } from "../../records/episode.ts";
import { ifLegible } from "../../records/legible.ts";
import { entryId } from "../../records/timeline.ts";
import {
  parseTimelineAlerts,
  putTimelineAlerts,
  type TimelineAlerts,
  timelineAlertsKey,
} from "../../records/timeline-reach.ts";

/** More of a system are a storm: they are counted from here on. */
const mostFiring = 200;
/** So many that begin or end at once have an entry each; more have one together. */
const mostNamed = 8;
/** What was over so long before the look before may have been put on record after it, ms. */
const overlapMs = 10_000;

/** What became of the alerts of an incident's system since its timeline was last filled. */
export interface AlertNews {
  readonly entries: readonly TimelineEntry[];
  readonly put: readonly Put[];
  readonly expect: Readonly<Record<string, string | null>>;
}

/** `seq`: the last link of the journal. `since`: up to when it was looked before, ms. */
export async function alertNews(
  store: Pick<Store, "list" | "read">,
  { number, system, openedAt }: Incident,
  { seq, since, now }: { readonly seq: number; readonly since: number; readonly now: number },
): Promise<AlertNews> {
  if (system === undefined) return { entries: [], put: [], expect: {} };
  const [document] = await store.read([timelineAlertsKey(number)]);
  const known = document && ifLegible(() => parseTimelineAlerts(document));
  const { found: firing } = await firingEpisodes(store, system, mostFiring);
  const { found: ended } = await episodesOver(store, since - overlapMs, mostFiring);
  const over = ended.filter((each) => each.system === system);
  const before = { firing: new Set(known?.firing), over: new Set(known?.over) };
  const isNews = (each: Episode): boolean =>
    each.firstAt >= openedAt && !before.firing.has(episodeKey(each)) && !before.over.has(episodeKey(each));
  const begun = [...firing.filter((each) => !before.firing.has(episodeKey(each))), ...over.filter(isNews)];
  const gone = await endedOf(store, before.firing, firing);
  // What came and went between two looks is told as both.
  const also = over.filter(isNews);
  const after: TimelineAlerts = { firing: firing.map(episodeKey), over: over.map(episodeKey) };
  const entries = [
    ...entriesFor(begun, { number, seq, now, isFirst: known === undefined, verb: "fires" }),
    ...entriesFor([...gone, ...also], { number, seq, now, isFirst: false, verb: "is over" }),
  ];
  const isSame = known && known.firing.join() === after.firing.join() && known.over.join() === after.over.join();
  return {
    entries,
    put: isSame ? [] : [putTimelineAlerts(number, after)],
    expect: isSame ? {} : { [timelineAlertsKey(number)]: document?.revision ?? null },
  };
}

/** Those that fired and fire no more, as they are on record. */
async function endedOf(
  store: Pick<Store, "read">,
  before: ReadonlySet<string>,
  firing: readonly Episode[],
): Promise<readonly Episode[]> {
  const still = new Set(firing.map(episodeKey));
  const keys = [...before].filter((key) => !still.has(key));
  const documents = keys.length === 0 ? [] : await store.read(keys);
  return documents
    .flatMap((document) => (document && ifLegible(() => parseEpisode(document))) ?? [])
    .filter(({ state }) => state === "resolved");
}

interface Saying {
  readonly number: number;
  readonly seq: number;
  readonly now: number;
  /** The first look: what fires began before the incident did. */
  readonly isFirst: boolean;
  readonly verb: "fires" | "is over";
}

function entriesFor(episodes: readonly Episode[], { number, seq, now, isFirst, verb }: Saying): TimelineEntry[] {
  const isEnd = verb === "is over";
  const named = episodes.length > mostNamed ? episodes.slice(0, mostNamed - 1) : episodes;
  const rest = episodes.slice(named.length);
  const entry = (each: Episode): TimelineEntry => ({
    id: entryId(seq + 1, `${episodeKey(each).replace("/", "-")}-${isEnd ? "over" : "fires"}`),
    incident: number,
    at: isEnd ? Math.min(now, each.endedAt ?? now) : isFirst ? now : Math.min(now, each.firstAt),
    kind: "alert",
    text: `${episodeSummary(each)} ${verb}${isEnd ? "" : ` (${each.ownSeverity || each.severity})`}`,
    source: `alert ${shortCode(each)}`,
  });
  if (rest.length === 0) return named.map(entry);
  const names = wholeItems([...new Set(rest.map(episodeSummary))], 200);
  return [
    ...named.map(entry),
    {
      id: entryId(seq + 1, `alerts-${isEnd ? "over" : "fire"}-${now}`),
      incident: number,
      at: now,
      kind: "alert",
      text: `${counted(rest.length, "more alert")} ${isEnd ? "are over" : "fire"}: ${names}`,
    },
  ];
}
