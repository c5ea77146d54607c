import type { StepEnd } from "../systems/steps.ts";
import { type Request, type RequestState, type Sealed, settledRequest, standingWords } from "./request.ts";
import type { RunningRequest, WholeRequest } from "./run.ts";

/** Is its outcome open, for people to say where nothing proves it? */
export function isSettleable(state: RequestState): boolean {
  return state === "UNKNOWN" || state === "PARTIAL";
}

/** How people say that an operation ended whose outcome nobody could prove. */
export const settledAs = ["succeeded", "failed"] as const;
export type SettledAs = (typeof settledAs)[number];

/** Those of these requests that say how this one ended. */
export function settlementsAmong<Each extends { readonly sealed: Sealed }>(
  requests: readonly Each[],
  id: string,
): readonly Each[] {
  return requests.filter(({ sealed }) => settledRequest(sealed) === id);
}

/**
 * What people said of how it ended counts no more: that is known without them, or it was found after they were asked that it
 * stopped half-way, which those who look now have to look for.
 */
export function outdatesSettlement(
  { state, stateAt }: Pick<Request, "state" | "stateAt">,
  settlement: Pick<Request, "openedAt">,
): boolean {
  return !isSettleable(state) || (state === "PARTIAL" && stateAt >= settlement.openedAt);
}

/** Why a settlement that waits is over: how the request ended, or stands, is known without it. */
export function outcomeKnown(settled: Request): string {
  if (isSettleable(settled.state))
    return `It was found since how ${settled.code} stands: ${standingWords(settled)}. Look again, and say then how it ended. ${settled.why}`;
  return `It is known how ${settled.code} ended: ${standingWords(settled)}. Nobody needs to agree to this any more, and it changed nothing. ${settled.why}`;
}

/** The command by which somebody else agrees to a settlement, who looked, too. */
export function agreeCommand(code: string): string {
  return `confirm approve ${code} seen:"what you saw"`;
}

/** What somebody says they saw has at least so many letters and digits: less of them tells nothing to whoever reads it later. */
export const leastSeen = 5;

/** Does this tell what somebody saw? Spaces and signs alone do not. */
export function tellsSomething(seen: string): boolean {
  return (seen.match(/[\p{L}\p{N}]/gu) ?? []).length >= leastSeen;
}

/** Why people may not say now how a request ended; undefined when they may. `when` writes a moment down. */
export function unsettleable(
  { request, run }: Pick<WholeRequest, "request" | "run">,
  at: { readonly now: number; readonly when: (at: number) => string },
): string | undefined {
  if (!run || !isSettleable(request.state))
    return `Request ${request.code} has nothing to settle: it is ${standingWords(request)}. ${request.why}`;
  if (at.now >= run.hardDeadline) return undefined;
  return `Somebody may still be acting for request ${request.code}; it can be settled from ${at.when(run.hardDeadline)} on.`;
}

/** How it stands, and every step of it that is not known to have been done: what whoever settles it has to look for. */
export function whatIsOpen({ request, sealed, run }: WholeRequest): string[] {
  const checks = new Set(sealed.plan.verify.map(({ id }) => id));
  const steps = (run?.steps ?? []).filter(({ state }) => state !== "done");
  return [
    `${request.code} is ${standingWords(request)}. ${request.why}`,
    ...steps.map(({ id, title, state, detail }) => {
      const words = checks.has(id) && state === "unknown" ? "not seen to be so" : stepWords[state];
      return `${title}: ${words}${detail ? `. ${detail}` : ""}`;
    }),
  ];
}

/** What Wardroom itself reads when people say how a run ended, a line each. */
export interface OwnReading {
  /** It speaks against what they say. */
  readonly against: readonly string[];
  /** It speaks both ways, as an act that was answered as done while a check does not hold. */
  readonly beside: readonly string[];
}

/**
 * What Wardroom itself reads that speaks against ending a run so. Against "succeeded": a check that does not hold. Against
 * "failed": that its checks hold, or, where none could be read, acts that were confirmed. That an act was answered is no proof
 * where a check does not hold, or another act was not done: then both are said. `now` is how its checks stand, by step.
 */
export function speaksAgainst(
  { sealed, run }: Pick<WholeRequest, "sealed" | "run">,
  as: SettledAs,
  now: ReadonlyMap<string, StepEnd>,
): OwnReading {
  const checks = sealed.plan.verify.flatMap(({ id, title }) => {
    const read = now.get(id);
    return read ? [{ holds: read.outcome === "done", title, detail: read.detail }] : [];
  });
  const not = checks.flatMap(({ holds, title, detail }) => (holds ? [] : [`${title}: NOT so now. ${detail}`]));
  if (as === "succeeded") return { against: not, beside: [] };
  const so = checks.flatMap(({ holds, title, detail }) => (holds ? [`${title}: so now. ${detail}`] : []));
  const acts = (run?.steps ?? []).filter(({ role, idle }) => role === "act" && !idle);
  const done = acts.flatMap(({ state, title, detail = "" }) => (state === "done" ? [`${title}: DONE. ${detail}`] : []));
  const undone = acts.some(({ state }) => state === "refused" || state === "planned");
  const [otherwise, fails] = [[...so, ...done], not.length > 0 || (so.length === 0 && undone)];
  if (!fails) return { against: otherwise, beside: [] };
  return { against: [], beside: otherwise.length === 0 ? [] : [...otherwise, ...not] };
}

const stepWords = {
  planned: "never begun",
  started: "begun",
  done: "done",
  refused: "refused",
  unknown: "not known whether it took effect",
} as const;

/** Two people have said how it ended; it is over, and frees what it held. */
export function settleRun(
  { request, run }: RunningRequest,
  by: {
    readonly as: SettledAs;
    /** What each of them saw. */
    readonly witnesses: readonly { readonly name: string; readonly saw: string }[];
    readonly settlement: string;
    readonly now: number;
    readonly read: OwnReading;
  },
): RunningRequest {
  const names = by.witnesses.map(({ name }) => name).join(" and ");
  const saw = by.witnesses.map((each) => `${each.name} saw: ${each.saw}`).join("; ");
  const { against, beside } = by.read;
  const but = against.length === 0 ? "" : `AGAINST what Wardroom itself read: ${against.join("; ")}. `;
  const too = beside.length === 0 ? "" : `. Wardroom read: ${beside.join("; ")}`;
  const why = `${but}Settled as ${by.as} by ${names}. ${saw}${too}`;
  const state = by.as === "succeeded" ? "SUCCEEDED" : "FAILED";
  return {
    request: {
      ...request,
      state,
      stateAt: by.now,
      why,
      settledBy: by.settlement,
      ...(but && { settledAgainst: true }),
    },
    run,
  };
}
