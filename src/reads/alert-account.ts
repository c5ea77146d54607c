import type { Episode } from "../domain/alerts/episode.ts";
import { type FateCounts, fateWords, sumOfFates } from "../domain/alerts/fate.ts";
import { countFates, noticeOfName, settledFate } from "../domain/alerts/settle.ts";
import { UserError } from "../domain/failure.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import { fatesOf } from "../records/alert-fate.ts";
import { groupKey, parseGroup } from "../records/alert-group.ts";
import { parseTold, toldKey } from "../records/alert-told.ts";
import { type Batch, readBatch } from "../records/batch.ts";
import { episodeCode, episodeKey, episodesOf, shortCode } from "../records/episode.ts";
import { ledgerOf, parseQuarantined, type Quarantined } from "../records/ledger.ts";
import { eachLegible, ifLegible } from "../records/legible.ts";
import { shownRevisions } from "../records/message.ts";
import { noticeId } from "../records/notice.ts";

/** What became of one alert: its episodes, the newest first. */
export interface AlertAccount {
  readonly kind: "alert";
  /** What people type to name it. */
  readonly code: string;
  readonly newest: Episode;
  readonly before: readonly Episode[];
  readonly whereabouts: Whereabouts;
}

/** Where an alert is told: ids of channels that show it, and of those that are yet to; and what keeps it from people. */
export interface Whereabouts {
  readonly shown: readonly string[];
  readonly owed: readonly string[];
  readonly held?: string;
  /** Nothing is on record of its being told, as while that waits. */
  readonly untold?: true;
}

/** What became of all that was posted at once. */
export interface BatchAccount {
  readonly kind: "batch";
  readonly batch: Batch;
  readonly quarantined: readonly Quarantined[];
  /** What became of what told something new, as far as that is settled, and of how many it is not. */
  readonly fates: FateCounts;
  readonly owed: number;
}

const mostEpisodes = 50;
const mostQuarantined = 10;

/**
 * What is on record under a code, or under the id that a sender was answered with, of systems that the viewer may read. Undefined
 * where there is nothing. Throws UserError for a code that is the beginning of several.
 */
export async function alertAccountOf(
  store: Pick<Store, "read" | "list">,
  viewer: Viewer,
  code: string,
): Promise<AlertAccount | BatchAccount | undefined> {
  if (!/^[0-9a-f]{8,64}$/.test(code)) return undefined;
  const posted = await readBatch(store, code);
  if (posted && may(viewer, "read", posted.batch.system).allowed) return batchAccount(store, posted.batch);
  const { found } = await episodesOf(store, code, mostEpisodes);
  const seen = found.filter(({ system }) => may(viewer, "read", system).allowed);
  const codes = [...new Set(seen.map(episodeCode))];
  if (codes.length > 1)
    throw new UserError(
      `${code} is the beginning of several alerts' codes: ${codes.map((each) => each.slice(0, code.length + 4)).join(", ")}.`,
      "Give more of it.",
    );
  const [newest, ...before] = seen;
  return (
    newest && {
      kind: "alert",
      code: shortCode(newest),
      newest,
      before,
      whereabouts: await whereaboutsOf(store, newest),
    }
  );
}

async function whereaboutsOf(store: Pick<Store, "read">, episode: Episode): Promise<Whereabouts> {
  const [document] = await store.read([toldKey(episodeKey(episode))]);
  const told = document && ifLegible(() => parseTold(document));
  const groups = (await store.read((told?.groups ?? []).map(groupKey))).flatMap((each) =>
    each ? (ifLegible(() => parseGroup(each).group) ?? []) : [],
  );
  const sent = await shownRevisions(
    store,
    groups.map(({ id, opened, place }) => noticeId({ kind: "alerts", group: id, opened }, place)),
  );
  const channels = groups.map(({ channel }, at) => ({ channel, isShown: sent[at] !== undefined && !sent[at].dead }));
  return {
    shown: channels.filter(({ isShown }) => isShown).map(({ channel }) => channel),
    owed: channels.filter(({ isShown }) => !isShown).map(({ channel }) => channel),
    ...(document === undefined && { untold: true }),
    ...(told?.held && { held: `${fateWords(told.held.fate)}: ${told.held.why}` }),
  };
}

async function batchAccount(store: Pick<Store, "read" | "list">, batch: Batch): Promise<BatchAccount> {
  const rows = batch.outcomes.quarantined > 0 ? await ledgerOf(store, batch.id) : [];
  const keys = rows
    .flatMap(({ events }) => events)
    .flatMap(([outcome, key]) => (outcome === "quarantined" ? [key] : []))
    .slice(0, mostQuarantined);
  const documents = await store.read(keys);
  const { found } = eachLegible(
    documents.filter((document) => document !== undefined),
    parseQuarantined,
  );
  const runs = await fatesOf(store, batch.id);
  const messages = [...new Set(runs.flatMap(({ events }) => events.flatMap(([, , on]) => on.map(([name]) => name))))];
  const read = await shownRevisions(store, messages.map(noticeOfName));
  const shown = new Map(messages.map((message, at) => [message, read[at]]));
  const fates = countFates(runs.flatMap(({ events }) => events.map((event) => settledFate(event, shown))));
  return { kind: "batch", batch, quarantined: found, fates, owed: batch.outcomes.recorded - sumOfFates(fates) };
}
