import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from "discord.js";
import type { Command } from "../../../domain/commands/command.ts";
import { cutText } from "../../../domain/text/cut-text.ts";
import type { Field } from "../../language/field.ts";
import { fieldsOf } from "../../language/fields.ts";

const describeMax = 100;
const choicesMax = 25;

/** Everything the bot registers with Discord, derived from its commands: one for each first word, the second a subcommand. */
export function registrations(commands: readonly Command[]): RESTPostAPIApplicationCommandsJSONBody[] {
  const groups = Map.groupBy(commands, (command) => command.name.split(" ")[0] ?? command.name);
  const slash = [...groups].map(([name, members]) => slashCommand(name, members));
  const shortcuts = commands.flatMap(({ shortcut }) =>
    shortcut ? [{ type: ApplicationCommandType.Message as const, name: shortcut.title }] : [],
  );
  return [...slash, ...shortcuts];
}

function slashCommand(name: string, members: readonly Command[]): RESTPostAPIApplicationCommandsJSONBody {
  const [only] = members;
  if (members.length === 1 && only?.name === name)
    return {
      type: ApplicationCommandType.ChatInput,
      name,
      description: describe(only.summary),
      options: optionsOf(only),
    };
  const options = members.map(
    (member): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name: subcommandOf(member),
      description: describe(member.summary),
      options: optionsOf(member),
    }),
  );
  const about = members.map(subcommandOf).join(", ");
  return { type: ApplicationCommandType.ChatInput, name, description: describe(about), options };
}

/** Discord calls no command that has subcommands by its own name: one of a single word is shown beside them. */
function subcommandOf({ name }: Command): string {
  return name.split(" ")[1] ?? "show";
}

/** Required ones first, as Discord wants it. What takes several lines is asked for by a form instead. */
function optionsOf(command: Command): APIApplicationCommandBasicOption[] {
  const options = fieldsOf(command.input).map(optionOf);
  return options.toSorted((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
}

function optionOf(field: Field): APIApplicationCommandBasicOption {
  const shared = {
    name: field.name.toLowerCase(),
    description: describe(field.help || field.label),
    required: field.required && field.kind !== "paragraph",
  };
  // Discord takes no whole number beyond 2^53.
  if (field.everyDigit && field.max === undefined)
    return {
      ...shared,
      type: ApplicationCommandOptionType.String,
      ...(field.suggest !== undefined && { autocomplete: true }),
    };
  switch (field.kind) {
    case "integer":
      return {
        ...shared,
        ...rangeOf(field),
        type: ApplicationCommandOptionType.Integer,
        ...(field.suggest !== undefined && { autocomplete: true }),
      };
    case "number":
      return { ...shared, ...rangeOf(field), type: ApplicationCommandOptionType.Number };
    case "boolean":
      return { ...shared, type: ApplicationCommandOptionType.Boolean };
    case "choice":
      return choiceOption(field, shared);
    case "text":
    case "paragraph":
      if (field.suggest !== undefined)
        return { ...shared, type: ApplicationCommandOptionType.String, autocomplete: true };
      return { ...shared, type: ApplicationCommandOptionType.String };
  }
}

function rangeOf({ min, max }: Field): { min_value?: number; max_value?: number } {
  return { ...(min !== undefined && { min_value: min }), ...(max !== undefined && { max_value: max }) };
}

function choiceOption(
  field: Field,
  shared: { name: string; description: string; required: boolean },
): APIApplicationCommandBasicOption {
  const choices = field.choices ?? [];
  if (choices.length > choicesMax) return { ...shared, type: ApplicationCommandOptionType.String, autocomplete: true };
  return {
    ...shared,
    type: ApplicationCommandOptionType.String,
    choices: choices.map((choice) => ({ name: choice, value: choice })),
  };
}

function describe(text: string): string {
  return cutText(text.trim() || "…", describeMax);
}
