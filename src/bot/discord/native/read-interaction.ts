import type { Command } from "../../../domain/commands/command.ts";
import type { DeliveryContent } from "../../../domain/commands/delivery-content.ts";
import { fieldsOf } from "../../language/fields.ts";

/** What somebody chose of the native commands: its words, and its options as Discord typed them. */
export interface Chosen {
  readonly name: string;
  readonly subcommand: string | undefined;
  readonly options: readonly { readonly name: string; readonly value?: string | number | boolean | undefined }[];
}

/** The asking behind a native command. Option names are lower case on Discord; fields have the command's own. */
export function askOf(chosen: Chosen, commands: readonly Command[]): Extract<DeliveryContent, { kind: "form" }> {
  const command = nameOf(chosen, commands);
  return { kind: "form", command, values: optionValues(chosen, commands) };
}

/** The command behind a native one: one of a single word is a subcommand too where others begin with that word. */
export function nameOf(
  { name, subcommand }: Pick<Chosen, "name" | "subcommand">,
  commands: readonly Command[],
): string {
  const whole = `${name} ${subcommand}`;
  return subcommand === undefined || !commands.some((each) => each.name === whole) ? name : whole;
}

export function optionValues(chosen: Chosen, commands: readonly Command[]): Record<string, string | number | boolean> {
  const values: Record<string, string | number | boolean> = {};
  for (const { name, value } of chosen.options)
    if (value !== undefined) values[fieldNamed(nameOf(chosen, commands), name, commands)] = value;
  return values;
}

/** The command's field behind an option's name. */
export function fieldNamed(command: string, option: string, commands: readonly Command[]): string {
  const found = commands.find((each) => each.name === command);
  return (found && fieldsOf(found.input).find((field) => field.name.toLowerCase() === option)?.name) ?? option;
}
