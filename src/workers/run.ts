import { z } from "zod";
import {
  claimRun,
  recordEnd,
  recordFinish,
  recordLapse,
  recordLoss,
  recordReconciliation,
  recordRefusal,
  recordStart,
} from "../acts/approvals/run-request.ts";
import { compareDrift } from "../domain/approvals/drift.ts";
import type { PlannedStep } from "../domain/approvals/plan.ts";
import { type Request, stepKey } from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import type { SystemPorts } from "../domain/commands/command.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { listedArguments } from "../domain/systems/plan-operation.ts";
import type { StepOutcome, StepRunner } from "../domain/systems/steps.ts";
import type { System, Systems } from "../domain/systems/system.ts";
import { canonical } from "../records/ids.ts";
import { type ReadRequest, readRequest, runQueue } from "../records/request.ts";
import { type Handled, type QueueWorker, settle, startQueueWorker } from "./queue-worker.ts";

export interface RunPorts {
  readonly store: Store;
  readonly log: Log;
  readonly meter: Meter;
  readonly systems: Systems & Pick<SystemPorts, "health" | "portfolios" | "lists" | "planner">;
  readonly steps: StepRunner;
  readonly directory: Directory;
  /** Names this process in the record of a run. */
  readonly owner: string;
}

const Due = z.object({ kind: z.enum(["claim", "lapse", "lost", "reconcile"]), request: z.string() });

/** Time an executor may be silent beyond what its step takes before others call the run lost. */
const leaseMarginMs = 5_000;
/** How often the target is read before a run is given up because what it rests on cannot be checked. */
const preconditionReads = 3;

/** Starts approved requests, enforces their deadlines, and looks up outcomes that were lost. */
export function startRunWorker(ports: RunPorts): QueueWorker {
  return startQueueWorker({
    queue: runQueue,
    store: ports.store,
    log: ports.log,
    leaseMs: 30_000,
    parallel: 16,
    everyMs: 250,
    handle: (item) => handle(ports, item),
  });
}

async function handle(ports: RunPorts, item: Claimed): Promise<Handled | undefined> {
  const due = Due.parse(item.body);
  switch (due.kind) {
    case "claim":
      return start(ports, item, due.request);
    case "lapse":
      await recordLapse(ports.store, due.request);
      return untilNext(ports, due.request, ({ request, sealed }) => lapsesAt(request, sealed));
    case "lost":
      if (await recordLoss(ports.store, due.request)) ports.meter.count("wardroom_runs_total", { outcome: "UNKNOWN" });
      return untilNext(ports, due.request, ({ request }) =>
        request.state === "EXECUTING" ? request.run?.leaseUntil : undefined,
      );
    case "reconcile":
      await lookUp(ports, due.request);
      return untilNext(ports, due.request, ({ request }, now) => nextLook(request, now));
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

/** An unknown outcome is looked up ever more rarely, down to every ten minutes. */
function nextLook(request: Request, now: number): number | undefined {
  if (request.state !== "UNKNOWN" || !request.run) return undefined;
  return Math.max(request.run.hardDeadline, now + Math.min(2_000 * 2 ** Math.min(request.run.probes, 12), 600_000));
}

async function start(ports: RunPorts, item: Claimed, id: string): Promise<Handled | undefined> {
  const read = await readRequest(ports.store, id);
  if (!read || read.request.state !== "APPROVED") return { done: true };
  const check = await checkTarget(ports, read);
  const { owner, directory } = ports;
  const claimed = await claimRun(ports.store, { id, owner, leaseMs: leaseMarginMs, drift: check.drift, directory });
  if (!claimed.claimed) {
    ports.log.info("a run was not started", { request: id, why: claimed.why });
    return claimed.next === "later" ? { done: false, retryAt: (await ports.store.now()) + 1_000 } : { done: true };
  }
  // From here the run's own lease guards it; the queue item has done its part.
  await settle(ports.store, item, { done: true });
  if (check.unsure === undefined) await execute(ports, claimed.read, claimed.fence);
  else await recordRefusal(ports.store, { id, fence: claimed.fence, why: check.unsure });
  await count(ports, id);
  return undefined;
}

/** What must be known about the target before anything is sent to it. */
async function checkTarget(
  ports: RunPorts,
  { sealed }: ReadRequest,
): Promise<{ drift: readonly string[]; unsure?: string }> {
  const system = ports.systems.find(sealed.system);
  if (!system) return { drift: [], unsure: `${sealed.system} is no longer configured.` };
  const configured = system.operations[sealed.operation];
  const planned = configured && { ...configured, ...ports.systems.planner.plan(configured, sealed.arguments) };
  if (!planned || canonical(planned) !== canonical(sealed.plan))
    return { drift: [`${sealed.operation} is configured otherwise now`] };
  const impostor = await ports.systems.health.identify(system);
  if (impostor !== undefined)
    return { drift: [], unsure: `${system.title} could not prove that it is itself: ${impostor}.` };
  const listed = await checkListed(ports, system, sealed);
  if (listed.unsure !== undefined || listed.drift.length > 0) return listed;
  const snapshot = sealed.preconditions.positions;
  if (!snapshot) return { drift: [] };
  let failure = "";
  for (let tries = 0; tries < preconditionReads; tries += 1) {
    const reading = await ports.systems.portfolios.read(system);
    if (reading.ok)
      return { drift: compareDrift(snapshot.positions, reading.value.positions, snapshot.growth).riskier };
    failure = reading.detail;
  }
  return { drift: [], unsure: `The open positions could not be read again: ${failure}.` };
}

/** What an argument names must still be there: a backup may be gone by the time that people have agreed on it. */
async function checkListed(
  ports: RunPorts,
  system: System,
  { plan, arguments: values }: ReadRequest["sealed"],
): Promise<{ drift: readonly string[]; unsure?: string }> {
  const drift: string[] = [];
  for (const { title, list, value } of listedArguments(plan, values)) {
    const reading = await ports.systems.lists.read(system, list);
    if (!reading.ok) return { drift: [], unsure: `${title} could not be checked again: ${reading.detail}.` };
    if (!reading.value.some((entry) => entry.value === value)) drift.push(`${title.toLowerCase()} ${value} is gone`);
  }
  return { drift };
}

async function execute(ports: RunPorts, read: ReadRequest, fence: number): Promise<void> {
  const { plan } = read.sealed;
  const id = read.request.id;
  for (const step of [...plan.steps, ...plan.verify]) {
    const until = await recordStart(ports.store, {
      id,
      fence,
      step: step.id,
      leaseMs: step.budgetMs + leaseMarginMs,
    });
    if (until === undefined) return lostOwnership(ports, id);
    // Held up for so long that others may act: what was written down is then not sent.
    const late = (await ports.store.now()) >= until - step.budgetMs;
    const outcome: StepOutcome = late
      ? { outcome: "refused", detail: "This executor was held up too long, so it did not send it." }
      : await runStep(ports.steps, step, stepKey(id, step.id));
    if (!(await recordEnd(ports.store, { id, fence, step: step.id, outcome }))) return lostOwnership(ports, id);
    if (outcome.outcome !== "done") break;
  }
  if (!(await recordFinish(ports.store, { id, fence }))) lostOwnership(ports, id);
}

/** When the answer was lost the target is asked once whether the step took effect. */
async function runStep(steps: StepRunner, step: PlannedStep, key: string): Promise<StepOutcome> {
  const outcome = await steps.run(step, key);
  if (outcome.outcome !== "unknown" || !steps.changes(step)) return outcome;
  const found = await steps.probe(step, key);
  return found.outcome === "done" ? found : outcome;
}

function lostOwnership(ports: RunPorts, id: string): void {
  ports.log.error("a run passed to another executor while this one was at it", { request: id });
}

/** Reads, never acts: which steps took effect, and whether what they were for now holds. */
async function lookUp(ports: RunPorts, id: string): Promise<void> {
  const read = await readRequest(ports.store, id);
  if (!read || read.request.state !== "UNKNOWN" || !read.request.run) return;
  const outcomes: { step: string; outcome: StepOutcome }[] = [];
  for (const record of read.request.run.steps) {
    const step = [...read.sealed.plan.steps, ...read.sealed.plan.verify].find((each) => each.id === record.id);
    if (!step || record.state === "done" || record.state === "refused") continue;
    if (record.role === "act" && record.state === "planned") break;
    const outcome = await ports.steps.probe(step, stepKey(id, step.id));
    outcomes.push({ step: step.id, outcome });
    if (outcome.outcome !== "done") break;
  }
  await recordReconciliation(ports.store, id, outcomes);
  await count(ports, id);
}

async function count(ports: RunPorts, id: string): Promise<void> {
  const after = await readRequest(ports.store, id);
  if (after) ports.meter.count("wardroom_runs_total", { outcome: after.request.state });
}
