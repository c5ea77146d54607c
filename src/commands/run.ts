import { z } from "zod";
import { openRequest, type Proposal } from "../acts/approvals/open-request.ts";
import { requestCard } from "../cards/request.ts";
import { type PositionsSnapshot, stateWords } from "../domain/approvals/request.ts";
import { type Command, type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Card } from "../domain/messages/card.ts";
import { decide } from "../domain/people/policy.ts";
import type { Operation } from "../domain/systems/operation.ts";
import { listedArguments } from "../domain/systems/plan-operation.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { ago } from "../domain/text/quantities.ts";
import type { ReadRequest } from "../records/request.ts";
import { argumentValues, exactFields, loosestFields } from "./operation-input.ts";

/** Fields every operation is asked with, besides its own arguments. */
const reason = z
  .string()
  .min(5, "say why in at least 5 characters")
  .max(300)
  .meta({ label: "Reason", help: "Why now? The people who approve read this.", multiline: true });

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
  const named = { system: systemField(), operation: operationField(operations) };
  const exact = new ExactInputs(systems, (operation) => z.object({ ...named, ...exactFields(operation), reason }));
  return defineCommand({
    name: "run",
    summary: "Carry out an operation of a system; whatever destroys needs a second person",
    permission: "ask",
    systemField: "system",
    examples: ['run {system} {operation} reason:"exchange is halting"'],
    input: z.object({
      ...named,
      ...loosestFields(systems.flatMap((system) => Object.values(system.operations))),
      reason,
    }),
    inputFor: ({ system, operation }) => exact.find(system, operation),
    run: (input, context) => ask(context, input),
  });
}

function shortCommand(id: string, systems: readonly System[]): Command {
  const having = systems.filter((system) => system.operations[id]);
  const operations = having.flatMap((system) => system.operations[id] ?? []);
  const only = operations.length === 1 ? operations[0] : undefined;
  const exact = new ExactInputs(systems, (operation) =>
    z.object({ system: systemField(), ...exactFields(operation), reason }),
  );
  return defineCommand({
    name: id,
    summary: operations[0]?.summary ?? id,
    permission: operations.every((operation) => operation.permission === "stop") ? "stop" : "ask",
    systemField: "system",
    examples: having.map((system) => `${id} ${system.id} reason:"…"`),
    input: z.object({ system: systemField(), ...(only ? exactFields(only) : loosestFields(operations)), reason }),
    inputFor: ({ system }) => exact.find(system, id),
    run: (input, context) => ask(context, { ...input, operation: id }),
  });
}

/** What each system's own operation is asked with: each is one schema, so that its fields are read out of it once. */
class ExactInputs {
  readonly #inputs: ReadonlyMap<string, z.ZodObject>;

  constructor(systems: readonly System[], inputOf: (operation: Operation) => z.ZodObject) {
    this.#inputs = new Map(
      systems.flatMap((system) =>
        Object.entries(system.operations).flatMap(([id, operation]) => {
          const input = inputOf(operation);
          return [system.id, ...system.aliases].map((name): [string, z.ZodObject] => [`${name} ${id}`, input]);
        }),
      ),
    );
  }

  find(system: unknown, operation: unknown): z.ZodObject | undefined {
    return this.#inputs.get(`${String(system).trim().toLowerCase()} ${String(operation)}`);
  }
}

function operationField(operations: readonly string[]): z.ZodType {
  return z
    .string()
    .min(1)
    .max(40)
    .meta({
      label: "Operation",
      help: operations.join(", ").slice(0, 100),
      positional: true,
      suggest: "operations",
    });
}

function systemField(): z.ZodType {
  return z
    .string()
    .min(1)
    .max(40)
    .meta({ label: "System", help: "Which system", positional: true, suggest: "systems" });
}

async function ask(context: CommandContext, input: Readonly<Record<string, unknown>>): Promise<Reply> {
  const { system, name, operation } = findOperation(context, String(input["system"]), String(input["operation"]));
  refuseWithoutRight(context, system, operation);
  const impostor = await context.systems.health.identify(system);
  if (impostor !== undefined)
    throw new UserError(
      `${system.title} could not prove that it is itself: ${impostor}.`,
      "Nothing was asked for. Check its address in the system's YAML.",
    );
  const values = argumentValues(operation, input);
  await refuseUnlisted(context, { system, operation, values });
  const plan: Proposal = {
    system,
    name,
    operation: { ...operation, ...context.systems.planner.plan(operation, values) },
    arguments: values,
    preconditions: await readPreconditions(context, system, operation),
    reason: String(input["reason"]),
  };
  const { read, existing } = await openRequest(context.store, plan, context.invocation);
  const { request, sealed } = read;
  const about = { kind: "request", id: request.id, state: request.state } as const;
  return existing
    ? { card: standsCard(read, context), about }
    : { card: requestCard(request, sealed), subject: { kind: "request", request: request.id }, about };
}

/** Its own card stands where it was asked first, and is not shown twice. */
function standsCard({ request, sealed }: ReadRequest, { invocation }: CommandContext): Card {
  const who = sealed.requester.person === invocation.person.id ? "You asked" : `${sealed.requester.name} asked`;
  return {
    tone: "warning",
    title: `Asked for before, as ${request.code}`,
    summary: `${who} for ${sealed.operation} ${sealed.systemTitle} ${ago(request.openedAt, invocation.now)}: ${stateWords(request.state)}. What you said now was not added.`,
    blocks: [],
    actions: [{ label: `Show ${request.code}`, command: "confirm show", args: { request: request.id } }],
  };
}

/** The pipeline has checked `ask`; what halts a system takes `stop` besides. */
function refuseWithoutRight({ invocation, people }: CommandContext, system: System, operation: Operation): void {
  const { person, place } = invocation;
  const verdict = decide({ person, place, permission: operation.permission, system: system.id }, people.policy());
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
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
  const operation = system.operations[operationId];
  if (operation) return { system, name: operationId, operation };
  const known = Object.keys(system.operations).join(", ");
  throw new UserError(`${system.title} has no operation ${operationId}.`, known ? `It has: ${known}.` : "It has none.");
}

/** What has to be one of a list is one now: a backup that is gone is noticed before people are asked, not after. */
async function refuseUnlisted(
  context: CommandContext,
  asked: { system: System; operation: Operation; values: Readonly<Record<string, string | number>> },
): Promise<void> {
  const { system, operation, values } = asked;
  for (const { title, list, value } of listedArguments(operation, values)) {
    const reading = await context.systems.lists.read(system, list);
    if (!reading.ok)
      throw new UserError(
        `${title} could not be checked: ${reading.detail}.`,
        "Nothing was asked for. Ask again when it can be read.",
      );
    const known = reading.value.map((entry) => entry.value);
    if (known.includes(value)) continue;
    const close = nearest(value, known);
    throw new UserError(
      `${system.title} has no ${title.toLowerCase()} ${value}.`,
      close === undefined ? `It has: ${known.slice(0, 20).join(", ") || "none"}.` : `Did you mean ${close}?`,
    );
  }
}

async function readPreconditions(
  context: CommandContext,
  system: System,
  operation: Operation,
): Promise<{ positions?: PositionsSnapshot }> {
  if (!operation.precondition) return {};
  const reading = await context.systems.portfolios.read(system);
  if (!reading.ok)
    throw new UserError(
      `The open positions of ${system.title} could not be read: ${reading.detail}.`,
      "Nothing was asked for, because nobody could approve what cannot be seen.",
    );
  const { positions, currency } = reading.value;
  return {
    positions: {
      takenAt: reading.at,
      currency,
      growth: operation.precondition.positions.growth,
      positions: positions.map((position) => ({ ...position })),
    },
  };
}
