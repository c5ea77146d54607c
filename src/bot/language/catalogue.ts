import type { Catalogue, CatalogueEntry, CatalogueField } from "../../domain/commands/catalogue.ts";
import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Field } from "./field.ts";
import { fieldsFor, fieldsOf } from "./fields.ts";

/** The commands in words, for `help`, `why` and the table in the documentation. */
export function catalogueOf(commands: readonly Command[]): Catalogue {
  return { entries: commands.map(entryOf) };
}

/**
 * One line, for example `logs <system> [source] [since:…]`: what may be left out stands in square brackets. What is typed in order
 * comes first, then what is needed. `given` is what is known of it already: it may narrow what the rest is.
 */
export function usageOf(command: Command, given: FieldValues = {}): string {
  const fields = fieldsFor(command, given);
  const positional = fields.filter((field) => field.positional);
  const keyed = fields
    .filter((field) => !field.positional)
    .toSorted((a, b) => Number(isNeeded(b)) - Number(isNeeded(a)));
  return [command.name, ...positional.map(positionalUsage), ...keyed.map(keyedUsage)].join(" ");
}

/** What a field takes, for example `a whole number, 1 to 500; 100 if left out`. */
function takesOf(field: Field): string {
  const times = field.repeated ? "; may be given more than once" : "";
  return `${kindWords(field)}${times}${field.default === undefined ? "" : `; ${String(field.default)} if left out`}`;
}

function entryOf(command: Command): CatalogueEntry {
  return {
    name: command.name,
    summary: command.summary,
    permission: command.permission,
    ...(command.systemField !== undefined && { systemField: command.systemField }),
    open: command.open ?? false,
    usage: usageOf(command),
    examples: command.examples,
    fields: fieldsOf(command.input).map(entryField),
    ...(command.typedAlone && { asks: command.typedAlone }),
  };
}

function entryField(field: Field): CatalogueField {
  return { name: field.name, label: field.label, help: field.help, required: isNeeded(field), takes: takesOf(field) };
}

/** Nothing comes of the command without it, on whichever system. */
function isNeeded({ required, needed = false }: Field): boolean {
  return required || needed;
}

function positionalUsage(field: Field): string {
  const name = field.rest ? `${field.name}…` : field.name;
  return isNeeded(field) ? `<${name}>` : `[${name}]`;
}

function keyedUsage(field: Field): string {
  const typed = field.kind === "boolean" ? `--${field.name}` : `${field.name}:…`;
  return isNeeded(field) ? typed : `[${typed}]`;
}

function kindWords(field: Field): string {
  switch (field.kind) {
    case "text":
    case "paragraph":
      return (field.min ?? 0) > 1 ? `text of at least ${field.min} characters` : "text";
    case "integer":
      return `a whole number${rangeWords(field)}`;
    case "number":
      return `a number${rangeWords(field)}`;
    case "boolean":
      return "yes or no";
    case "choice":
      return `one of ${(field.choices ?? []).join(", ")}`;
  }
}

function rangeWords({ min, max }: Field): string {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? "" : `, at most ${max}`;
}
