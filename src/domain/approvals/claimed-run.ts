import { leastInsistingMs } from "./insist.ts";
import { allSteps, type Plan, type PlannedStep } from "./plan.ts";
import type { Run, StepRecord } from "./run.ts";

/** The run of a plan that has just been claimed. */
export function claimedRun(
  plan: Plan,
  by: {
    readonly fence: number;
    readonly owner: string;
    readonly now: number;
    readonly leaseMs: number;
    readonly insists?: boolean;
  },
): Run {
  const hardDeadline = by.now + Math.max(plan.hardDeadlineMs, by.insists === true ? leastInsistingMs : 0);
  return {
    fence: by.fence,
    owner: by.owner,
    leaseUntil: by.now + by.leaseMs,
    beginBy: hardDeadline,
    hardDeadline,
    steps: allSteps(plan).map((step) => notBegun(step, roleIn(plan, step))),
    probes: 0,
    ...(by.insists === true && { insists: true }),
  };
}

/** The run goes on where it stands, after what it rests on was looked at again. Its deadlines stay. */
export function runTakenOn(
  run: Run,
  by: { readonly fence: number; readonly owner: string; readonly now: number; readonly leaseMs: number },
): Run {
  return { ...run, fence: by.fence, owner: by.owner, leaseUntil: by.now + by.leaseMs };
}

function roleIn({ verify }: Plan, step: PlannedStep): StepRecord["role"] {
  if (verify.includes(step)) return "verify";
  return step.once === undefined ? "act" : "tell";
}

function notBegun({ id, title }: PlannedStep, role: StepRecord["role"]): StepRecord {
  return { id, title, role, state: "planned" };
}
