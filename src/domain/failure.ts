/** What a person can mend: bad input, no right, too late. The message is shown to them as it is. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do next, in one sentence. */
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Why a backend did not answer well. `unreachable`: nothing was sent. `refused`: the backend said no before any effect.
 * `lost`: it may have acted, the answer never came. `nonsense`: it answered something that does not parse. `unwell`: it
 * answered as it should, and says in it that something is not well.
 */
export const backendFaults = [
  "unreachable",
  "timeout",
  "refused",
  "unauthorised",
  "missing",
  "overloaded",
  "broken",
  "lost",
  "nonsense",
  "unwell",
] as const;
export type BackendFault = (typeof backendFaults)[number];

/** A backend failed. The message names the backend and what happened; it never holds a secret or a stack. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly backend: string;
  readonly fault: BackendFault;
  readonly status: number | undefined;
  /** What happened, without what was asked: the same for every call that one cause spoils. */
  readonly reason: string;
  /** It will be known after so many ms, as a rate is once its counter has been watched. */
  readonly againMs: number | undefined;
  /** What is to have nothing that runs, as somebody scaled it: in the words of the step that does so. */
  readonly emptied: string | undefined;
  /** It is a program on this machine that could not be started, and the detail says what is to be done. */
  readonly isUnstarted: boolean;
  constructor(
    backend: string,
    problem: {
      readonly fault: BackendFault;
      readonly detail: string;
      readonly status?: number;
      readonly reason?: string;
      readonly againMs?: number;
      readonly emptied?: string;
      readonly isUnstarted?: boolean;
    },
  ) {
    super(`${backend}: ${problem.detail}`);
    this.backend = backend;
    this.fault = problem.fault;
    this.status = problem.status;
    this.reason = problem.reason ?? problem.detail;
    this.againMs = problem.againMs;
    this.emptied = problem.emptied;
    this.isUnstarted = problem.isUnstarted ?? false;
  }
}

/** True when nothing can have happened at the target: safe to call FAILED. Everything else is UNKNOWN. */
export function isDefiniteRefusal(error: unknown): boolean {
  return error instanceof BackendError && ["unreachable", "refused", "unauthorised", "missing"].includes(error.fault);
}

/** The code of a failed call of the system, as `ENOENT`; undefined where the error has none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
