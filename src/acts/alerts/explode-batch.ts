import { type Episode, type EventOutcome, withReport } from "../../domain/alerts/episode.ts";
import { labelIn } from "../../domain/alerts/matcher.ts";
import { isTooDeep, reportedAlert, systemNamedIn } from "../../domain/alerts/reported-alert.ts";
import type { Document, Put, Store } from "../../domain/store.ts";
import { redact } from "../../domain/text/redact.ts";
import { type Batch, batchKey, bodyKey, parseBatch, putBatch, tellQueue } from "../../records/batch.ts";
import { type EpisodeIdentity, episodeKey, parseEpisode, putEpisode } from "../../records/episode.ts";
import { countOutcomes, putLedgerRows, putQuarantined, type Quarantined, quarantineKey } from "../../records/ledger.ts";
import { ifLegible } from "../../records/legible.ts";
import { transactAnew } from "../transact.ts";
import { type Unused, unusableWrite } from "./note-unusable.ts";

/** So many alerts a commit: none holds the store for long. */
const perCommit = 200;
/** Of what could not be used so many characters are kept. */
const keptText = 16_384;

export interface ExplodePorts {
  readonly store: Store;
  /** The system that a label names; undefined where it names none. */
  readonly system: (name: string) => { readonly id: string } | undefined;
}

/**
 * Puts the next alerts of a batch on record, each as an episode or in quarantine, in one commit with what became of them.
 * Answers where the batch stands then; undefined when all of it was on record before.
 */
export async function explodeNext(
  { store, system }: ExplodePorts,
  id: string,
  alerts: readonly unknown[],
): Promise<Batch | undefined> {
  return transactAnew(store, async (now) => {
    const [document] = await store.read([batchKey(id)]);
    const batch = document && parseBatch(document);
    if (!document || !batch || batch.next >= batch.events) return { result: undefined };
    const named = reportsIn(batch, alerts.slice(batch.next, batch.next + perCommit), system);
    const keys = [...new Set(named.flatMap((each) => ("key" in each ? [each.key] : [])))];
    const standing = await store.read(keys);
    const { puts, events, unused } = recorded(batch, named, new Map(keys.map((key, at) => [key, standing[at]])));
    const next = batch.next + named.length;
    const progress: Batch = {
      ...batch,
      next,
      outcomes: countOutcomes(
        events.map(([each]) => each),
        batch.outcomes,
      ),
    };
    const noted = await unusableWrite(store, progress, unused);
    return {
      result: progress,
      commit: {
        expect: {
          ...noted.expect,
          [batchKey(id)]: document.revision,
          ...Object.fromEntries(keys.map((key, at) => [key, standing[at]?.revision ?? null])),
        },
        put: [
          ...puts,
          ...noted.put,
          putBatch(progress),
          putLedgerRows({ batch: id, from: batch.next, at: now, events }),
        ],
        timers: [{ queue: tellQueue, id: `${id}.${batch.next}`, due: now, body: { batch: id, from: batch.next } }],
        remove: [...noted.remove, ...(next >= batch.events ? [bodyKey(id)] : [])],
        // What is kept is the body: what a power failure takes of this is put on record anew from it.
        relaxed: true,
      },
    };
  });
}

type NamedReport =
  | {
      readonly key: string;
      readonly report: Exclude<ReturnType<typeof reportedAlert>, { unusable: string }>;
      readonly system: string;
    }
  | { readonly why: string; readonly place: number; readonly text: string; readonly system: string };

function reportsIn(batch: Batch, alerts: readonly unknown[], system: ExplodePorts["system"]): readonly NamedReport[] {
  const named = (name: string): string => (name === "" ? undefined : system(name)?.id) ?? batch.system;
  return alerts.map((raw, index): NamedReport => {
    const report = reportedAlert(raw, batch.postedAt ?? batch.at);
    if ("unusable" in report) {
      const text = isTooDeep(raw) ? "(nested too deeply to be shown)" : redact(JSON.stringify(raw).slice(0, keptText));
      return { why: report.unusable, place: batch.next + index, text, system: named(systemNamedIn(raw)) };
    }
    const identity: EpisodeIdentity = { sender: batch.sender, ...report };
    return { key: episodeKey(identity), report, system: named(labelIn(report.labels, "system")) };
  });
}

/** Each in its turn: a batch may tell of an episode more than once. */
function recorded(
  batch: Batch,
  named: readonly NamedReport[],
  standing: ReadonlyMap<string, Document | undefined>,
): {
  readonly puts: readonly Put[];
  readonly events: [EventOutcome, string][];
  readonly unused: readonly Unused[];
} {
  const episodes = new Map<string, Episode>();
  const quarantined: Put[] = [];
  const { sender, id, at, lookedAt } = batch;
  const cameIn = { sender, at: batch.postedAt ?? at, batch: id, lookedAt };
  const unused: Unused[] = [];
  const quarantine = (part: Pick<Quarantined, "place" | "why" | "text">, system: string): [EventOutcome, string] => {
    const entry = { batch: id, sender, system: batch.system, at, ...part };
    quarantined.push(putQuarantined(entry));
    unused.push({ why: part.why, system });
    return ["quarantined", quarantineKey(entry)];
  };
  const events = named.map((each, index): [EventOutcome, string] => {
    if ("why" in each) {
      const { system, ...part } = each;
      return quarantine(part, system);
    }
    const document = standing.get(each.key);
    const before = episodes.get(each.key) ?? (document && ifLegible(() => parseEpisode(document)));
    // A record that cannot be read is left as it is.
    if (document && !before) {
      const why = `its record ${each.key} cannot be read`;
      const text = JSON.stringify(each.report).slice(0, keptText);
      return quarantine({ why, place: batch.next + index, text }, each.system);
    }
    const { episode, outcome } = withReport(before, each.report, { ...cameIn, system: each.system });
    episodes.set(each.key, episode);
    return [outcome, each.key];
  });
  return { puts: [...[...episodes.values()].map(putEpisode), ...quarantined], events, unused };
}
