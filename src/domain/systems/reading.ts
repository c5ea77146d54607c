import type { BackendFault } from "../failure.ts";

/** What went wrong when one thing was asked of one backend, in words fit for a card. */
export interface FailedReading {
  readonly ok: false;
  readonly fault: BackendFault;
  readonly detail: string;
  /** Who failed, as host and port, and what happened, without what was asked: equal for all that one cause spoils. */
  readonly cause?: { readonly origin: string; readonly reason: string };
  /** What is to have nothing that runs, as somebody scaled it: in the words of the step that does so. */
  readonly emptied?: string;
  /** It will be known after so many ms. */
  readonly againMs?: number;
  readonly at: number;
  readonly latencyMs: number;
}

/** The outcome of asking one thing of one backend: a value, or what went wrong. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value; readonly at: number; readonly latencyMs: number }
  | FailedReading;

/** A value with the moment it was true. */
export interface Taken<Value> {
  readonly value: Value;
  /** ms since 1970; the end of the reading when left out. */
  readonly at?: number;
}

/** One look at one source. Looks of one round are of one moment: what they need alike is asked once. */
export interface Look {
  /** The system that is looked at. */
  readonly system: string;
  readonly deadlineMs: number;
  /** The same object for every look of a round. */
  readonly round: object;
}
