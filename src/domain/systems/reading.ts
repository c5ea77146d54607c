import type { BackendFault } from "../failure.ts";

/** The outcome of asking one thing of one backend: a value, or what went wrong in words fit for a card. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value; readonly at: number; readonly latencyMs: number }
  | {
      readonly ok: false;
      readonly fault: BackendFault;
      readonly detail: string;
      readonly at: number;
      readonly latencyMs: number;
    };
