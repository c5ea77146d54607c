import { Worker } from "node:worker_threads";
import type { EntriesAnswer } from "./entries-worker.ts";
import type { EntriesOrder } from "./read-entries.ts";

const mostMegabytes = 256;

/**
 * Works entries out in a thread of its own that is ended when its time is over: a rule of a few words can have so many days, or
 * so few in so many years, that nobody would wait for it. Never rejects.
 */
export async function entriesInThread(order: EntriesOrder, withinMs: number): Promise<EntriesAnswer> {
  const worker = new Worker(new URL("./entries-worker.ts", import.meta.url), {
    workerData: order,
    execArgv: [],
    name: "calendar",
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  const { promise, resolve } = Promise.withResolvers<EntriesAnswer>();
  const timer = setTimeout(
    () => resolve({ why: `its entries cannot be worked out within ${withinMs / 1_000} s` }),
    withinMs,
  );
  worker.once("message", resolve);
  worker.once("error", () => resolve({ why: "its entries cannot be worked out" }));
  worker.once("exit", () => resolve({ why: "its entries cannot be worked out" }));
  const answer = await promise;
  clearTimeout(timer);
  await worker.terminate();
  return answer;
}
