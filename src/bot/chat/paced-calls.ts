import { backoffMs } from "../../domain/backoff.ts";
import type { Log } from "../../domain/log.ts";
import type { Lane } from "../../domain/messages/lane.ts";
import { NotBegunError, type Pace, Pacer } from "./pacing.ts";
import { pause } from "./pause.ts";
import type { PlatformFault } from "./platform-fault.ts";

/** One call to a platform, as often as it is tried. */
export interface PacedCall<Result, Fault> {
  /** What it is called in the log. */
  readonly name: string;
  readonly lane: Lane;
  /** Every bucket it draws from; undefined for what the platform does not count. */
  readonly buckets: Readonly<Record<string, Pace>> | undefined;
  send(): Promise<Result>;
  /** What it comes to for whoever called, once it is not tried again. */
  failed(fault: Fault): Error;
  /**
   * Asked before the call is made again: what it made the time before, although its answer was lost, or undefined to send
   * it again. Left out for a call that can be made twice.
   */
  found?(fault: Fault): Promise<Result | undefined>;
}

/** How long a call may be tried, in ms: a reply is waited for, a notice has a worker that comes back. */
const budgetMs = { urgent: 10_000, reply: 10_000, notice: 25_000, quiet: 25_000 } as const satisfies Record<
  Lane,
  number
>;
const pauses = { firstMs: 200, mostMs: 5_000 };
/** How long a platform may take over one call. */
export const callMs = 8_000;

/** Calls to one platform: each in its turn, and tried again by one set of rules where another attempt may end better. */
export class PacedCalls<Refusal> {
  readonly #pacer = new Pacer();
  readonly #ending = new AbortController();
  readonly #faultOf: (error: unknown) => PlatformFault<Refusal>;
  readonly #log: Log;

  /** `faultOf` reads what the platform's own client rejects with. */
  constructor(faultOf: (error: unknown) => PlatformFault<Refusal>, log: Log) {
    this.#faultOf = faultOf;
    this.#log = log;
  }

  /** The answer, or a rejection with what the last fault comes to. */
  async run<Result>(call: PacedCall<Result, PlatformFault<Refusal>>): Promise<Result> {
    const until = performance.now() + budgetMs[call.lane];
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#once(call, until - performance.now());
      if ("result" in outcome) return outcome.result;
      const { fault } = outcome;
      const waitMs = waitOf(fault, attempt);
      if (waitMs === undefined || performance.now() + waitMs > until) throw call.failed(fault);
      this.#log.debug("a call to a platform is tried again", { call: call.name, fault: fault.kind, waitMs });
      await pause(waitMs, this.#ending.signal);
      if (this.#ending.signal.aborted) throw call.failed(fault);
      const made = await call.found?.(fault);
      if (made !== undefined) return made;
    }
  }

  /** Ends what is being tried again or waits for its turn: nobody waits for it any more. */
  close(): void {
    this.#ending.abort();
    this.#pacer.close();
  }

  async #once<Result>(
    call: PacedCall<Result, PlatformFault<Refusal>>,
    withinMs: number,
  ): Promise<{ result: Result } | { fault: PlatformFault<Refusal> }> {
    const { lane, buckets } = call;
    try {
      if (!buckets) return { result: await call.send() };
      return { result: await this.#pacer.run({ lane, buckets, withinMs, work: () => call.send() }) };
    } catch (error) {
      if (error instanceof NotBegunError) return { fault: error.fault };
      const fault = this.#faultOf(error);
      if (fault.kind === "too-fast")
        for (const key of Object.keys(buckets ?? {})) this.#pacer.pause(key, fault.retryAfterMs);
      return { fault };
    }
  }
}

/** How long to wait before the next attempt; undefined when another would end the same. */
function waitOf(fault: PlatformFault<unknown>, attempt: number): number | undefined {
  switch (fault.kind) {
    case "said-no":
      return undefined;
    case "too-fast":
      return fault.retryAfterMs;
    case "unwell":
    case "cut-off":
      return backoffMs(attempt, pauses);
  }
}
