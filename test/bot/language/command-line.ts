import { fieldsOf } from "../../../src/bot/language/fields.ts";
import { quote } from "../../../src/bot/language/tokens.ts";
import type { Command } from "../../../src/domain/commands/command.ts";
import type { FieldValues } from "../../../src/domain/commands/delivery-content.ts";

/** The command line that reads back as exactly these values. */
export function commandLine(command: Command, values: FieldValues): string {
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
