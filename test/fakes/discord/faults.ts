export type Fault = {
  readonly method?: string;
  /** Of the path after the version, or a part of it; left out: any. */
  readonly route?: RegExp | string;
  /** How often; once when left out. */
  readonly times?: number;
} /** `after`: Discord did it before it failed. */ & (
  | { readonly kind: "status"; readonly status: number; readonly after?: boolean }
  | { readonly kind: "rate-limited"; readonly retryAfter: number; readonly global?: boolean }
  | { readonly kind: "json-error"; readonly status: number; readonly code: number; readonly message: string }
  /** The connection is cut before Discord has read the call. */
  | { readonly kind: "reset-before" }
  /** Discord did it, and the answer is lost. */
  | { readonly kind: "reset-after" }
  | { readonly kind: "slow"; readonly ms: number }
  /** It is taken, and never answered. */
  | { readonly kind: "hang"; readonly after?: boolean }
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

  next(method: string, path: string): Fault | undefined {
    const found = this.#all.find(
      ({ fault, hits }) =>
        (fault.method ?? method) === method && concerns(fault.route, path) && hits < (fault.times ?? 1),
    );
    if (found) found.hits += 1;
    return found?.fault;
  }
}

function concerns(route: RegExp | string | undefined, path: string): boolean {
  if (route === undefined) return true;
  return typeof route === "string" ? path.includes(route) : route.test(path);
}
