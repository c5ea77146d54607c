import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Permission } from "../../domain/people/person.ts";
import { usageOf } from "./catalogue.ts";
import type { Field } from "./field.ts";
import { fieldsFor } from "./fields.ts";

/** What is asked for of a command, as a surface shows it. */
export interface Form {
  readonly command: string;
  readonly title: string;
  readonly submit: string;
  readonly danger: boolean;
  readonly fields: readonly Field[];
  /** What is known already: shown filled in, or, where it is carried, sent back as it is. */
  readonly values: FieldValues;
  /** Names of what a button carries: it goes along unseen and is not for editing. */
  readonly carried: readonly string[];
  /** What of that a person should know, in words: `Request 4F7A2C`. */
  readonly about: readonly string[];
  /** Wrong input by field name, with what to do. */
  readonly errors: Readonly<Record<string, string>>;
  /** By field name what there is to choose from, for where no form can be opened. */
  readonly offered?: Readonly<Record<string, readonly string[]>>;
  /** The command as it is typed, for where no form can be opened. */
  readonly usage: string;
}

/** What is known of a command's fields, and what is wrong with it. */
export interface Lack {
  readonly values: FieldValues;
  readonly errors: Readonly<Record<string, string>>;
}

const harmless: readonly Permission[] = ["read", "query", "respond"];
/** What these show is not what a command does that changes something by a rule of its own. */
const looks: readonly Permission[] = ["read", "query", "audit"];
const submitWords: Readonly<Record<Permission, string>> = {
  read: "Show",
  query: "Show",
  respond: "Record",
  ask: "Ask",
  approve: "Decide",
  stop: "Stop",
  audit: "Show",
  administer: "Save",
};

/** What a form asks for beyond what its command lacks, and what it does not ask for. */
export interface FormParts {
  /** Fields that whoever asks by it has to fill in. */
  readonly ask?: readonly string[];
  /** Fields that they may fill in. */
  readonly also?: readonly string[];
  /** Fields that a button has filled in for good; what is wrong with one is asked for all the same. */
  readonly carried?: readonly string[];
}

/** The form that asks for what a command lacks. What is known already is filled in. */
export function formOf(
  command: Command,
  { values, errors }: Lack,
  { ask = [], also = [], carried = [] }: FormParts = {},
): Form {
  const onlyLooks = command.looks?.(values) ?? false;
  // What is said of a change is offered also where it may be left out.
  const danger = !onlyLooks && !harmless.includes(command.permission);
  const kept = carried.filter((name) => values[name] !== undefined && errors[name] === undefined);
  return {
    command: command.name,
    title: command.summaryFor?.(values) ?? command.summary,
    submit: onlyLooks ? "Show" : submitOf(command),
    danger,
    carried: kept,
    about: [],
    fields: fieldsFor(command, values)
      .map((field) => (ask.includes(field.name) ? { ...field, required: true } : field))
      .filter(
        ({ name, required, prose }) =>
          required ||
          (prose && danger) ||
          errors[name] !== undefined ||
          also.includes(name) ||
          values[name] !== undefined,
      ),
    values,
    errors,
    usage: usageOf(command, values),
  };
}

function submitOf({ changes, permission }: Command): string {
  return changes && looks.includes(permission) ? "Send" : submitWords[permission];
}
