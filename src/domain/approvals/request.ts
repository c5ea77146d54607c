import { z } from "zod";
import { Place } from "../messages/place.ts";
import type { Person } from "../people/person.ts";
import { Slot } from "../people/policy.ts";
import { ArgumentValue, textOfDatum } from "../systems/exact.ts";
import { Direction, Risk } from "../systems/operation.ts";
import { ownSystemId } from "../systems/own-system.ts";
import { Plan, SealedReading } from "./plan.ts";

/** Something that halted a system, as it stood when another request about that was asked. */
const Halt = z.object({
  operation: z.string(),
  code: z.string(),
  /** Who asked for it, by name, when, in store time in ms, and why. */
  by: z.string(),
  at: z.number(),
  reason: z.string(),
  /** How it stood, in the words of a card: `done`, `running`. */
  stands: z.string(),
});
export type Halt = z.output<typeof Halt>;

/** What the digest covers. */
export const Sealed = z.object({
  id: z.string(),
  system: z.string(),
  systemTitle: z.string(),
  operation: z.string(),
  risk: Risk,
  direction: Direction,
  /** What the person who asks must hold, at the claim too. */
  permission: z.enum(["ask", "stop"]),
  /** One person may do it at once, and nothing holds it up: see `isUrgent`. */
  urgent: z.literal(true).exactOptional(),
  arguments: z.record(z.string(), ArgumentValue),
  /** The operation with every step, address and check as it will be executed. */
  plan: Plan,
  /** What was read from the system when the plan was made. */
  readings: z.array(SealedReading),
  /** Hashes of where the checks before the run are read from, by what they check; none of what checks nothing. */
  relies: z.record(z.string(), z.string()).exactOptional(),
  requester: z.object({ person: z.string(), name: z.string(), account: z.string() }),
  policy: z.object({ revision: z.string(), tier: z.string(), alternatives: z.array(z.array(Slot)) }),
  decideBy: z.number(),
  windowMs: z.number(),
  /** The system whose people ask and decide, where an operation of Wardroom itself is about another one. */
  concerns: z.string().exactOptional(),
  /** The systems that it touches, where an operation of Wardroom itself is about several: whoever may decide on each may decide on it. */
  spans: z.array(z.string()).min(2).exactOptional(),
  /** In what it changes the people and rules, a line each. */
  changes: z.array(z.string()).exactOptional(),
  /** Who may do more by that and who less, a line each. */
  effects: z.array(z.string()).exactOptional(),
  /** Of a settlement: what is settled and as what, and how that stood when it was asked, a line each. */
  settles: z
    .object({
      operation: z.string(),
      code: z.string(),
      outcome: z.string(),
      stands: z.array(z.string()),
      against: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  /** Of what halts its system or sets it going: what halted it before and stands, oldest first. */
  halted: z.array(Halt).exactOptional(),
  /**
   * Of what may set its system going: the revision at which was written down what halted or replaced that last, null where nothing
   * had. Another one by now means that something has come since.
   */
  lastHalt: z.string().nullable().exactOptional(),
  /** Of what sets its system going: what fired there, was past its limit or could not be read when it was asked, a line each. */
  stood: z.object({ at: z.number(), lines: z.array(z.string()) }).exactOptional(),
  /** Ids of the people who may do more by it. One who is alone in that does not approve it. */
  favours: z.array(z.string()).exactOptional(),
});
export type Sealed = z.output<typeof Sealed>;

const states = [
  "PENDING",
  "APPROVED",
  "EXECUTING",
  "SUCCEEDED",
  "FAILED",
  "PARTIAL",
  "UNKNOWN",
  "DENIED",
  "CANCELLED",
  "EXPIRED",
  "INVALIDATED",
] as const;
export type RequestState = (typeof states)[number];

const Decision = z.object({
  person: z.string(),
  name: z.string(),
  account: z.string(),
  /** The configured channel it was taken in; a role may hold in some channels only. */
  channel: z.string().exactOptional(),
  verdict: z.enum(["approve", "deny"]),
  digest: z.string(),
  at: z.number(),
  withdrawnAt: z.number().exactOptional(),
  /** The deliveries it was given and taken back by: one that comes again is no new decision, however late. */
  delivery: z.string().exactOptional(),
  withdrawal: z.string().exactOptional(),
  /** The end of the journal just before: its entry stands after that. */
  journalledAfter: z.number().exactOptional(),
  /** What they saw for themselves, in their words, where that is asked for. */
  seen: z.string().exactOptional(),
});
export type Decision = z.output<typeof Decision>;

/** A plan waiting for people. There is no edge back from EXECUTING or UNKNOWN to PENDING or APPROVED. */
export const Request = z.object({
  /** 128 random bits. */
  id: z.string(),
  /** The first characters of the digest: what people read on the card and type. */
  code: z.string(),
  /** SHA-256 of `sealed`, hex. An approval counts for this digest only. */
  digest: z.string(),
  /** The canonical JSON (RFC 8785) of what is approved: the very bytes that are hashed, shown and executed. */
  sealed: z.string(),
  /** Equal for requests that would do the same thing, whatever their reason. */
  twin: z.string(),
  reason: z.string(),
  origin: Place,
  openedAt: z.number(),
  /** Where copies of the card stand. */
  copies: z.array(Place),
  /** Routing keys of the card's buttons. */
  buttons: z.object({
    approve: z.string(),
    deny: z.string(),
    withdraw: z.string(),
    cancel: z.string(),
    abort: z.string().exactOptional(),
    settle: z.string().exactOptional(),
    fallback: z.string().exactOptional(),
    undo: z.string().exactOptional(),
  }),
  storeEpoch: z.string(),
  state: z.enum(states),
  stateAt: z.number(),
  /** In words, how it came to this state. */
  why: z.string(),
  decisions: z.array(Decision),
  /** The end of the journal just before it was opened. */
  journalledAfter: z.number().exactOptional(),
  /** Until when an approved request may be claimed, store time in ms. */
  executeBy: z.number().exactOptional(),
  /** Id of the request through which people said how it ended. */
  settledBy: z.string().exactOptional(),
  /** They said otherwise than what Wardroom itself read last. */
  settledAgainst: z.literal(true).exactOptional(),
  /** Operations of its system that stand behind no other, when it was asked; absent where that was not written down. */
  passedBy: z.array(z.string()).exactOptional(),
  /** What it waits for although it is approved, in words. */
  heldUp: z.string().exactOptional(),
  /** Ids of the requests that it has waited for since. */
  waitedFor: z.array(z.string()).exactOptional(),
  /** When somebody ended the wait of its run, in store time in ms. */
  abortedAt: z.number().exactOptional(),
  /** What it went past when it started, in words. */
  wentPast: z.string().exactOptional(),
  /** Ids of the requests that stopped half-way and that it undoes. */
  undoes: z.array(z.string()).exactOptional(),
  /** Ids of the requests that were done and that it undoes. */
  reverses: z.array(z.string()).exactOptional(),
  /** Id of the request that has undone it, or what it follows. */
  undoneBy: z.string().exactOptional(),
  /** Id of the request that it follows by itself; absent where somebody asked for it. */
  follows: z.string().exactOptional(),
  /** What became of asking for what follows it, in words. */
  followUp: z.string().exactOptional(),
});
export type Request = z.output<typeof Request>;

export const openStates: readonly RequestState[] = ["PENDING", "APPROVED", "EXECUTING", "PARTIAL", "UNKNOWN"];

export function isOpen(state: RequestState): boolean {
  return openStates.includes(state);
}

/** A request that is over without a decision, and how. */
export interface EndedUndecided {
  readonly request: Request;
  readonly kind: "expired" | "invalidated";
}

/** Has it not begun, so that it may still come to nothing? */
export function isWaiting(state: RequestState): boolean {
  return state === "PENDING" || state === "APPROVED";
}

/** Was this very delivery a decision on it before? */
export function isDecidedBy({ decisions }: Request, delivery: string): boolean {
  return decisions.some((each) => each.delivery === delivery || each.withdrawal === delivery);
}

/** Approvals that stand: not withdrawn, given for this digest. */
export function standingApprovals(request: Request): readonly Decision[] {
  return request.decisions.filter(
    (decision) =>
      decision.verdict === "approve" && decision.withdrawnAt === undefined && decision.digest === request.digest,
  );
}

/** Runs without anybody's yes. Never what destroys something, whatever a rule says: a tier that asks nobody lets nobody do it. */
export function needsNobody({ risk, policy }: Pick<Sealed, "risk" | "policy">): boolean {
  return policy.alternatives.length === 0 && risk !== "destructive";
}

/**
 * It passes whatever would hold it up. Only what one person may do, destroys nothing and only reduces what can be lost may,
 * whatever its file says: for everything else waiting is the safer answer.
 */
export function isUrgent({
  urgent,
  risk,
  direction,
  policy,
}: Pick<Sealed, "urgent" | "risk" | "direction"> & {
  readonly policy: Pick<Sealed["policy"], "alternatives">;
}): boolean {
  return urgent === true && risk === "change" && direction === "reduces" && policy.alternatives.length === 0;
}

/** What halts a system or only reduces what can be lost waits in a queue of its own. */
export function isReducing({ permission, direction }: Pick<Sealed, "permission" | "direction">): boolean {
  return permission === "stop" || direction === "reduces";
}

/** Who asks where nobody does: Wardroom found that something has to be decided. No person can have this id. */
export const wardroomItself: Person = { id: "@wardroom", name: "Wardroom", accounts: {}, grants: [] };

/** Was it opened by nobody, because something has to be decided? */
export function isOpenedByItself({ requester }: Pick<Sealed, "requester">): boolean {
  return requester.person === wardroomItself.id;
}

/** The system whose people ask for it and decide on it. */
export function concernedSystem({ system, concerns }: Pick<Sealed, "system" | "concerns">): string {
  return concerns ?? system;
}

/**
 * Does this hold of the system whose people ask and decide? Of what spans several systems: of Wardroom itself, or of every one of them.
 */
export function holdsWhereDecided(
  sealed: Pick<Sealed, "system" | "concerns" | "spans">,
  holds: (system: string) => boolean,
): boolean {
  const { spans = [] } = sealed;
  return holds(concernedSystem(sealed)) || (spans.length > 0 && spans.every(holds));
}

/** On what a right is needed to decide, as a sentence has it. */
export function whereDecided(sealed: Pick<Sealed, "system" | "concerns" | "spans">): string {
  const { spans = [] } = sealed;
  return `${concernedSystem(sealed)}${spans.length > 0 ? `, or on each of ${spans.join(", ")}` : ""}`;
}

/** Does it say how another request ended? */
export function isSettlement({ system, operation }: Pick<Sealed, "system" | "operation">): boolean {
  return system === ownSystemId && operation === "settle";
}

/** The id of the request that a settlement says the end of; undefined of what is none. */
export function settledRequest(sealed: Pick<Sealed, "system" | "operation" | "arguments">): string | undefined {
  return isSettlement(sealed) ? textOfDatum(sealed.arguments["request"]) : undefined;
}

/** What is asked for, in the words of a card: `flatten AlphaPulse-RL`, `settle flatten 2F54D2 as succeeded`. */
export function askedWords(sealed: Pick<Sealed, "operation" | "settles">, system?: string): string {
  const { operation, settles } = sealed;
  if (settles) return `${operation} ${settles.operation} ${settles.code} as ${settles.outcome}`;
  return system === undefined ? operation : `${operation} ${system}`;
}

/**
 * How a request stands in the words of a card. One that people settled says so: nobody proved it. One that something holds up
 * is not about to run.
 */
export function standingWords({
  state,
  settledBy,
  settledAgainst,
  heldUp,
  undoneBy,
  follows,
}: Pick<Request, "state" | "settledBy" | "settledAgainst" | "heldUp" | "undoneBy" | "follows">): string {
  if (state === "APPROVED" && heldUp !== undefined) return "approved, held up";
  if (undoneBy !== undefined)
    return follows === undefined || state === "SUCCEEDED" ? "undone" : "over, as what it followed was undone";
  if (settledBy === undefined) return stateWords(state);
  const against = settledAgainst ? ", AGAINST what was read" : "";
  return `${state === "SUCCEEDED" ? "settled as done" : "settled as failed"}${against}`;
}

/** The idempotency key of a step: the same step of the same request always has the same. */
export function stepKey(request: string, step: string): string {
  return `wardroom-${request}-${step}`;
}

/** The request that a step's key is of. Throws for what is no such key. */
export function requestOfKey(key: string): string {
  const request = /^wardroom-([0-9a-f]{32})-/.exec(key)?.[1];
  if (request === undefined) throw new Error("the key of a step does not name its request");
  return request;
}

/** A request in a sentence about another, for example `request ABC123 (restart-service, running)`. */
export function requestWords({ request, sealed }: { readonly request: Request; readonly sealed: Sealed }): string {
  return `request ${request.code} (${askedWords(sealed)}, ${standingWords(request)})`;
}

/** A command with what it is given, as a button holds it. */
interface Asking {
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
}

/** The command by which the fallback of a request is asked for; undefined where it has none that is an operation. */
export function fallbackAsking({ code }: Request, { system, operation, plan }: Sealed): Asking | undefined {
  const { fallback } = plan;
  if (fallback?.operation === undefined) return undefined;
  const other = { operation: fallback.operation, arguments: fallback.arguments ?? {} };
  return askingOf(system, other, `Fallback of ${operation}, request ${code}`);
}

/** The command by which what a request did is undone; undefined where its operation names nothing that undoes it. */
export function inverseAsking({ code }: Request, { system, operation, plan }: Sealed): Asking | undefined {
  return plan.inverse && askingOf(system, plan.inverse, `Undoes ${operation}, request ${code}`);
}

function askingOf(system: string, other: NonNullable<Plan["inverse"]>, reason: string): Asking {
  const given = Object.entries(other.arguments).map(([name, value]) => [name, textOfDatum(value) ?? ""]);
  return { command: "run", args: { ...Object.fromEntries(given), system, operation: other.operation, reason } };
}

/** A state in the words of a card. */
function stateWords(state: RequestState): string {
  switch (state) {
    case "PENDING":
      return "waiting for approval";
    case "APPROVED":
      return "approved, about to run";
    case "EXECUTING":
      return "running";
    case "SUCCEEDED":
      return "done";
    case "FAILED":
      return "failed, nothing changed";
    case "PARTIAL":
      return "stopped half-way";
    case "UNKNOWN":
      return "outcome unknown";
    case "DENIED":
      return "denied";
    case "CANCELLED":
      return "taken back";
    case "EXPIRED":
      return "expired";
    case "INVALIDATED":
      return "no longer valid";
  }
}
