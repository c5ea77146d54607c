import { z } from "zod";
import type { Log } from "../domain/log.ts";
import type { Store } from "../domain/store.ts";
import { invocationQueue } from "../records/invocation.ts";
import { type QueueWorker, startQueueWorker } from "./queue-worker.ts";

const Left = z.object({ invocation: z.string() });

/** Has commands answered whose process stopped between accepting and answering them. */
export function startTakeUpWorker(ports: {
  readonly store: Store;
  readonly log: Log;
  readonly resume: (invocation: string) => Promise<void>;
}): QueueWorker {
  return startQueueWorker({
    queue: invocationQueue,
    store: ports.store,
    log: ports.log,
    // A command is ended after 30 s; what dies with its process is taken up soon after that.
    leaseMs: 35_000,
    parallel: 4,
    everyMs: 1_000,
    async handle(item) {
      await ports.resume(Left.parse(item.body).invocation);
      return { done: true };
    },
  });
}
