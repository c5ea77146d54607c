import type { Commit, Store } from "../../domain/store.ts";
import { counted } from "../../domain/text/quantities.ts";
import type { Batch } from "../../records/batch.ts";
import { ifLegible } from "../../records/legible.ts";
import { parseUnusable, putUnusable, unusableKey } from "../../records/unusable-post.ts";

/** An alert that went into quarantine, and the system that it is of as far as that can be told. */
export interface Unused {
  readonly why: string;
  readonly system: string;
}

/**
 * The part of a commit that keeps in mind what of a batch could not be used. `batch` is how it stands after it, `unused` what this
 * commit puts in quarantine. A batch that is on record whole makes good what came before it of the same group, and bodies of which
 * no group could be read.
 */
export async function unusableWrite(
  store: Pick<Store, "read">,
  batch: Batch,
  unused: readonly Unused[],
): Promise<Required<Pick<Commit, "expect" | "put" | "remove">>> {
  const { id, sender, group, at, next, events, outcomes, leftOut } = batch;
  const isWhole = next >= events;
  const [first] = unused;
  const left = isWhole && leftOut > 0 ? `the sender left out ${counted(leftOut, "alert")} of it` : undefined;
  const why = first?.why ?? left;
  const keys = [...new Set([unusableKey({ sender, group }), unusableKey({ sender, group: "" })])];
  if (why === undefined && (!isWhole || outcomes.quarantined > 0)) return { expect: {}, put: [], remove: [] };
  const documents = (await store.read(keys)).flatMap((document) => (document ? [document] : []));
  const standing = documents.map((document) => ({ document, post: ifLegible(() => parseUnusable(document)) }));
  if (why === undefined) {
    const good = standing.flatMap(({ document, post }) => (post === undefined || post.at <= at ? [document] : []));
    // Batches of one sender wait for each other only where there is something to make good.
    const expect = Object.fromEntries(good.map(({ key, revision }) => [key, revision]));
    return { expect, put: [], remove: good.map(({ key }) => key) };
  }
  const before = standing.find(({ post }) => post?.batch === id)?.post;
  const systems = [...new Set([batch.system, ...unused.map(({ system }) => system), ...(before?.systems ?? [])])];
  return { expect: {}, put: [putUnusable({ batch: id, sender, group, systems, at, why })], remove: [] };
}
