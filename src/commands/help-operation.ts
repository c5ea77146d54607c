import { type OperationHelp, operationCard } from "../cards/operation-help.ts";
import { whoMayWords } from "../cards/refusal.ts";
import { unplannedOutlook } from "../domain/approvals/outlook.ts";
import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import type { Card } from "../domain/messages/card.ts";
import { ownValue } from "../domain/own-value.ts";
import type { Permission } from "../domain/people/person.ts";
import { decide } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import type { System } from "../domain/systems/system.ts";
import { asSentence } from "../domain/text/sentence.ts";
import { commandRights } from "../reads/command-rights.ts";
import { readableSystems } from "./fields.ts";
import { requiredArguments } from "./operation-input.ts";

/**
 * An operation of the system that is named, else of each that has it and that may be seen. `own`: the command of that name,
 * which says all that there is to say where one system alone has the operation and its file tells no procedure around it.
 */
export function operationHelp(asked: string, context: CommandContext, own?: CatalogueEntry): Card | undefined {
  const [name = "", ...others] = asked.trim().toLowerCase().split(/\s+/);
  if (own && own.name !== name) return undefined;
  const ways = readableSystems(context).flatMap((system) => wayOf(system, name, context));
  const ofNamed = ways.filter(({ system }) => others.includes(system.id));
  const told = ofNamed.length > 0 ? ofNamed : ways;
  const says = ways.some(({ operation }) => operation.guide);
  if (told.length === 0 || (own && ways.length === 1 && !says)) return undefined;
  return operationCard(name, told.slice(0, mostSystems), own !== undefined);
}

/** A card is read on a phone: `help <operation> <system>` tells of one more. */
const mostSystems = 4;

function wayOf(system: System, name: string, context: CommandContext): OperationHelp[] {
  const operation = ownValue(system.operations, name);
  if (!operation) return [];
  const viewer = viewerOf(context);
  const { permission } = operation;
  const requester = context.invocation.person.id;
  return [
    {
      system,
      operation,
      usage: `${operation.short ? `${name} ${system.id}` : `run ${system.id} ${name}`} ${requiredArguments(operation)}reason:"…"`,
      verdict: may(viewer, permission, system.id),
      askers: askersHere(permission, system.id, context),
      outlook: unplannedOutlook({ system: system.id, operation: name, requester }, operation, viewer.policy),
    },
  ];
}

/** What is said of a command that there is, and that this person may not use here: which right it takes, and who has it. */
export function barredCommand(entry: CatalogueEntry, context: CommandContext): { why: string; remedy: string } {
  const rights = commandRights(entry, context.systems, viewerOf(context), undefined);
  const refused = rights.flatMap(({ verdict }) => (verdict.allowed ? [] : [verdict]));
  const systems = rights.flatMap(({ system }) => (system === undefined ? [] : [system]));
  const askers = [...new Set(systems.flatMap((each) => askersHere(entry.permission, each, context)))];
  const [first] = refused;
  const who = whoMayWords(askers);
  return {
    why: `${entry.name} is a command that you may not use here: ${asSentence(entry.summary)}`,
    remedy: `${first ? `${first.why} ${first.remedy} ` : ""}${systems.length === 0 ? "" : `${who} `}For more: why ${entry.name}.`,
  };
}

function askersHere(permission: Permission, system: string, context: CommandContext): string[] {
  const { place } = context.invocation;
  const policy = context.people.policy();
  return policy.people
    .filter((person) => decide({ person, place, permission, system }, policy).allowed)
    .map(({ name }) => name);
}
