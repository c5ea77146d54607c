import type { Episode } from "../domain/alerts/episode.ts";
import { UserError } from "../domain/failure.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import { type Batch, readBatch } from "../records/batch.ts";
import { episodeCode, episodesOf } from "../records/episode.ts";
import { ledgerOf, parseQuarantined, type Quarantined } from "../records/ledger.ts";
import { eachLegible } from "../records/legible.ts";

/** What became of one alert: its episodes, the newest first. */
export interface AlertAccount {
  readonly kind: "alert";
  readonly newest: Episode;
  readonly before: readonly Episode[];
}

/** What became of all that was posted at once. */
export interface BatchAccount {
  readonly kind: "batch";
  readonly batch: Batch;
  readonly quarantined: readonly Quarantined[];
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
  return newest && { kind: "alert", newest, before };
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
  return { kind: "batch", batch, quarantined: found };
}
