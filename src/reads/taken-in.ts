import type { ActiveAlert, Watched } from "../domain/alerts/alert.ts";
import { type Episode, episodeSummary } from "../domain/alerts/episode.ts";
import { labelIn } from "../domain/alerts/matcher.ts";
import { ownSender } from "../domain/alerts/own-watch.ts";
import type { Store } from "../domain/store.ts";
import type { FailedReading } from "../domain/systems/reading.ts";
import { unreadableWords } from "../domain/unreadable.ts";
import { firingEpisodes, shortCode } from "../records/episode.ts";
import { reconciledOf } from "../records/reconciled.ts";

/** The worst of what fires on a system; more are no help to anybody who reads. */
const mostRead = 1_000;
/** What fires on a system by what was posted to the bot, for each sender. What is not listed, or cannot be read, is told. */
export async function firingByPost(
  store: Pick<Store, "list" | "now">,
  system: string,
  limit = mostRead,
): Promise<readonly Watched[]> {
  const [at, { found, unreadable }, reconciled] = await Promise.all([
    store.now(),
    firingEpisodes(store, system, limit + 1),
    reconciledOf(store, system),
  ]);
  // What the bot finds itself is listed where it reads it; only what no source tells stands here.
  const listed = found
    .slice(0, limit)
    .filter(({ sender, labels }) => sender !== ownSender || labelIn(labels, "source") === ownSender);
  const failures = [
    ...(found.length > limit ? [`more alerts were posted than the ${limit} worst that are listed`] : []),
    ...(unreadable.length > 0 ? [unreadableWords(unreadable)] : []),
  ];
  return [
    ...[...Map.groupBy(listed, ({ sender }) => sender)].map(
      ([sender, episodes]): Watched => ({
        source: sourceOf(sender),
        reading: { ok: true, value: episodes.map(asActive), at, latencyMs: 0 },
      }),
    ),
    ...reconciled.found.flatMap(({ sender, unread }): Watched[] => {
      if (!unread) return [];
      const { fault, detail } = unread;
      return [{ source: `Alertmanager of ${sender}`, reading: { ok: false, fault, detail, at, latencyMs: 0 } }];
    }),
    ...failures.map((detail): Watched => ({ source: "what was posted", reading: notListed(detail, at) })),
  ];
}

function asActive(episode: Episode): ActiveAlert {
  const { system, sender, fingerprint, severity, ownSeverity, since, labels, annotations } = episode;
  const hint = labelIn(annotations, "hint") || labelIn(annotations, "runbook_url");
  return {
    system,
    source: sourceOf(sender),
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

function sourceOf(sender: string): string {
  return `posted by ${sender}`;
}

function notListed(detail: string, at: number): FailedReading {
  return { ok: false, fault: "broken", detail, at, latencyMs: 0 };
}
