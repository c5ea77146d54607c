import type { ActiveAlert, Watched } from "../domain/alerts/alert.ts";
import { type Episode, episodeSummary } from "../domain/alerts/episode.ts";
import { type LabelledAlert, labelledEpisode } from "../domain/alerts/labelled-alert.ts";
import { labelIn } from "../domain/alerts/matcher.ts";
import { ownSender } from "../domain/alerts/own-watch.ts";
import { postedBy } from "../domain/alerts/sender.ts";
import type { Store } from "../domain/store.ts";
import type { FailedReading } from "../domain/systems/reading.ts";
import { stamp } from "../domain/text/moment.ts";
import { counted } from "../domain/text/quantities.ts";
import { type UnreadableRecord, unreadableWords } from "../domain/unreadable.ts";
import { unrecordedBatches } from "../records/batch.ts";
import { firingEpisodes, shortCode } from "../records/episode.ts";
import { reconciledOf } from "../records/reconciled.ts";
import { type UnusablePost, unusableSince } from "../records/unusable-post.ts";

/** The worst of what fires on a system; more are no help to anybody who reads. */
const mostRead = 1_000;
/** How many batches, and posts of which not all could be used, are told apart. */
const mostTold = 100;
/** What fires is sent again every few hours, by Alertmanager every four: what was not sent again for so long is over, in ms. */
const sentAgainMs = 24 * 3_600_000;

/**
 * What fires on a system by what was posted to the bot, for each sender. What is not listed, not legible, not on record yet or in
 * quarantine is told: it may be firing. `find` is the system that a label names.
 */
export async function firingByPost(
  store: Pick<Store, "list" | "now">,
  system: string,
  {
    limit = mostRead,
    find = (id) => ({ id }),
    expected = () => false,
  }: {
    readonly limit?: number;
    readonly find?: (name: string) => { readonly id: string } | undefined;
    /** Fires at all times, and so is no news. */
    readonly expected?: (alert: LabelledAlert) => boolean;
  } = {},
): Promise<readonly Watched[]> {
  const at = await store.now();
  const [{ found, unreadable }, untaken, reconciled] = await Promise.all([
    firingEpisodes(store, system, limit + 1),
    unreadPosts(store, at, (names) => names.some((name) => name === system || find(name)?.id === system)),
    reconciledOf(store, system),
  ]);
  // What the bot finds itself is listed where it reads it; only what no source tells stands here.
  const listed = found
    .slice(0, limit)
    .filter(({ sender, labels }) => sender !== ownSender || labelIn(labels, "source") === ownSender)
    .filter((episode) => !expected(labelledEpisode(episode)));
  const failures = [
    ...(found.length > limit ? [`more alerts were posted than the ${limit} worst that are listed`] : []),
    ...unreadableIn([...unreadable, ...untaken.unreadable]),
    ...untaken.more,
  ];
  return [
    ...[...Map.groupBy(listed, ({ sender }) => sender)].map(
      ([sender, episodes]): Watched => ({
        source: postedBy(sender),
        reading: { ok: true, value: episodes.map(asActive), at, latencyMs: 0 },
      }),
    ),
    ...reconciled.found.flatMap(({ sender, unread, foreign }): Watched[] => {
      if (!unread && foreign) return [{ source: `Alertmanager of ${sender}`, reading: notListed(foreignWords, at) }];
      if (!unread) return [];
      const { fault, detail } = unread;
      return [{ source: `Alertmanager of ${sender}`, reading: { ok: false, fault, detail, at, latencyMs: 0 } }];
    }),
    ...untaken.posts.map(([sender, detail]): Watched => ({ source: postedBy(sender), reading: notListed(detail, at) })),
    ...failures.map((detail): Watched => ({ source: "what was posted", reading: notListed(detail, at) })),
  ];
}

function unreadableIn(unreadable: readonly UnreadableRecord[]): string[] {
  return unreadable.length > 0 ? [unreadableWords(unreadable)] : [];
}

interface UnreadPosts {
  /** Who posted it, and why nobody knows whether it fires. */
  readonly posts: readonly (readonly [sender: string, detail: string])[];
  /** There are more than are told apart, of whatever system. */
  readonly more: readonly string[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** What was posted and is not on record as alerts, of the systems that `concerns` is about. */
async function unreadPosts(
  store: Pick<Store, "list">,
  at: number,
  concerns: (names: readonly string[]) => boolean,
): Promise<UnreadPosts> {
  const [batches, unusable] = await Promise.all([
    unrecordedBatches(store, mostTold),
    unusableSince(store, at - sentAgainMs, mostTold),
  ]);
  // What the bot finds itself is told where it reads it.
  const waiting = batches.found.filter(
    (each) => each.sender !== ownSender && concerns([each.system, ...(each.names ?? [])]),
  );
  const bySender = [...Map.groupBy(waiting, ({ sender }) => sender)].map(([sender, all]) => {
    const rest = all.reduce((sum, { events, next }) => sum + events - next, 0);
    const since = Math.min(...all.map((each) => each.at));
    return [sender, `${counted(rest, "alert")} of what came since ${stamp(since)} not on record yet`] as const;
  });
  const bad = unusable.found.filter(({ sender, systems }) => sender !== ownSender && concerns(systems));
  const isMore = [batches, unusable].some(({ found }) => found.length >= mostTold);
  return {
    posts: [...bySender, ...bad.map((post) => [post.sender, unusableWords(post)] as const)],
    more: isMore ? ["more was posted and is not on record as alerts than is told apart"] : [],
    unreadable: [...batches.unreadable, ...unusable.unreadable],
  };
}

const foreignWords =
  "it lists none of the alerts that its sender has posted, so nothing is over by what it says: api.peers may be another's";

function unusableWords({ at, why, batch }: UnusablePost): string {
  return `not all that came at ${stamp(at)} could be used: ${why}. More of it: alerts why ${batch}`;
}

function asActive(episode: Episode): ActiveAlert {
  const { system, sender, fingerprint, severity, ownSeverity, since, labels, annotations } = episode;
  const hint = labelIn(annotations, "hint") || labelIn(annotations, "runbook_url");
  return {
    system,
    source: postedBy(sender),
    id: fingerprint,
    code: shortCode(episode),
    severity,
    ownSeverity: ownSeverity || "no severity",
    summary: episodeSummary(episode),
    since,
    labels,
    ...(hint !== "" && { hint }),
  };
}

function notListed(detail: string, at: number): FailedReading {
  return { ok: false, fault: "broken", detail, at, latencyMs: 0 };
}
