import { z } from "zod";
import { claimRun, lockedOut } from "../acts/approvals/claim-run.ts";
import { completed, type Ready } from "../acts/approvals/completed-step.ts";
import { doubtOf, type StepOfRequest } from "../acts/approvals/doubt-of-target.ts";
import { endOutdated } from "../acts/approvals/end-outdated.ts";
import { endSettlements } from "../acts/approvals/end-settlements.ts";
import { endUndone } from "../acts/approvals/end-undone.ts";
import { endWatches } from "../acts/approvals/end-watches.ts";
import { endHalted } from "../acts/approvals/halted-since.ts";
import { elapsedSince, lookUpOutcome } from "../acts/approvals/look-up-outcome.ts";
import { lookAtHalt } from "../acts/approvals/may-undo.ts";
import { openFollowUp } from "../acts/approvals/open-follow-up.ts";
import { recheck } from "../acts/approvals/plan.ts";
import {
  recordFinish,
  recordLapse,
  recordLoss,
  recordOutcome,
  recordStart,
  type StepAt,
} from "../acts/approvals/record-run.ts";
import { allSteps } from "../domain/approvals/plan.ts";
import { stepKey } from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import { nextFor, nextLookAt, type Run, type StepRecord } from "../domain/approvals/run.ts";
import { backoffMs } from "../domain/backoff.ts";
import type { SystemPorts } from "../domain/commands/command.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { ownSystem, ownSystemId } from "../domain/systems/own-system.ts";
import { withResult } from "../domain/systems/results.ts";
import type { StepCall, StepOutcome, StepRunner } from "../domain/systems/steps.ts";
import type { Systems } from "../domain/systems/system.ts";
import { type ReadRequest, readRequest, runQueues } from "../records/request.ts";
import { followStep } from "./follow-step.ts";
import { unprovenTarget } from "./prove-target.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";
import { Rooms } from "./rooms.ts";

export interface RunPorts {
  readonly store: Store;
  readonly log: Log;
  readonly meter: Meter;
  readonly systems: Systems & Pick<SystemPorts, "health" | "portfolios" | "lists" | "reads" | "planner" | "rehearsals">;
  readonly steps: StepRunner;
  readonly directory: Directory;
  /** Names this process in the record of a run. */
  readonly owner: string;
}

/** `lost` was written by the release before, which had a timer of its own for the lease of a run. */
const Due = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["claim", "run", "lapse", "lost", "reconcile", "settlements", "undone"]),
    request: z.string(),
  }),
  z.object({ kind: z.literal("follow-up"), request: z.string(), instead: z.string().optional() }),
  z.object({ kind: z.literal("outdated") }),
  z.object({ kind: z.literal("halted"), system: z.string() }),
]);

/** How many requests are at work at a time. What is urgent has room of its own, so that targets that hang hold up no stop. */
const parallel = { urgent: 4_096, reducing: 64, ordinary: 16 } as const;

/** How requests are told apart by what may hold them up: each has a worker of its own. */
export const urgencies = ["urgent", "reducing", "ordinary"] as const;

/** Starts approved requests, goes on with their runs, enforces their deadlines, and looks up outcomes that were lost. */
export function startRunWorker(ports: RunPorts, urgency: keyof typeof runQueues): QueueWorker {
  return startQueueWorker({
    queue: runQueues[urgency],
    store: ports.store,
    log: ports.log,
    leaseMs: 30_000,
    parallel: parallel[urgency],
    everyMs: 250,
    handle: urgency === "urgent" ? inRoom(ports) : (item) => handle(ports, item),
  });
}

/**
 * How many presses of one and the same stop are at work at a time, and how many of all that is urgent on one system. Each press
 * is a try of its own, so a few are enough; with more, people pressing the stop of what hangs would hold up the stop of
 * something else. There is room for sixteen systems that hang with all that they may have at work.
 */
const atOnce = { alike: 16, ofSystem: 256 } as const;

/** What finds no room gives its place back at once and comes again soon. */
function inRoom(ports: RunPorts): (item: Claimed) => Promise<Handled> {
  const alike = new Rooms(atOnce.alike);
  const ofSystem = new Rooms(atOnce.ofSystem);
  return async (item) => {
    const due = Due.parse(item.body);
    const read = "request" in due ? await readRequest(ports.store, due.request) : undefined;
    const inItsSystem = () => ofSystem.enter(read?.sealed.system ?? item.id, () => handle(ports, item));
    const handled = await alike.enter(read?.request.twin ?? item.id, inItsSystem);
    return handled ?? { done: false, retryAt: (await ports.store.now()) + backoffMs(0, noRoom) };
  };
}

/** Spread, so that those who wait do not all come back at once. */
const noRoom = { leastMs: 500, firstMs: 500, mostMs: 1_500 };

async function handle(ports: RunPorts, item: Claimed): Promise<Handled> {
  const due = Due.parse(item.body);
  switch (due.kind) {
    case "claim":
      return start(ports, due.request);
    case "run":
    case "lost":
      return goOn(ports, due.request);
    case "lapse":
      await recordLapse(ports.store, due.request);
      return untilNext(ports, due.request, ({ request, sealed }) => lapsesAt(request, sealed));
    case "follow-up": {
      const asked = await openFollowUp(ports, due.request, due.instead);
      return asked ? { done: true } : { done: false, retryAt: (await ports.store.now()) + 5_000 };
    }
    case "outdated":
      await endOutdated(ports.store);
      return { done: true };
    case "halted":
      await endHalted(ports.store, due.system);
      await endWatches(ports.store, due.system);
      return { done: true };
    case "settlements":
      await endSettlements(ports.store, due.request);
      return { done: true };
    case "undone":
      await endUndone(ports.store, due.request);
      return { done: true };
    case "reconcile":
      if (await lookUpOutcome(ports, due.request)) await count(ports, due.request);
      return untilNext(ports, due.request, nextLook);
  }
}

/** Keeps a timer for as long as its request still gives it something to do: its time may have moved meanwhile. */
async function untilNext(
  ports: RunPorts,
  id: string,
  when: (read: ReadRequest, now: number) => number | undefined,
): Promise<Handled> {
  const read = await readRequest(ports.store, id);
  const next = read && when(read, await ports.store.now());
  return next === undefined ? { done: true } : { done: false, retryAt: next };
}

function nextLook({ request, run }: ReadRequest, now: number): number | undefined {
  return request.state === "UNKNOWN" && run ? nextLookAt(run, now) : undefined;
}

async function start(ports: RunPorts, id: string): Promise<Handled> {
  const read = await readRequest(ports.store, id);
  return read?.request.state === "APPROVED" ? claim(ports, read, { slowMs: 0 }) : { done: true };
}

/** What is known of the store while one run is gone on with: how long it took at most over a commit, in ms. */
interface Pace {
  slowMs: number;
}

async function paced<Result>({ store }: RunPorts, pace: Pace, commit: () => Promise<Result>): Promise<Result> {
  const asked = await store.now();
  const result = await commit();
  pace.slowMs = Math.max(pace.slowMs, (await store.now()) - asked);
  return result;
}

/** Reads again what the plan rests on, takes the run and goes on with it. */
async function claim(ports: RunPorts, read: ReadRequest, pace: Pace): Promise<Handled> {
  const { owner, directory, systems } = ports;
  const { id } = read.request;
  const { sealed, request } = read;
  const { system } = sealed;
  const ageMs = (await ports.store.now()) - request.openedAt;
  const configured = system === ownSystemId ? ownSystem : systems.find(system);
  const locked = await lockedOut(ports.store, id);
  const going = { sealed, ageMs, hasActed: hasActed(ports, read) };
  const check = locked ? { drift: [] } : await recheck(systems, going, configured);
  const claimed =
    locked ?? (await paced(ports, pace, () => claimRun(ports.store, { id, owner, check, directory, ...pace })));
  if (claimed.claimed) return goOn(ports, id, pace);
  if (claimed.next === "over" || claimed.news)
    ports.log.info("a run was not started", { request: id, why: claimed.why });
  if (claimed.next === "later") return { done: false, retryAt: (await ports.store.now()) + 1_000 };
  if (check.unsure !== undefined) await count(ports, id);
  return { done: true };
}

/** Did a run of it begin to change its target? */
function hasActed({ steps }: RunPorts, { sealed, run }: ReadRequest): boolean {
  const begun = run?.steps.filter(({ state }) => state !== "planned").map(({ id }) => id) ?? [];
  return allSteps(sealed.plan).some((step) => begun.includes(step.id) && steps.does(step) === "changes");
}

/**
 * Goes on with a run until it is over or has to wait. Everything it goes by is written down, so that whoever comes across
 * the run next goes on where it stands. Each commit moves the queue's item to when the run is to be looked at again: what
 * is answered here counts only where nothing was committed.
 */
async function goOn(ports: RunPorts, id: string, pace: Pace = { slowMs: 0 }): Promise<Handled> {
  for (;;) {
    const read = await readRequest(ports.store, id);
    if (!read?.run) return { done: true };
    const { request, run } = read;
    const isOver = request.state !== "EXECUTING";
    const action = nextFor({ request, run }, await ports.store.now(), ports.owner);
    switch (action.next) {
      case "send":
        if (await carryOut(ports, { ...read, run, pace }, action.step)) break;
        await sayOvertaken(ports, id);
        if (isOver) return { done: true };
        break;
      case "look-again":
        return { done: false, retryAt: action.at };
      case "claim-again":
        return claim(ports, read, pace);
      case "lost":
        if (await recordLoss(ports.store, id)) await count(ports, id);
        break;
      case "finished":
        if (isOver) return { done: true };
        if (await recordFinish(ports.store, { id, fence: run.fence })) await count(ports, id);
        break;
    }
  }
}

type Running = ReadRequest & { readonly run: Run; readonly pace: Pace };

/** Begins a step, or looks at it once more, and writes down what became of it. False when the run has passed to another. */
async function carryOut(ports: RunPorts, going: Running, stepId: string): Promise<boolean> {
  const { sealed, run, pace } = going;
  const { id } = going.request;
  const step = allSteps(sealed.plan).find((each) => each.id === stepId);
  const record = run.steps.find((each) => each.id === stepId);
  if (!step || !record) throw new Error("the run has a step that its plan does not have");
  const key = stepKey(id, stepId);
  const ready = completed(ports.systems, going, step);
  const at = { id, step: stepId, fence: run.fence, lookAt: record.lookAt, owner: ports.owner };
  const look = run.insists
    ? await lookAtHalt(ports.store, sealed, { reads: ports.steps.does(step) === "reads", record })
    : undefined;
  const end = (as: StepAt, outcome: StepOutcome) =>
    paced(ports, pace, () => recordOutcome(ports.store, { ...as, ...pace, look, outcome: withResult(step, outcome) }));
  const urgent = run.insists === true;
  const asked = { ready, sealed, looksUp: !urgent };
  if (record.lookAt !== undefined) {
    const call = { key, ...(await sinceBegun(ports, record)) };
    return end(at, await runStep(ports, asked, call));
  }
  const { budgetMs } = step;
  const changes = ports.steps.does(step) === "changes";
  const begun = await paced(ports, pace, () => recordStart(ports.store, { ...at, ...pace, budgetMs, reads: !changes }));
  if (!begun) return false;
  const following = followStep(ports, { ...at, fence: begun.fence });
  const begunAt = await ports.store.now();
  const unsent = await whyNotSent(ports, { sealed, step, sendBefore: begun.sendBefore, urgent });
  const outcome: StepOutcome =
    unsent === undefined
      ? await runStep(ports, { ...asked, begunAt }, { key, elapsedMs: 0, follow: following.follow })
      : { outcome: "refused", detail: unsent };
  await following.stop();
  return end({ ...at, fence: begun.fence, lookAt: begun.lookAt }, outcome);
}

/** Why what is written down as begun is not sent after all. What only reads is never too late. */
async function whyNotSent(
  ports: RunPorts,
  { sendBefore, urgent, ...of }: StepOfRequest & { readonly sendBefore: number; readonly urgent: boolean },
): Promise<string | undefined> {
  if (ports.steps.does(of.step) !== "changes") return undefined;
  const unproven = await unprovenTarget(ports, of, { sendBefore, urgent });
  if (unproven !== undefined) return `it was not sent: ${unproven}`;
  // Held up for so long that others may act.
  if ((await ports.store.now()) < sendBefore) return undefined;
  return "It was not sent: the process that runs it was held up too long.";
}

/** What was read back has been waited for: how long it is read on is no part of that. */
async function sinceBegun(ports: RunPorts, { at, progress, held }: StepRecord): Promise<Omit<StepCall, "key">> {
  const now = held?.since ?? (await ports.store.now());
  return { elapsedMs: Math.max(0, now - (at ?? now)), progress };
}

/** A step, and the system whose it is. */
interface StepOf {
  readonly ready: Ready;
  readonly sealed: StepOfRequest["sealed"];
  /** Whether a lost answer is looked up; what is simply sent again needs none. */
  readonly looksUp: boolean;
  /** When it was sent, store time in ms; left out of what is looked at again. */
  readonly begunAt?: number;
}

/** When the answer was lost the target is asked once whether the step took effect, unless it is simply sent again. */
async function runStep(
  ports: RunPorts,
  { ready, sealed, looksUp, begunAt }: StepOf,
  call: StepCall,
): Promise<StepOutcome> {
  const { steps } = ports;
  if (!ready.step) return { outcome: "refused", detail: `it was not begun. ${ready.lacks}` };
  const { step } = ready;
  const of = { sealed, step };
  const ran = await steps.run(step, call);
  // What was put in place is not what the card shows of the plan.
  const outcome = step.awaits === undefined ? ran : { ...ran, detail: `${step.description}: ${ran.detail}` };
  const does = steps.does(step);
  const within = { withinMs: briefIdentityMs, unreadCounts: !looksUp };
  if (does === "reads" && outcome.outcome === "done") {
    // Another system that took the port says nothing about this one: it is read again until it has proven itself.
    const detail = (await doubtOf(ports, of, within))?.words;
    if (detail === undefined) return outcome;
    return call.elapsedMs + againInMs < step.budgetMs
      ? { outcome: "waiting", detail, progress: call.progress ?? null, againInMs }
      : { outcome: "unknown", detail };
  }
  if (outcome.outcome !== "unknown" || does !== "changes" || !looksUp) return outcome;
  if ((await doubtOf(ports, of, within)) !== undefined) return outcome;
  const found = await steps.probe(step, call.key, await elapsedSince(ports.store, begunAt));
  return found.outcome === "done" ? found : outcome;
}

/** What was read from a system that did not prove itself is read again after so long. */
const againInMs = 1_000;

/** The look right after a lost answer shares the lease of the step with it. */
const briefIdentityMs = 1_000;

/** What this process found counts for nothing: another has gone on with the run, or has looked at the step since. */
async function sayOvertaken(ports: RunPorts, id: string): Promise<void> {
  const owner = (await readRequest(ports.store, id))?.run?.owner;
  if (owner !== ports.owner)
    ports.log.error("a run passed to another executor while this one was at it", { request: id, owner });
  else ports.log.info("a look at a step of a run was overtaken by another", { request: id });
}

async function count(ports: RunPorts, id: string): Promise<void> {
  const after = await readRequest(ports.store, id);
  if (after) ports.meter.count("wardroom_runs_total", { outcome: after.request.state });
}
