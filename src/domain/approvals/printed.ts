import type { RunningRequest, RunRuling, StepRecord } from "./run.ts";

/** What a step that is out has printed. Undefined when the run has passed to another, or the step has ended. */
export function printedBy(
  { request, run }: RunningRequest,
  by: { readonly fence: number; readonly step: string; readonly text: string; readonly now: number },
): RunRuling {
  if (request.state !== "EXECUTING" || run.fence !== by.fence) return undefined;
  const step = outStep(run.steps, by.step);
  if (!step) return undefined;
  const { text, now: at } = by;
  const printed: StepRecord = { ...step, printed: { text, at, elapsedMs: at - (step.at ?? at) } };
  return { request, run: { ...run, steps: run.steps.map((each) => (each === step ? printed : each)) } };
}

/** The step with this id, where it is out and nobody has written down how it ended. */
export function outStep(steps: readonly StepRecord[], id: string): StepRecord | undefined {
  const step = steps.find((each) => each.id === id);
  return step?.state === "started" && step.lookAt === undefined ? step : undefined;
}
