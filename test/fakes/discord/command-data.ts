import { fieldsOf, listOf, textOf } from "./world.ts";

export type Option = string | number | boolean;

const kinds = { subcommand: 1, string: 3, integer: 4, boolean: 5, number: 10 } as const;

/**
 * What Discord's client sends for a command that was typed: it knows what is registered, and sends nothing that does not
 * fit it. Throws what the person would be shown. `typing`: the option that is still being typed, which nothing is asked of.
 */
export function commandData(
  registered: readonly unknown[],
  asked: { readonly name: string; readonly options: Readonly<Record<string, Option>>; readonly typing?: string },
): Record<string, unknown> {
  const [first = "", second] = asked.name.split(" ");
  const command = registered
    .map(fieldsOf)
    .find((each) => each["name"] === first && (each["type"] === undefined || each["type"] === 1));
  if (!command) throw new Error(`no command ${first} is registered`);
  if (second === undefined && listOf(command["options"]).some((each) => fieldsOf(each)["type"] === kinds.subcommand))
    throw new Error(`${first} is asked by its subcommands`);
  const within = second === undefined ? command : subcommandOf(command, second);
  const given = optionsGiven(within, asked);
  const list = second === undefined ? given : [{ name: second, type: kinds.subcommand, options: given }];
  return { id: command["id"], name: first, type: 1, options: list };
}

function subcommandOf(command: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const found = listOf(command["options"])
    .map(fieldsOf)
    .find((each) => each["name"] === name && each["type"] === kinds.subcommand);
  if (!found) throw new Error(`${textOf(command["name"])} has no ${name}`);
  return found;
}

function optionsGiven(
  command: Readonly<Record<string, unknown>>,
  { options, typing }: { readonly options: Readonly<Record<string, Option>>; readonly typing?: string },
): Record<string, unknown>[] {
  // A command that was written down without options takes any: what is registered otherwise says them all.
  const known = command["options"] === undefined ? undefined : listOf(command["options"]).map(fieldsOf);
  const missing = known?.find(({ name, required }) => required === true && options[textOf(name)] === undefined);
  if (missing && typing === undefined) throw new Error(`the option ${textOf(missing["name"])} has to be filled in`);
  return Object.entries(options).map(([name, value]) => {
    const option = known?.find((each) => each["name"] === name);
    if (known && !option) throw new Error(`${textOf(command["name"])} has no option ${name}`);
    if (name === typing) return { name, type: option?.["type"] ?? kinds.string, value, focused: true };
    return { name, type: option?.["type"] ?? kindOf(value), value: option ? taken(option, value) : value };
  });
}

function kindOf(value: Option): number {
  if (typeof value === "string") return kinds.string;
  return typeof value === "boolean" ? kinds.boolean : kinds.integer;
}

/** A value as the client takes it: numbers and choices are held before anything is sent. */
function taken(option: Readonly<Record<string, unknown>>, value: Option): Option {
  const wrong = (why: string): Error => new Error(`${textOf(option["name"])} ${why}`);
  const choices = listOf(option["choices"]).map((choice) => fieldsOf(choice)["value"]);
  const numeric = option["type"] === kinds.integer || option["type"] === kinds.number;
  const given = numeric ? Number(value) : option["type"] === kinds.boolean ? value === true || value === "true" : value;
  if (choices.length > 0 && !choices.includes(given)) throw wrong(`has no choice ${String(value)}`);
  if (typeof given === "number") {
    if (Number.isNaN(given) || (option["type"] === kinds.integer && !Number.isInteger(given)))
      throw wrong("takes a number");
    if (given < Number(option["min_value"] ?? -Infinity) || given > Number(option["max_value"] ?? Infinity))
      throw wrong("is out of its range");
  }
  if (typeof given === "string") {
    const { min_length: least = 0, max_length: most = 6_000 } = option;
    if (given.length < Number(least) || given.length > Number(most)) throw wrong("is too short or too long");
  }
  return given;
}
