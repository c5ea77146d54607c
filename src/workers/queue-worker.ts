import { backoffMs } from "../domain/backoff.ts";
import type { Log } from "../domain/log.ts";
import type { Claimed, Store } from "../domain/store.ts";

/** What to do with a claimed item: done with it, or again at a store time. */
export type Handled = { readonly done: true } | { readonly done: false; readonly retryAt: number };

export interface QueueWork {
  readonly queue: string;
  readonly store: Store;
  readonly log: Log;
  /** How long an item is ours; a crashed worker's item is taken over after it. */
  readonly leaseMs: number;
  /** Items handled at the same time. */
  readonly parallel: number;
  /** Its claims need not be on the disk: it sends nothing, and comes to the same however often it begins. */
  readonly relaxed?: boolean;
  /** How often to look when nobody has woken the worker. */
  readonly everyMs: number;
  /** Settles the item itself when it answers undefined. */
  handle(item: Claimed): Promise<Handled | undefined>;
}

export interface QueueWorker {
  /** Look now: something was put in the queue. */
  wake(): void;
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

/** Longest wait between attempts at an item whose handling threw. */
const maxBackoffMs = 60_000;

/** Claims due items of one queue for ever and hands them to `handle`. A failure is logged and tried again, ever later. */
export function startQueueWorker(work: QueueWork): QueueWorker {
  const state: LoopState = { stopping: false, woken: false, rouse: undefined, underWay: new Set() };
  const ended = loop(work, state);
  return {
    wake() {
      state.woken = true;
      state.rouse?.();
    },
    async stop() {
      state.stopping = true;
      state.rouse?.();
      await ended;
    },
  };
}

interface LoopState {
  stopping: boolean;
  woken: boolean;
  rouse: (() => void) | undefined;
  readonly underWay: Set<Promise<void>>;
}

async function loop(work: QueueWork, state: LoopState): Promise<void> {
  while (!state.stopping) {
    state.woken = false;
    const taken = await takeSome(work, state.underWay);
    if (taken === 0 && !state.woken && !state.stopping) await pause(work.everyMs, state);
    else if (state.underWay.size >= work.parallel) await Promise.race(state.underWay);
  }
  await Promise.all(state.underWay);
}

async function takeSome(work: QueueWork, underWay: Set<Promise<void>>): Promise<number> {
  const free = work.parallel - underWay.size;
  if (free <= 0) return 0;
  let items: Claimed[];
  try {
    items = await work.store.claim(work.queue, {
      leaseMs: work.leaseMs,
      limit: free,
      ...(work.relaxed && { relaxed: true }),
    });
  } catch (error) {
    work.log.error("the queue could not be read", { queue: work.queue, error });
    return 0;
  }
  for (const item of items) {
    const handling = handleOne(work, item).finally(() => underWay.delete(handling));
    underWay.add(handling);
  }
  return items.length;
}

async function handleOne(work: QueueWork, item: Claimed): Promise<void> {
  try {
    const handled = await work.handle(item);
    if (handled) await settle(work.store, item, handled);
  } catch (error) {
    work.log.error("queued work failed and will be tried again", {
      queue: work.queue,
      item: item.id,
      attempts: item.attempts,
      error,
    });
    await retryLater(work, item);
  }
}

async function retryLater(work: QueueWork, item: Claimed): Promise<void> {
  try {
    const most = Math.min(500 * 2 ** Math.min(item.attempts, 10), maxBackoffMs);
    const waitMs = Math.round(backoffMs(0, { leastMs: most / 2, firstMs: most / 2, mostMs: most }));
    await settle(work.store, item, { done: false, retryAt: (await work.store.now()) + waitMs });
  } catch (error) {
    // The lease runs out by itself, so the item comes back either way.
    work.log.warn("a failed item could not be handed back", { queue: work.queue, item: item.id, error });
  }
}

/** Ends a claim. A lost lease is no error: another worker has it. */
export async function settle(store: Store, item: Claimed, handled: Handled): Promise<void> {
  await store.commit({
    id: crypto.randomUUID(),
    settle: [
      {
        queue: item.queue,
        id: item.id,
        fence: item.fence,
        version: item.version,
        ...(!handled.done && { retryAt: handled.retryAt }),
      },
    ],
    // Whoever handles an item may die before it is settled: a power failure that takes this brings it back no differently.
    relaxed: true,
  });
}

function pause(ms: number, state: LoopState): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    state.rouse = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
