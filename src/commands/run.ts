import { z } from "zod";
import { openRequest } from "../acts/approvals/open-request.ts";
import { type Planned, plan, type Wanted } from "../acts/approvals/plan.ts";
import { askedBeforeCard } from "../cards/asked-before.ts";
import { throughWords } from "../cards/done-before.ts";
import { requestCard } from "../cards/request.ts";
import { stoodLines } from "../cards/stood.ts";
import { mayRevive } from "../domain/approvals/halts.ts";
import { requestWords, type Sealed } from "../domain/approvals/request.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import { isSettleable } from "../domain/approvals/settle-rules.ts";
import { whoCouldSettle } from "../domain/approvals/who-could.ts";
import {
  type Command,
  type CommandContext,
  defineCommand,
  type HowToAsk,
  type Reply,
} from "../domain/commands/command.ts";
import { exampleArguments } from "../domain/commands/examples.ts";
import { UserError } from "../domain/failure.ts";
import { ownValue } from "../domain/own-value.ts";
import type { Operation } from "../domain/systems/operation.ts";
import type { System } from "../domain/systems/system.ts";
import { wholeItems } from "../domain/text/quantities.ts";
import { doneSinceUndone, openBeforeUndone } from "../reads/done-before.ts";
import { firingNow } from "../reads/firing.ts";
import { withSettlements } from "../reads/settlements.ts";
import { shownRequest } from "../reads/shown-request.ts";
import { dryRun, dryRunField, isDryRun, mentionsDryRun } from "./dry-run.ts";
import { system as systemField } from "./fields.ts";
import { noSuchOperation, urgentOf } from "./no-such-operation.ts";
import {
  argumentValues,
  ExactInputs,
  exactFields,
  loosestFields,
  requiredArguments,
  typedInOrder,
  typedInOrderOfAll,
} from "./operation-input.ts";
import { refuseWithoutRight } from "./right.ts";

/** Why it is asked for. Not before a slip of the flag: what one person may do would be done in earnest. */
const anyReason = z
  .string()
  .refine((text) => !mentionsDryRun(text), "dry-run is a field of its own: put --dry-run before the reason")
  .meta({ label: "Reason", help: "Why now? It stands on the card and on record.", multiline: true, prose: true });

/** Of a reason, in characters: people have to be able to decide on it, and to read it on a phone. */
const reasonLimits = { min: 5, max: 300 };

/** Other people decide on what it is given for. */
const reason = anyReason
  .min(reasonLimits.min, `say why in at least ${reasonLimits.min} characters`)
  .max(reasonLimits.max)
  .meta({
    ...anyReason.meta(),
    help: `Why now, in at least ${reasonLimits.min} characters? The people who approve read this.`,
  });

/** Nobody decides on what is urgent, and no word of a reason may hold it up: neither one that is short nor one that is absent. */
const urgentReason = anyReason.optional().meta({
  ...anyReason.meta(),
  help: "Why now? It stands on the card and on record. It is sent without one too.",
});

function reasonFor(operations: readonly Operation[]): z.ZodType {
  if (operations.length > 0 && operations.every(({ urgent }) => urgent)) return urgentReason;
  // Which of them is meant is not known yet, and a form that asks for both may not hold back what is urgent.
  return operations.some(({ urgent }) => urgent) ? anyReason.meta(reason.meta() ?? {}) : reason;
}

/** What stands on the card and on record; what is urgent is not refused for a reason that is too long either. */
function reasonGiven(given: unknown): string {
  const characters = Array.from(typeof given === "string" ? given.trim() : "");
  if (characters.length === 0) return "no reason given";
  const { max } = reasonLimits;
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : characters.join("");
}

/**
 * The commands that the systems' operations compile to: `run`, for all of them, and a short form for each operation
 * that asks for one (`flatten alphapulse` is `run alphapulse flatten`).
 */
export function operationCommands(systems: readonly System[]): Command[] {
  const shorts = new Set(
    systems.flatMap((system) =>
      Object.entries(system.operations)
        .filter(([, operation]) => operation.short)
        .map(([id]) => id),
    ),
  );
  return [runCommand(systems), ...[...shorts].map((id) => shortCommand(id, systems))];
}

function runCommand(systems: readonly System[]): Command {
  const operations = [...new Set(systems.flatMap((system) => Object.keys(system.operations)))];
  const named = { system: systemField, operation: operationField(operations) };
  const all = systems.flatMap((system) => Object.values(system.operations));
  const whole = { fields: { ...named, ...loosestFields(all) }, of: all };
  const inputs = new OperationInputs(systems, whole, (operation) => ({ ...named, ...exactFields(operation) }));
  const own = ownInputs(systems);
  return defineCommand({
    name: "run",
    summary: "Carry out an operation of a system; whatever destroys needs a second person",
    permission: "ask",
    systemField: "system",
    examples: ['run {system} {operation} reason:"exchange is halting"', "run {system} {operation} --dry-run"],
    input: inputs.whole,
    inputFor: (given) =>
      inputs.find(given, given["operation"]) ??
      (given["operation"] === undefined ? own.get(nameOf(given["system"])) : undefined),
    urgent: (given) => isUrgentIn(systems, given),
    looks: isDryRun,
    summaryFor: (given) => summaryIn(systems, given, given["operation"]),
    refusal: (given) => lacksOperation(systems, given, given["operation"]),
    typedAlone: new Map([
      [stopWord, stopAskings(systems)],
      ...operations
        .filter((id) => id !== stopWord)
        .map((id): [string, HowToAsk[]] => [id.toLowerCase(), askingsOf(systems, id)]),
    ]),
    stops: systems.map((system) => ({
      names: [system.id, ...system.aliases],
      askings: stopsOf(system),
      nearest: nearestToStop(system),
    })),
    run: (input, context) => ask(context, input),
  });
}

/** What `run` takes while only its system is named, by the names of that: what that system has, and nothing else. */
function ownInputs(systems: readonly System[]): ReadonlyMap<string, z.ZodObject> {
  return new Map(
    systems.flatMap(({ id, aliases, operations }) => {
      const all = Object.values(operations);
      const named = { system: systemField, operation: operationField(Object.keys(operations)) };
      const input = z.object({ ...named, ...loosestFields(all), reason: reasonFor(all), ...dryRunField });
      return [id, ...aliases].map((name): [string, z.ZodObject] => [name, input]);
    }),
  );
}

function nameOf(system: unknown): string {
  return typeof system === "string" ? system.trim().toLowerCase() : "";
}

/** How an operation is asked for, of each system that has it. */
function askingsOf(systems: readonly System[], id: string): HowToAsk[] {
  return systems.flatMap((system): HowToAsk[] => {
    const operation = ownValue(system.operations, id);
    if (!operation) return [];
    const usage = `run ${system.id} ${id} ${requiredArguments(operation)}reason:"…"`;
    const atOnce = operation.urgent && requiredArguments(operation) === "";
    return [
      { usage, label: `${id} ${system.id}`, args: { system: system.id, operation: id }, ...(atOnce && { atOnce }) },
    ];
  });
}

/** What somebody types first who wants a system to stop. */
const stopWord = "stop";

/** Of every system: what is urgent there comes first. */
function stopAskings(systems: readonly System[]): HowToAsk[] {
  const all = systems.flatMap(stopsOf);
  return [...all.filter(({ atOnce }) => atOnce), ...all.filter(({ atOnce }) => !atOnce)];
}

/** Of a system without an operation of that name it means what is urgent there. */
function stopsOf(system: System): (HowToAsk & { readonly called: string })[] {
  const own = ownValue(system.operations, stopWord);
  return (own ? [stopWord] : urgentOf(system)).flatMap((called) => {
    const short = ownValue(system.operations, called)?.short ? { usage: `${called} ${system.id} reason:"…"` } : {};
    return askingsOf([system], called).map((asking) => ({ ...asking, ...short, called }));
  });
}

/** Of a system that nothing stops at once, what leaves less of it running: the most of it first. */
function nearestToStop(system: System): HowToAsk[] {
  const called = ["shutdown", "shut-down", "drain", "pause", "stop-"];
  return called.flatMap((name) =>
    Object.keys(system.operations)
      .filter((id) => id.startsWith(name))
      .flatMap((id) => askingsOf([system], id)),
  );
}

function shortCommand(id: string, systems: readonly System[]): Command {
  const having = systems.filter((system) => system.operations[id]);
  const operations = having.flatMap((system) => system.operations[id] ?? []);
  const only = operations.length === 1 ? operations[0] : undefined;
  const inOrder = typedInOrderOfAll(operations);
  const fields = { system: systemField, ...(only ? exactFields(only, inOrder) : loosestFields(operations, inOrder)) };
  const inputs = new OperationInputs(systems, { fields, of: operations }, (operation) => ({
    system: systemField,
    ...exactFields(operation, typedInOrder(operation, operations)),
  }));
  return defineCommand({
    name: id,
    summary: operations[0]?.summary ?? id,
    permission: operations.every((operation) => operation.permission === "stop") ? "stop" : "ask",
    systemField: "system",
    examples: having.map(
      (each) => `${id} ${each.id} ${exampleArguments(each.operations[id]?.arguments ?? {})}reason:"…"`,
    ),
    input: inputs.whole,
    inputFor: (given) => inputs.find(given, id),
    urgent: (given) => isUrgentIn(systems, { ...given, operation: id }),
    looks: isDryRun,
    summaryFor: (given) => summaryIn(systems, given, id),
    refusal: (given) => lacksOperation(systems, given, id),
    run: (input, context) => ask(context, { ...input, operation: id }),
  });
}

type Fields = Readonly<Record<string, z.ZodType>>;

/** What operations are asked with: each in earnest, with a reason, and as a dry run, which needs none. */
class OperationInputs {
  /** What is asked with while it is not known which operation of which system is meant. */
  readonly whole: z.ZodObject;
  readonly #exact: ExactInputs<Operation>;
  readonly #dry: { readonly whole: z.ZodObject; readonly exact: ExactInputs<Operation> };

  constructor(
    systems: readonly System[],
    whole: { readonly fields: Fields; readonly of: readonly Operation[] },
    fieldsOf: (operation: Operation) => Fields,
  ) {
    const earnest = (fields: Fields, of: readonly Operation[]): z.ZodObject =>
      z.object({ ...fields, reason: reasonFor(of), ...dryRunField });
    const dry = (fields: Fields): z.ZodObject => z.object({ ...fields, reason: reason.optional(), ...dryRunField });
    this.whole = earnest(whole.fields, whole.of);
    this.#exact = new ExactInputs(systems, operationsOf, (operation) => earnest(fieldsOf(operation), [operation]));
    this.#dry = {
      whole: dry(whole.fields),
      exact: new ExactInputs(systems, operationsOf, (operation) => dry(fieldsOf(operation))),
    };
  }

  find(given: Readonly<Record<string, unknown>>, operation: unknown): z.ZodObject | undefined {
    const { system } = given;
    if (!isDryRun(given)) return this.#exact.find(system, operation);
    return this.#dry.exact.find(system, operation) ?? this.#dry.whole;
  }
}

/** Is the operation urgent on the system that is named, or on any while none is? */
function isUrgentIn(systems: readonly System[], given: Readonly<Record<string, unknown>>): boolean {
  const { system, operation } = given;
  // Nothing is in a hurry that is only looked at.
  if (isDryRun(given)) return false;
  const named = typeof system === "string" ? nameOf(system) : undefined;
  return systems
    .filter(({ id, aliases }) => named === undefined || [id, ...aliases].includes(named))
    .some(({ operations }) => typeof operation === "string" && ownValue(operations, operation)?.urgent === true);
}

/** Of a system that is named and has no such operation: nothing else that is given makes it one that can be asked for. */
function lacksOperation(
  systems: readonly System[],
  given: Readonly<Record<string, unknown>>,
  operation: unknown,
): UserError | undefined {
  const system = systemNamed(systems, given);
  if (!system || typeof operation !== "string" || ownValue(system.operations, operation)) return undefined;
  return noSuchOperation(system, operation);
}

/** What the operation does on the system that is named: another one's of the same name may be something else. */
function summaryIn(
  systems: readonly System[],
  given: Readonly<Record<string, unknown>>,
  operation: unknown,
): string | undefined {
  const operations = systemNamed(systems, given)?.operations;
  return operations && typeof operation === "string" ? ownValue(operations, operation)?.summary : undefined;
}

function systemNamed(systems: readonly System[], given: Readonly<Record<string, unknown>>): System | undefined {
  const named = nameOf(given["system"]);
  return systems.find(({ id, aliases }) => [id, ...aliases].includes(named));
}

function operationsOf({ operations }: System): [string, Operation][] {
  return Object.entries(operations);
}

/** A field's description is no longer than this on Discord, in characters; `help run` has them all. */
const longestHelp = 100;

function operationField(operations: readonly string[]): z.ZodType {
  return z
    .string()
    .min(1)
    .max(40)
    .meta({
      label: "Operation",
      help: wholeItems(operations, longestHelp),
      positional: true,
      suggest: "operations",
    });
}

async function ask(context: CommandContext, input: Readonly<Record<string, unknown>>): Promise<Reply> {
  const { system, name, operation } = findOperation(context, String(input["system"]), String(input["operation"]));
  refuseWithoutRight(context, operation.permission, system);
  const wanted = { system, name, operation, arguments: argumentValues(operation, input) };
  const [planned, stood] = await Promise.all([planOrSay(context, wanted), stoodWhenAsked(context, wanted)]);
  if (isDryRun(input)) return dryRun(context, planned, operation);
  const proposal = { ...planned, ...(mayRevive(planned) && stood), reason: reasonGiven(input["reason"]) };
  const { read, existing } = await openRequest(context.store, proposal, context.invocation);
  const { id, state } = read.request;
  const about = { kind: "request", id, state } as const;
  return existing
    ? {
        card: askedBeforeCard(read, { ...askerOf(context), ...(await settlingOf(read, context)) }),
        // The same can be asked for again only once somebody has said how that ended.
        ...(isSettleable(state) && { refused: true }),
        about,
      }
    : { card: requestCard(await shownRequest(context.store, read)), subject: { kind: "request", request: id }, about };
}

/** Why it is not planned names what was done through Wardroom since what it would undo: that is nobody's unknown doing. */
async function planOrSay(context: CommandContext, wanted: Wanted): Promise<Planned> {
  const { store, systems } = context;
  try {
    return await plan(systems, wanted);
  } catch (error) {
    if (!(error instanceof UserError) || wanted.operation.urgent) throw error;
    const asked = { system: wanted.system.id, operation: wanted.name, arguments: wanted.arguments };
    const open = await openBeforeUndone(store, asked, context.invocation.now);
    if (open) throw new UserError(error.message, `${error.remedy ?? ""} ${settleWords(open)}`.trim());
    const { done, since = [] } = (await doneSinceUndone(store, asked, context.invocation.now)) ?? {};
    if (!done || since.length === 0) throw error;
    const told = throughWords(since, { openedAt: context.invocation.now }, `since ${requestWords(done)}`);
    throw new UserError(`${error.message} ${told}`, error.remedy);
  }
}

/** What was put right past Wardroom is over only once people say so. */
function settleWords(open: Parameters<typeof requestWords>[0]): string {
  const how = `confirm settle ${open.request.code} succeeded or failed, with evidence:"what you saw"`;
  return `Until it is undone, or two people say how it ended, ${requestWords(open)} stays open: ${how}.`;
}

/** Whoever agrees to set a system going sees what fired there and what was past its limit; what is unread is told as that. */
async function stoodWhenAsked(context: CommandContext, { system, operation }: Wanted): Promise<Pick<Sealed, "stood">> {
  if (!mayRevive(operation)) return {};
  const firing = await firingNow(context, [system]);
  const at = await context.store.now();
  return { stood: { at, lines: stoodLines(firing, at) } };
}

function askerOf({ invocation: { person, now } }: CommandContext): { person: string; now: number } {
  return { person: person.id, now };
}

/** How the end of what was asked before comes to be known; nothing where that still waits or runs. */
async function settlingOf(
  read: WholeRequest,
  { store, people }: CommandContext,
): Promise<Pick<Parameters<typeof askedBeforeCard>[1], "settling">> {
  const { request, sealed, run } = read;
  if (!run || !isSettleable(request.state)) return {};
  const able = whoCouldSettle(sealed, people.policy()).filter(({ can }) => can);
  const { settlements = [] } = await withSettlements(store, read);
  return { settling: { settlers: able.map(({ person }) => person.name), settlements, from: run.hardDeadline } };
}

function findOperation(
  context: CommandContext,
  systemId: string,
  operationId: string,
): { system: System; name: string; operation: Operation } {
  const system = context.systems.find(systemId);
  if (!system)
    throw new UserError(
      `There is no system ${systemId}.`,
      `Known: ${context.systems
        .all()
        .map((each) => each.id)
        .join(", ")}.`,
    );
  const operation = ownValue(system.operations, operationId);
  if (operation) return { system, name: operationId, operation };
  throw noSuchOperation(system, operationId);
}
