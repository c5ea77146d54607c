import type { Episode } from "../domain/alerts/episode.ts";
import type { Store } from "../domain/store.ts";
import { episodesSince } from "../records/episode.ts";

/** More of a week are a storm, of which some are as good as all, ms and count. */
const mostReplayed = 10_000;

/** Alerts that were first told of after a time (ms), the newest first, of systems that fit. `isMore`: there were more. */
export async function recentEpisodes(
  store: Pick<Store, "list">,
  since: number,
  fits: (system: string) => boolean = () => true,
): Promise<{ readonly episodes: readonly Episode[]; readonly isMore: boolean }> {
  const { found } = await episodesSince(store, since, mostReplayed + 1);
  const episodes = found
    .filter(({ firstAt, system }) => firstAt >= since && fits(system))
    .toSorted((a, b) => b.firstAt - a.firstAt);
  return { episodes, isMore: found.length > mostReplayed };
}
