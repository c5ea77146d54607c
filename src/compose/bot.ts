import { randomBytes } from "node:crypto";
import { takeOverRuns } from "../acts/approvals/take-over-runs.ts";
import { takeUpInvocations } from "../acts/messages/accept-invocation.ts";
import { createPipeline, type Pipeline } from "../bot/pipeline/pipeline.ts";
import type { Config } from "../config/load-config.ts";
import type { Log } from "../domain/log.ts";
import type { Outlet } from "../domain/messages/message.ts";
import type { ExplainingTroubles } from "../domain/messages/trouble.ts";
import type { Meter } from "../domain/meter.ts";
import type { Policy } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { System } from "../domain/systems/system.ts";
import { policyReader } from "../reads/policy-in-force.ts";
import { systemState } from "../reads/system-state.ts";
import { graphQueue } from "../records/alert-graph.ts";
import { batchQueue, tellQueue } from "../records/batch.ts";
import { digestQueue } from "../records/digest.ts";
import { followQueue } from "../records/follow.ts";
import { roomQueue } from "../records/incident-room.ts";
import { invocationQueue } from "../records/invocation.ts";
import { pageHookQueue } from "../records/page.ts";
import { runQueues } from "../records/request.ts";
import { wakingStore } from "../store/waking-store.ts";
import { deadlineSlot } from "../workers/alert-deadlines.ts";
import { type NoticePorts, startNoticeWorkers } from "../workers/deliver.ts";
import { digestSlot, startDigestWorker } from "../workers/digests.ts";
import { startGraphWorker } from "../workers/draw-graphs.ts";
import { escalationAuditSlot, escalationSlot } from "../workers/escalations.ts";
import { startExplodeWorker } from "../workers/explode.ts";
import { timelineSlot } from "../workers/fill-timelines.ts";
import { startFollowWorker } from "../workers/follow.ts";
import { GiveWay } from "../workers/give-way.ts";
import { PolicyGuard } from "../workers/guard-policy.ts";
import { handOverSlot } from "../workers/hand-overs.ts";
import { startIncidentRooms } from "../workers/incident-rooms.ts";
import { MetricLooks } from "../workers/look.ts";
import { startMeasuring } from "../workers/measure.ts";
import { calendarSlot } from "../workers/oncall-calendars.ts";
import { OperatorTroubles } from "../workers/operator-troubles.ts";
import { ownBeatSlot } from "../workers/own-beat.ts";
import { startPageHookWorker } from "../workers/page-hooks.ts";
import type { QueueWorker } from "../workers/queue-worker.ts";
import { reconcileSlot } from "../workers/reconcile-alerts.ts";
import { startRunWorker, urgencies } from "../workers/run.ts";
import { sampleSlot } from "../workers/sample.ts";
import { type Schedule, type ScheduleSlot, startSchedule } from "../workers/schedule.ts";
import { silenceSlot } from "../workers/silence-alertmanagers.ts";
import { statusWatchSlot } from "../workers/status-watches.ts";
import { startTakeUpWorker } from "../workers/take-up-commands.ts";
import { heldSlot, startTellWorker, stormSlot } from "../workers/tell-alerts.ts";
import { windowSlot } from "../workers/tell-windows.ts";
import { tidySlot } from "../workers/tidy.ts";
import { updateSlot } from "../workers/update-reminders.ts";
import { type LedgerPorts, type LedgerWatch, startWatchingLedger } from "../workers/watch-ledger.ts";
import { lifeSlot } from "../workers/watch-life.ts";
import { ownWatchSlot } from "../workers/watch-own.ts";
import { startWatchingRecords } from "../workers/watch-records.ts";
import { ConfigurationInUse, type Snapshot, snapshotOf } from "./configuration.ts";
import { Directories } from "./directories.ts";
import { knownSurfaces } from "./known-surfaces.ts";
import { createWorld, type World } from "./world.ts";

export interface BotParts {
  readonly store: Store;
  readonly config: Config;
  readonly log: Log;
  readonly meter: Meter;
  /** No other process uses the store. */
  readonly alone?: boolean;
  /** When its own watch begins, in ms from the start of its work. At once when left out. */
  readonly watchInMs?: number | undefined;
}

/** The bot without its surfaces: they are handed the pipeline and hand in what is sent through them. */
export interface RunningBot {
  readonly pipeline: Pipeline;
  readonly store: Store;
  /** What is configured now, asked for at each use. */
  readonly current: () => Snapshot;
  /** Where surfaces that know more of their accounts than the account's id hand in their directory. */
  readonly directories: Directories;
  readonly policyInForce: () => Promise<Policy>;
  /** What operators can mend is told here. */
  readonly troubles: ExplainingTroubles;
  /**
   * Takes another configuration, whole or not at all. What is under way ends by the one it began with. Its people and rules
   * come into force once two people agree; `again` asks them once more for what was denied.
   */
  replace(config: Config, options?: { readonly again?: boolean }): Promise<void>;
  /** Something that was posted as an alert could not be used: the operators are to be told. */
  quarantined(): void;
  /** Alerts are posted: what was posted before can wait until what this answers is called. */
  arrives(): () => void;
  /** Starts what happens without a person. `isWell` says whether the bot is fit to be taken for alive. */
  work(outlets: readonly Outlet[], isWell?: () => Promise<boolean>): void;
  /** Takes nothing new, ends what is under way and closes the store. */
  stop(): Promise<void>;
}

/** Puts the configured rules in force and assembles the bot around a store. */
export async function createBot({ store: bare, config, log, meter, alone, watchInMs }: BotParts): Promise<RunningBot> {
  const workers = new Map<string, QueueWorker>();
  const store = wakingStore(bare, (queue) => workers.get(queue)?.wake());
  const inUse = new ConfigurationInUse(snapshotOf(config, knownSurfaces));
  const { current } = inUse;
  if (alone) await takeWhatIsLeft(store, log);
  const directories = new Directories(knownSurfaces);
  const world = createWorld({ store, current, directory: directories, log, meter });
  const guard = new PolicyGuard({ store, systems: world.systems, log, alone: alone === true });
  await guard.take(config.policy, false);
  const policyInForce = policyReader(store);
  const troubles = new OperatorTroubles({ store, policyInForce, surfaces: knownSurfaces, log });
  const pipeline = createPipeline({ current, world, policyInForce, surfaces: knownSurfaces, log, meter });
  const looks = new MetricLooks({ current, metrics: world.systems.metrics, log });
  /** What ends each part that works by itself, all at once. */
  const ends: (() => unknown)[] = [() => looks.stop(), () => guard.stop()];
  let schedule: Schedule | undefined;
  let ledger: LedgerWatch | undefined;
  const way = new GiveWay();
  return {
    pipeline,
    store,
    current,
    directories,
    policyInForce,
    troubles,
    async replace(next, { again = false } = {}) {
      const snapshot = snapshotOf(next, knownSurfaces);
      // Rules for what is not there yet harm nobody; what is there and has no rules yet would be refused.
      await guard.take(next.policy, again);
      inUse.replace(snapshot);
      await schedule?.rearm();
    },
    quarantined: () => ledger?.look(),
    arrives: () => way.arrives(),
    work(outlets, isWell = async () => true) {
      const bySurface = new Map(outlets.map((each) => [each.courier.surface, each]));
      const parts = { store, log, meter, outlets: bySurface, surfaces: knownSurfaces, policyInForce };
      startDelivering(workers, parts);
      const runPorts = { ...world, ...world.people, log, meter, owner: newOwner() };
      for (const urgency of urgencies) workers.set(runQueues[urgency], startRunWorker(runPorts, urgency));
      workers.set(invocationQueue, startTakeUpWorker({ store, log, resume: (key) => pipeline.resume(key) }));
      const intake = startIntakeWork({ ...parts, troubles, world, workers, current, isWell, way, watchInMs });
      ({ ledger } = intake);
      workers.set(roomQueue, startIncidentRooms({ ...parts, system: (id) => world.systems.find(id) }));
      workers.set(followQueue, startFollowWorker({ ...runPorts, policyInForce }));
      workers.set(digestQueue, startDigestWorker(digestPorts({ world, log, current, policyInForce })));
      looks.start();
      guard.start();
      const slots = [
        sampleSlot({ store, current, looks }),
        tidySlot(store, current),
        digestSlot({ store, digests: () => current().digests }),
        ...intake.slots,
      ];
      schedule = startSchedule({ store, log, slots });
      const measuring = startMeasuring({ store, meter, log, surfaces: [...bySurface.keys()] });
      const records = startWatchingRecords({ store, log, troubles, systems: () => current().systems.all() });
      for (const part of [records, ledger, schedule, measuring, ...workers.values()]) ends.push(() => part.stop());
    },
    async stop() {
      // What is followed ends first, so that its messages still say so.
      await workers.get(followQueue)?.stop();
      await Promise.all(ends.map((end) => end()));
      await troubles.settled();
      await world.close();
      await store.close();
    },
  };
}

/** What this process is called as the owner of runs. */
function newOwner(): string {
  return `${process.pid}-${randomBytes(4).toString("hex")}`;
}

function startDelivering(workers: Map<string, QueueWorker>, parts: Omit<NoticePorts, "surface">): void {
  for (const surface of parts.outlets.keys())
    for (const [queue, worker] of startNoticeWorkers({ ...parts, surface })) workers.set(queue, worker);
}

function digestPorts({ world, current, ...ports }: Pick<IntakePorts, "world" | "log" | "current" | "policyInForce">) {
  return {
    ...world,
    ...ports,
    digests: () => current().digests,
    system: (id: string) => world.systems.find(id),
    routing: () => current().routing,
  };
}

interface IntakePorts extends LedgerPorts {
  readonly world: World;
  readonly workers: Map<string, QueueWorker>;
  readonly current: () => Snapshot;
  readonly policyInForce: () => Promise<Policy>;
  readonly isWell: () => Promise<boolean>;
  readonly way: GiveWay;
  readonly watchInMs: number | undefined;
}

/** What is posted is put on record and told, and what cannot be is told to the operators. */
function startIntakeWork({ world, workers, current, policyInForce, isWell, watchInMs, ...ports }: IntakePorts): {
  readonly ledger: LedgerWatch;
  readonly slots: readonly ScheduleSlot[];
} {
  const { store } = ports;
  const ledger = startWatchingLedger(ports);
  const system = (name: string): System | undefined => world.systems.find(name);
  workers.set(batchQueue, startExplodeWorker({ ...ports, system, quarantined: () => ledger.look() }));
  const telling = { ...ports, policyInForce, system, routing: () => current().routing };
  workers.set(tellQueue, startTellWorker(telling));
  workers.set(pageHookQueue, startPageHookWorker({ ...telling, hooks: world.pageHooks }));
  workers.set(graphQueue, startGraphWorker({ ...ports, ...world, system }));
  return {
    ledger,
    slots: [
      heldSlot(telling),
      stormSlot(store),
      deadlineSlot(telling),
      timelineSlot(store, system),
      statusWatchSlot({
        store,
        system,
        read: (each) => systemState(world, each),
        mayTell: async ({ system: of, by, place }) => {
          const policy = await policyInForce();
          const person = policy.people.find(({ id }) => id === by.person);
          return person !== undefined && may({ person, place, policy }, "read", of).allowed;
        },
      }),
      updateSlot({
        store,
        policyInForce,
        incidents: () => current().incidents,
        oncall: () => ({ book: current().routing.book, of: current().routing.onCall }),
      }),
      escalationSlot(telling),
      escalationAuditSlot(telling),
      handOverSlot({
        store,
        policyInForce,
        oncall: () => ({ book: current().routing.book, announce: current().config.oncall.announce }),
      }),
      windowSlot({
        store,
        policyInForce,
        systems: () => current().config.systems,
        windows: () => current().routing.windows,
      }),
      calendarSlot({ ...ports, policyInForce, book: () => current().routing.book, calendars: world.calendars }),
      ownWatchSlot({ ...world, store, current, beginsInMs: watchInMs }),
      reconcileSlot({ store, peers: world.alertPeers, alerts: () => current().config.alerts }),
      silenceSlot({ store, policyInForce, silencePeers: world.silencePeers, alerts: () => current().config.alerts }),
      ownBeatSlot({ ...ports, beats: world.beats, beat: () => current().config.alerts.beat, isWell }),
      lifeSlot({ store, alerts: () => current().config.alerts, routing: () => current().routing }),
    ],
  };
}

/** What a process that is gone left of commands and runs. What cannot be read of it keeps nothing else waiting. */
async function takeWhatIsLeft(store: Store, log: Log): Promise<void> {
  const [commands, runs] = [await takeUpInvocations(store), await takeOverRuns(store)];
  if (commands.count > 0) log.warn("a process before this one left commands unanswered");
  if (runs.count > 0) log.warn("a process before this one left operations under way");
  for (const error of [...commands.unreadable, ...runs.unreadable])
    log.error("what a process before this one left cannot be read, and stays as it is", {
      record: error.record,
      error,
    });
}
