import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import { fieldsOf } from "./fields.ts";
import { quote } from "./tokens.ts";

/** The command line that reads back as exactly these values. */
export function formatAsking(command: Command, values: FieldValues): string {
  const parts = fieldsOf(command.input).flatMap((field) => {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (value === undefined) return [];
    const times = field.repeated ? String(value).split("\n") : [String(value)];
    return times.map((each) =>
      field.positional && !field.rest && isPlain(each) ? each : `${field.name}:${isPlain(each) ? each : quote(each)}`,
    );
  });
  return [command.name, ...parts].join(" ");
}

/** Letters that mean nothing to the reader of a command line, whatever field they go to. */
function isPlain(value: string): boolean {
  return /^[\w.@/][\w.@/-]*$/.test(value);
}
