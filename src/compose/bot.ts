import { randomBytes } from "node:crypto";
import { z } from "zod";
import { invocationQueue, pruneInvocations, takeUpInvocations } from "../acts/messages/record-invocation.ts";
import { adoptPolicy } from "../acts/people/adopt-policy.ts";
import { createPipeline, type Pipeline } from "../bot/pipeline/pipeline.ts";
import type { Config } from "../config/load-config.ts";
import { openStates } from "../domain/approvals/request.ts";
import type { Log } from "../domain/log.ts";
import type { Courier } from "../domain/messages/message.ts";
import type { Meter } from "../domain/meter.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { policyReader } from "../reads/policy-in-force.ts";
import { noticeQueue } from "../records/notice.ts";
import { openRequests } from "../records/request.ts";
import { startDeliveryWorker } from "../workers/deliver.ts";
import { type QueueWorker, startQueueWorker } from "../workers/queue-worker.ts";
import { startRunWorker } from "../workers/run.ts";
import { startSampling } from "../workers/sample.ts";
import { ConfigurationInUse, type Snapshot, snapshotOf } from "./configuration.ts";
import { Directories } from "./directories.ts";
import { knownSurfaces } from "./known-surfaces.ts";
import { wakingStore } from "./waking-store.ts";
import { createWorld } from "./world.ts";

export interface BotParts {
  readonly store: Store;
  readonly config: Config;
  readonly log: Log;
  readonly meter: Meter;
  /** No other process uses the store. */
  readonly alone?: boolean;
}

/** The bot without its surfaces: they are handed the pipeline and hand in their couriers. */
export interface RunningBot {
  readonly pipeline: Pipeline;
  readonly store: Store;
  /** What is configured now, asked for at each use. */
  readonly current: () => Snapshot;
  /** Where surfaces that know more of their accounts than the account's id hand in their directory. */
  readonly directories: Directories;
  readonly policyInForce: () => Promise<Policy>;
  /** Takes another configuration, whole or not at all. What is under way ends by the one it began with. */
  replace(config: Config): Promise<void>;
  /** Starts what happens without a person. */
  work(couriers: readonly Courier[]): void;
  /** Takes nothing new, ends what is under way and closes the store. */
  stop(): Promise<void>;
}

const Left = z.object({ invocation: z.string() });
const day = 86_400_000;

/** Puts the configured rules in force and assembles the bot around a store. */
export async function createBot({ store: bare, config, log, meter, alone }: BotParts): Promise<RunningBot> {
  const workers = new Map<string, QueueWorker>();
  const store = wakingStore(bare, (queue) => workers.get(queue)?.wake());
  const inUse = new ConfigurationInUse(snapshotOf(config));
  const { current } = inUse;
  const adopt = async ({ policy }: Config): Promise<void> => {
    if (await adoptPolicy(store, policy))
      log.info("the configured people and rules are in force", { revision: policy.revision });
  };
  await adopt(config);
  if (alone && (await takeUpInvocations(store)) > 0) log.warn("a process before this one left commands unanswered");
  const directories = new Directories(knownSurfaces);
  const world = createWorld({ store, current, directory: directories, log, meter });
  const policyInForce = policyReader(store);
  const pipeline = createPipeline({
    current,
    world,
    policyInForce,
    surfaces: knownSurfaces,
    log,
    meter,
  });
  const tidying: NodeJS.Timeout[] = [];
  const sampling = startSampling({
    store,
    current,
    metrics: world.systems.metrics,
    log,
  });
  return {
    pipeline,
    store,
    current,
    directories,
    policyInForce,
    async replace(next) {
      const snapshot = snapshotOf(next);
      await adopt(next);
      inUse.replace(snapshot);
    },
    work(couriers) {
      const owner = `${process.pid}-${randomBytes(4).toString("hex")}`;
      const bySurface = new Map(couriers.map((each) => [each.surface, each]));
      const parts = { store, log, meter, couriers: bySurface, surfaces: knownSurfaces, policyInForce };
      for (const { surface } of couriers) workers.set(noticeQueue(surface), startDeliveryWorker({ ...parts, surface }));
      workers.set("runs", startRunWorker({ ...world, ...world.people, log, meter, owner }));
      workers.set(invocationQueue, startInvocationWorker(store, pipeline, log));
      tidying.push(
        every(60_000, log, () => tidy(store)),
        every(10_000, log, () => measure(store, meter, [...bySurface.keys()])),
      );
    },
    async stop() {
      for (const timer of tidying) clearInterval(timer);
      await Promise.all([sampling.stop(), ...[...workers.values()].map((worker) => worker.stop())]);
      await world.close();
      await store.close();
    },
  };
}

/** Answers commands whose process stopped between accepting and answering them. */
function startInvocationWorker(store: Store, pipeline: Pipeline, log: Log): QueueWorker {
  return startQueueWorker({
    queue: invocationQueue,
    store,
    log,
    // A command is ended after 30 s; what dies with its process is taken up soon after that.
    leaseMs: 35_000,
    parallel: 4,
    everyMs: 1_000,
    async handle(item) {
      await pipeline.resume(Left.parse(item.body).invocation);
      return { done: true };
    },
  });
}

async function tidy(store: Store): Promise<void> {
  await pruneInvocations(store, { invocationsMs: day, buttonsMs: 30 * day, limit: 500 });
}

async function measure(store: Store, meter: Meter, running: readonly string[]): Promise<void> {
  const open = await openRequests(store, 500);
  for (const state of openStates)
    meter.gauge("wardroom_requests", open.filter(({ request }) => request.state === state).length, { state });
  const now = await store.now();
  for (const surface of running) {
    const { count, oldestDue = now } = await store.owed(noticeQueue(surface));
    meter.gauge("wardroom_notices_owed", count, { surface });
    meter.gauge("wardroom_notices_oldest_seconds", Math.max(0, (now - oldestDue) / 1_000), { surface });
  }
}

function every(ms: number, log: Log, work: () => Promise<void>): NodeJS.Timeout {
  return setInterval(
    () => void work().catch((error: unknown) => log.warn("tidying up failed and will be tried again", { error })),
    ms,
  ).unref();
}
