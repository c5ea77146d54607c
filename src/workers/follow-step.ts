import { setTimeout as pause } from "node:timers/promises";
import { recordPrinted, type StepAt } from "../acts/approvals/record-run.ts";
import type { StepCall } from "../domain/systems/steps.ts";
import type { RunPorts } from "./run.ts";

/** How often it is looked whether it is time to show what a step has printed, in ms. */
const lookEveryMs = 1_000;

/** Follows what a step prints while it is out: `follow` is handed to the step, and `stop` ends it. */
export interface Following {
  readonly follow: NonNullable<StepCall["follow"]>;
  readonly stop: () => Promise<void>;
}

/** Has what a step prints written down now and then. That it cannot be written down is no trouble of the step's. */
export function followStep({ store, log }: Pick<RunPorts, "store" | "log">, at: StepAt): Following {
  const over = new AbortController();
  let following = Promise.resolve();
  const show = async (printed: () => string): Promise<void> => {
    const { signal } = over;
    while (!signal.aborted) {
      try {
        await pause(lookEveryMs, undefined, { signal });
        await recordPrinted(store, at, printed);
      } catch (error) {
        if (!signal.aborted) log.warn("what a step prints was not shown", { request: at.id, step: at.step, error });
      }
    }
  };
  return {
    follow(printed) {
      following = show(printed);
    },
    async stop() {
      over.abort();
      await following;
    },
  };
}
