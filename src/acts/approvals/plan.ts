import { riskierSince } from "../../domain/approvals/outdated-plan.ts";
import type { Plan, SealedReading } from "../../domain/approvals/plan.ts";
import { positionsOf, readingTitle, riskierNow } from "../../domain/approvals/readings.ts";
import { isUrgent, type Sealed } from "../../domain/approvals/request.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import { judge } from "../../domain/conditions/condition.ts";
import { UserError } from "../../domain/failure.ts";
import { ownValue } from "../../domain/own-value.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { isSilent, urgentReadMs } from "../../domain/systems/health.ts";
import { type Operation, openPositions } from "../../domain/systems/operation.ts";
import { type ArgumentValues, fillText, type PlanValues } from "../../domain/systems/placeholders.ts";
import { listedArguments, type Planner } from "../../domain/systems/plan-operation.ts";
import type { PortfolioState } from "../../domain/systems/portfolio.ts";
import type { Reading } from "../../domain/systems/reading.ts";
import { directionOf, riskOf } from "../../domain/systems/risk.ts";
import type { System } from "../../domain/systems/system.ts";
import { typedNameOf } from "../../domain/systems/typed-name.ts";
import { nearest } from "../../domain/text/distance.ts";
import { asSentence } from "../../domain/text/sentence.ts";
import { canonical } from "../../records/ids.ts";
import { type Grounds, isKnown, refusal, type Unlisted, type Unmet, type Unsound } from "./refusal.ts";
import { rehearsed } from "./rehearse.ts";
import { readElsewhere, reliedOn } from "./relied-on.ts";

/** What a plan is made and checked with. */
export type PlanPorts = RecheckPorts & Pick<SystemPorts, "rehearsals">;
type RecheckPorts = Pick<SystemPorts, "health" | "lists" | "portfolios" | "reads" | "planner">;

/** An operation of a system that somebody wants done. */
export interface Wanted {
  readonly system: System;
  readonly name: string;
  readonly operation: Operation;
  readonly arguments: ArgumentValues;
}

/** What would be done exactly, what it rests on, and what decides who has to agree to it. */
export type Planned = Pick<
  Sealed,
  "operation" | "risk" | "direction" | "permission" | "urgent" | "plan" | "readings" | "relies"
> & {
  readonly system: System;
  readonly arguments: ArgumentValues;
};

/**
 * Plans an operation on its system as it is now. Throws UserError when the system cannot prove that it is itself, when an
 * argument names what is not there, when what the plan rests on cannot be read, or when a target would not take its step. What
 * is urgent goes ahead where something cannot be read; only what contradicts refuses it.
 */
export async function plan(ports: PlanPorts, wanted: Wanted): Promise<Planned> {
  const grounds = await readGrounds(ports, { ...wanted, tries: 1 });
  if (!grounds.sound) throw refusal(wanted, await withMeant(ports, wanted, grounds));
  return rehearsed(ports.rehearsals, plannedOn(ports, wanted, grounds.readings));
}

/** What planning an operation would come to now. */
export type Foreseen =
  | { readonly comes: "plan"; readonly planned: Planned }
  /** `known`: what it needs was read and does not hold. Otherwise it could not be read, and may hold when it can be. */
  | { readonly comes: "refusal"; readonly why: string; readonly known: boolean };

/** What `plan` would come to, told and not thrown. */
export async function foresee(ports: PlanPorts, wanted: Wanted): Promise<Foreseen> {
  const grounds = await readGrounds(ports, { ...wanted, tries: 1 });
  if (!grounds.sound) {
    const { message, remedy } = refusal(wanted, await withMeant(ports, wanted, grounds));
    const why = grounds.fault === "unlisted" && remedy !== undefined ? `${message} ${remedy}` : message;
    return { comes: "refusal", why, known: isKnown(grounds) };
  }
  try {
    return { comes: "plan", planned: await rehearsed(ports.rehearsals, plannedOn(ports, wanted, grounds.readings)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { comes: "refusal", why: error.message, known: false };
  }
}

/** As many of those that are near are looked at: whoever has mistyped waits for each. */
const mostMeant = 3;

/** With the entry that was most likely meant, of those that would not be refused as well. */
async function withMeant(ports: PlanPorts, wanted: Wanted, grounds: Unsound): Promise<Unsound> {
  if (grounds.fault !== "unlisted" || grounds.gone.length > 1) return grounds;
  const [{ name, value, known }] = grounds.gone;
  const refused: string[] = [];
  while (refused.length < mostMeant) {
    const meant = nearest(
      value,
      known.filter((each) => !refused.includes(each)),
    );
    if (meant === undefined) return grounds;
    const other = await readGrounds(ports, { ...wanted, arguments: { ...wanted.arguments, [name]: meant }, tries: 1 });
    if (other.sound) return { ...grounds, meant };
    refused.push(meant);
  }
  return grounds;
}

function plannedOn(
  ports: PlanPorts,
  { system, name, operation, arguments: values }: Wanted,
  readings: SealedReading[],
): Planned {
  const { permission, urgent } = operation;
  const known = planValues(values, readings);
  const planned = wholePlan(ports, operation, { values, readings });
  const relies = reliedOn(system, operation, values);
  return {
    system,
    operation: name,
    arguments: values,
    risk: riskOf(operation, known),
    direction: directionOf(operation, known),
    permission,
    ...(urgent && { urgent }),
    plan: planned,
    readings,
    ...(Object.keys(relies).length > 0 && { relies }),
  };
}

/** What a plan is made with: its arguments, and what was read as data. */
export function planValues(values: ArgumentValues, readings: readonly SealedReading[]): PlanValues {
  const read = readings.flatMap(({ name, value }): [string, unknown][] => (name === undefined ? [] : [[name, value]]));
  const counted = readings.flatMap((reading): [string, number][] => {
    const positions = positionsOf(reading)?.positions;
    return positions ? [[openPositions, positions.length]] : [];
  });
  return { ...Object.fromEntries(counted), ...values, ...Object.fromEntries(read) };
}

function wholePlan(
  { planner }: RecheckPorts,
  operation: Operation,
  { values, readings }: { readonly values: ArgumentValues; readonly readings: readonly SealedReading[] },
): Plan {
  const reads = planner.reads(operation, values);
  const made = planner.plan(operation, planValues(values, readings));
  return { ...made, ...(Object.keys(reads).length > 0 && { reads }) };
}

/** How what was approved compares with what is there now. */
export interface Recheck {
  /** Riskier than what was approved, or another thing altogether: it must be asked again. One line each. */
  readonly drift: readonly string[];
  /** Why it could not be compared: then nothing may be sent. */
  readonly unsure?: string;
}

/** How often the target is read before a run is given up because what it rests on cannot be checked. */
const recheckTries = 3;

/** What is urgent was read when it was asked for, and is not read again so soon after: that would only take time. */
const readAnewAfterMs = 10_000;

/** A plan that is to be carried out, or gone on with. */
interface Rechecked {
  readonly sealed: Sealed;
  /** How long ago it was asked for, in ms. */
  readonly ageMs: number;
  /** Has a step of it begun to change its target? What is there now is then what it came to itself, and no drift. */
  readonly hasActed?: boolean;
}

/**
 * Reads again what a plan rests on, and compares. `system` is the system as it is configured now, if it still is. Of what has
 * acted already only what it does not change itself is compared: its target, its configuration, and positions that have grown.
 */
export async function recheck(
  ports: RecheckPorts,
  { sealed, ageMs, hasActed = false }: Rechecked,
  system: System | undefined,
): Promise<Recheck> {
  if (!system) return { drift: [], unsure: `${sealed.system} is no longer configured.` };
  const operation = ownValue(system.operations, sealed.operation);
  if (!operation || !isSame(ports, sealed, operation)) return { drift: [configuredOtherwise(sealed)] };
  const elsewhere = readElsewhere(sealed.relies, reliedOn(system, operation, sealed.arguments));
  if (elsewhere.length > 0) return { drift: elsewhere };
  if (isUrgent(sealed) && ageMs < readAnewAfterMs) return { drift: [] };
  const wanted = { system, operation, arguments: sealed.arguments };
  const grounds = await readGrounds(ports, { ...wanted, tries: recheckTries, hasActed });
  if (!grounds.sound) return doubt(system, grounds);
  if (hasActed) return { drift: riskierNow(sealed.readings.filter(isNeverItsOwn), grounds.readings) };
  const values = planValues(sealed.arguments, grounds.readings);
  const typedName = typedNameOf(operation, values);
  const now = {
    risk: riskOf(operation, values),
    direction: directionOf(operation, values),
    readings: grounds.readings,
    plan: typedName === undefined ? {} : { typedName },
  };
  return { drift: riskierSince(sealed, now) };
}

/** What is said of something whose file says another thing of it by now. */
export function configuredOtherwise({ operation }: Pick<Sealed, "operation">): string {
  return `${operation} is configured otherwise than when it was asked for`;
}

/** Would the same be planned now, at the same risk and on the same terms? */
function isSame(ports: RecheckPorts, sealed: Sealed, operation: Operation): boolean {
  const { permission, urgent } = operation;
  const { arguments: values, readings } = sealed;
  const known = planValues(values, readings);
  const now = {
    risk: riskOf(operation, known),
    direction: directionOf(operation, known),
    permission,
    urgent,
    plan: undescribed(wholePlan(ports, operation, { values, readings })),
    terms: wantedReadings(operation).map(({ terms }) => terms),
  };
  const approved = {
    risk: sealed.risk,
    direction: sealed.direction,
    permission: sealed.permission,
    urgent: sealed.urgent === true,
    plan: undescribed(sealed.plan),
    terms: sealed.readings.map(({ terms }) => terms),
  };
  return canonical(now) === canonical(approved);
}

/** Is what is read elsewhere now, or planned otherwise on the very same readings, as by files that say something else since? */
export function isConfiguredOtherwise(sealed: Sealed, now: Pick<Planned, "plan" | "readings" | "relies">): boolean {
  if (readElsewhere(sealed.relies, now.relies ?? {}).length > 0) return true;
  const isReadAlike = canonical(sealed.readings.map(withoutTime)) === canonical(now.readings.map(withoutTime));
  return isReadAlike && canonical(undescribed(sealed.plan)) !== canonical(undescribed(now.plan));
}

/** How a step is worded for people follows from what it does, and may be worded otherwise by another release. */
function undescribed({ reads = {}, ...of }: Plan): object {
  return {
    ...of,
    reads: Object.fromEntries(Object.entries(reads).map(([name, read]) => [name, withoutWords(read)])),
    steps: of.steps.map(withoutWords),
    verify: of.verify.map(withoutWords),
  };
}

function withoutWords(step: { readonly description: string }): object {
  const { description: _, ...rest } = step;
  return rest;
}

function withoutTime(reading: SealedReading): object {
  const { takenAt: _, ...rest } = reading;
  return rest;
}

/** What the operation asks to be read, and on what terms. */
function wantedReadings({ precondition, read }: Operation): WantedReading[] {
  const { positions, unchanged = [] } = precondition ?? {};
  return [
    ...(positions ? [{ kind: "positions", terms: positions }] : []),
    ...Object.keys(read).map((name) => ({ kind: "value", name, terms: { unchanged: unchanged.includes(name) } })),
  ];
}

type WantedReading = Pick<SealedReading, "kind" | "name" | "terms">;

/** Is it read of what no run makes riskier by itself? Of values that a file has read, a run may have changed any. */
function isNeverItsOwn({ name }: Pick<SealedReading, "name">): boolean {
  return name === undefined;
}

interface ReadFor {
  readonly system: System;
  /** What is read as data, by its name. */
  readonly reads: ReturnType<Planner["reads"]>;
  readonly tries: number;
  /** What is read together is of one moment; what is read again is of another. */
  readonly round: object;
}

/** What is wanted, as it is now. */
async function readNow(
  ports: RecheckPorts,
  { name }: WantedReading,
  { system, reads, round }: ReadFor,
): Promise<Reading<SealedReading["value"]>> {
  if (name === undefined) {
    const reading = await ports.portfolios.read(system);
    return reading.ok ? { ...reading, value: stateOf(reading.value) } : reading;
  }
  const planned = ownValue(reads, name);
  if (!planned) throw new Error(`nobody reads ${name}`);
  return ports.reads.read(system.id, planned, round);
}

/** Proves the target, looks its listed arguments up and reads what the operation asks to be read, in this order. */
async function readGrounds(
  ports: RecheckPorts,
  asked: Omit<Wanted, "name"> & { readonly tries: number; readonly hasActed?: boolean },
): Promise<Grounds> {
  const { system, operation, hasActed } = asked;
  const { health, lists } = ports;
  const { urgent, through = [] } = operation;
  const within = urgent ? { withinMs: urgentReadMs } : undefined;
  const round = {};
  const [identity, ...listed] = await Promise.all([
    health.identify(system, { ...within, through }),
    ...(hasActed ? [] : listedArguments(operation, asked.arguments)).map(async (each) => {
      return { ...each, reading: await lists.read(system, each.list, { ...within, round }) };
    }),
  ]);
  if (identity.is === "contradicted" || (identity.is === "unread" && !urgent))
    return {
      sound: false,
      fault: "impostor",
      why: identity.why,
      told: identity.is === "contradicted",
      silent: isSilent(identity),
    };
  const gone: Unlisted[] = [];
  for (const { name, title, value, reading } of listed) {
    if (!reading.ok) {
      if (urgent) continue;
      return { sound: false, fault: "list-unread", title, value, why: reading.detail };
    }
    const known = reading.value.map((entry) => entry.value);
    if (!known.includes(value)) gone.push({ name, title, value, known });
  }
  const [first, ...others] = gone;
  if (first) return { sound: false, fault: "unlisted", gone: [first, ...others] };
  const readings: SealedReading[] = [];
  const by = { system, reads: ports.planner.reads(operation, asked.arguments), tries: asked.tries, round };
  const wanted = wantedReadings(operation).filter((each) => !hasActed || isNeverItsOwn(each));
  const read = await Promise.all(wanted.map(async (each) => ({ each, reading: await readWith(ports, each, by) })));
  for (const { each, reading } of read) {
    const what = each.name ?? readingTitle(each.kind);
    if (!reading.ok) return { sound: false, fault: "unread", what, why: reading.detail };
    readings.push({ ...each, takenAt: reading.at, value: reading.value });
  }
  const failed = hasActed ? undefined : unmet(operation, planValues(asked.arguments, readings));
  return failed === undefined ? { sound: true, readings } : { sound: false, fault: "unmet", ...failed };
}

/** What has to hold for the operation to make sense and does not; what cannot be judged does not hold. */
function unmet({ precondition }: Operation, values: PlanValues): Unmet | undefined {
  for (const { when, else: otherwise } of precondition?.holds ?? []) {
    const judged = judge(when, values);
    if (!judged.ok) return { judged: false, why: `whether ${when} holds cannot be judged: ${judged.why}` };
    if (!judged.holds) return { judged: true, why: textOfDatum(fillText(otherwise, values)) ?? otherwise };
  }
  return undefined;
}

/** Reads until it can be read, as often as is asked. */
async function readWith(
  ports: RecheckPorts,
  wanted: WantedReading,
  asked: ReadFor,
): Promise<Reading<SealedReading["value"]>> {
  const reading = await readNow(ports, wanted, asked);
  if (reading.ok || asked.tries <= 1) return reading;
  return readWith(ports, wanted, { ...asked, tries: asked.tries - 1, round: {} });
}

function stateOf({ positions, currency }: PortfolioState): SealedReading["value"] {
  return { currency, positions: positions.map((position) => ({ ...position })) };
}

/** The same faults once people have agreed: what is gone is drift, what cannot be read stops the run. */
function doubt({ title }: System, grounds: Unsound): Recheck {
  switch (grounds.fault) {
    case "impostor":
      return { drift: [], unsure: `${title} could not prove that it is itself: ${asSentence(grounds.why)}` };
    case "list-unread":
      return { drift: [], unsure: `${grounds.title} could not be checked again: ${asSentence(grounds.why)}` };
    case "unlisted":
      return { drift: grounds.gone.map((each) => `${each.title.toLowerCase()} ${each.value} is gone`) };
    case "unmet":
      return { drift: [grounds.why] };
    case "unread":
      return { drift: [], unsure: `The ${grounds.what} could not be read again: ${asSentence(grounds.why)}` };
  }
}
