import {
  alertsThere,
  beginningKey,
  type FoundReport,
  type OnRecord,
  reconcileStep,
  type SenderLook,
} from "../../domain/alerts/reconcile.ts";
import type { Document, Store } from "../../domain/store.ts";
import { episodeKey, firingFrom, parseEpisode } from "../../records/episode.ts";
import { sha256 } from "../../records/ids.ts";
import { ifLegible } from "../../records/legible.ts";
import { parseReconciled, putReconciled, reconciledKey, reconciledOf } from "../../records/reconciled.ts";
import type { RoundWrite } from "../schedule/end-round.ts";
import { acceptedBatch } from "./accept-batch.ts";
import { mirrorWrite } from "./silence-there.ts";

/**
 * What a round of looks at senders writes: what was found of each, and what is not in step as a batch of that sender, which goes the
 * way of every other. What is on record of senders that are not looked at any more goes.
 */
export async function reconcileWrite(store: Store, looks: readonly SenderLook[]): Promise<RoundWrite> {
  const steps = await Promise.all(looks.map((look) => stepOf(store, look)));
  const asked = new Set(looks.map(({ sender }) => sender.id));
  const { found } = await reconciledOf(store);
  const mirrors = await mirrorWrite(store, looks);
  const batches = steps.flatMap(({ batch }) => (batch ? [batch] : []));
  return {
    expect: {
      ...mirrors.expect,
      ...Object.fromEntries(steps.map(({ after, revision }) => [reconciledKey(after.sender), revision])),
    },
    put: [
      ...mirrors.put,
      ...steps.filter(({ isNew }) => isNew).map(({ after }) => putReconciled(after)),
      ...batches.flatMap(({ put }) => put),
    ],
    remove: [
      ...mirrors.remove,
      ...found.filter(({ sender }) => !asked.has(sender)).map(({ sender }) => reconciledKey(sender)),
    ],
    timers: batches.flatMap(({ timers }) => timers),
    journal: batches.flatMap(({ journal }) => journal),
  };
}

async function stepOf(store: Store, look: SenderLook) {
  const [document] = await store.read([reconciledKey(look.sender.id)]);
  const before = document && ifLegible(() => parseReconciled(document));
  const { reports, after } = reconcileStep(before, look, await onRecord(store, look));
  return {
    after,
    revision: document?.revision ?? null,
    isNew: JSON.stringify(before) !== JSON.stringify(after),
    batch: reports.length > 0 ? batchOf(look, reports, await store.now()) : undefined,
  };
}

async function onRecord(store: Store, { sender, peers }: SenderLook): Promise<OnRecord> {
  const { found } = await firingFrom(store, sender.id);
  const here = new Set(found.map(beginningKey));
  const others = [...alertsThere(peers).values()].flatMap(([first]) =>
    first && !here.has(beginningKey(first)) ? [first] : [],
  );
  const documents = await store.read(others.map((each) => episodeKey({ sender: sender.id, ...each })));
  return {
    firing: found,
    known: new Map(
      others.flatMap((each, place) => {
        const document = documents[place];
        return document ? [[beginningKey(each), episodeIn(document)] as const] : [];
      }),
    ),
  };
}

function episodeIn(document: Document) {
  return ifLegible(() => parseEpisode(document)) ?? ("unreadable" as const);
}

function batchOf(
  { sender: { id, system }, at }: SenderLook,
  alerts: readonly FoundReport[],
  now: number,
): ReturnType<typeof acceptedBatch> {
  const text = JSON.stringify({ version: "4", alerts });
  const sender = { id, kind: "alertmanager" as const, system };
  const posted = { sender, text, bytes: Buffer.byteLength(text), digest: sha256(text), lookedAt: at };
  return acceptedBatch(posted, { alerts, leftOut: 0 }, now);
}
