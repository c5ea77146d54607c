import { z } from "zod";
import { type ExplodePorts, explodeNext } from "../acts/alerts/explode-batch.ts";
import { batchIn } from "../domain/alerts/reported-alert.ts";
import type { Log } from "../domain/log.ts";
import type { Claimed } from "../domain/store.ts";
import { batchQueue, readBatch, readBody } from "../records/batch.ts";
import type { GiveWay } from "./give-way.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

const Waiting = z.object({ batch: z.string() });

/**
 * How long a batch is one worker's, and how long that works on it before it hands the rest back, ms. Two that work on one harm
 * nothing: each commit expects where the batch stood.
 */
const leaseMs = 6_000;
const workMs = 3_000;

/** Puts on record what accepted batches tell. What a killed process had begun is gone on with where it stands. */
export function startExplodeWorker(
  ports: ExplodePorts & {
    readonly log: Log;
    /** Something of a batch could not be used. */
    readonly quarantined: () => void;
    /** Senders wait for their answers; what they posted is kept by then, and can wait. */
    readonly way?: GiveWay;
  },
): QueueWorker {
  return startQueueWorker({
    queue: batchQueue,
    store: ports.store,
    log: ports.log,
    leaseMs,
    parallel: 2,
    relaxed: true,
    everyMs: 1_000,
    handle: (item) => explode(ports, item),
  });
}

async function explode(
  ports: ExplodePorts & { readonly quarantined: () => void; readonly way?: GiveWay },
  item: Claimed,
): Promise<Handled> {
  const { batch: id } = Waiting.parse(item.body);
  const { store } = ports;
  const found = await readBatch(store, id);
  const text = found && (await readBody(store, id));
  if (text === undefined) return { done: true };
  const body = batchIn(text);
  // It was read when it was accepted.
  if ("unusable" in body) throw new Error(`the body of ${id} is no longer what was accepted: ${body.unusable}`);
  const until = performance.now() + workMs;
  for (;;) {
    await ports.way?.pass();
    const batch = await explodeNext(ports, id, body.alerts);
    if (batch && batch.outcomes.quarantined > 0) ports.quarantined();
    if (!batch || batch.next >= batch.events) return { done: true };
    if (performance.now() > until) return { done: false, retryAt: await store.now() };
    // Others have their turn between two commits.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
