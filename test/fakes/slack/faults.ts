export type Fault = {
  /** Left out: any method. */
  readonly method?: string;
  /** How often; once when left out. */
  readonly times?: number;
} /** `after`: Slack did it before it failed. */ & (
  | { readonly kind: "status"; readonly status: number; readonly after?: boolean }
  | { readonly kind: "rate-limited"; readonly retryAfter: number }
  | { readonly kind: "ok-false"; readonly error: string; readonly extra?: Readonly<Record<string, unknown>> }
  /** The connection is cut before Slack has read the call. */
  | { readonly kind: "reset-before" }
  /** Slack did it, and the answer is lost. */
  | { readonly kind: "reset-after" }
  | { readonly kind: "slow"; readonly ms: number }
);

export interface Failing {
  readonly fault: Fault;
  hits: number;
}

/** What goes wrong next, in the order in which it was asked for. */
export class Faults {
  readonly #all: Failing[] = [];

  add(fault: Fault): Failing {
    const failing = { fault, hits: 0 };
    this.#all.push(failing);
    return failing;
  }

  heal(): void {
    this.#all.length = 0;
  }

  next(method: string): Fault | undefined {
    const found = this.#all.find(({ fault, hits }) => (fault.method ?? method) === method && hits < (fault.times ?? 1));
    if (found) found.hits += 1;
    return found?.fault;
  }
}
