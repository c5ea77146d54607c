import { z } from "zod";
import { commandCard, groupCard, type HelpRow, helpCard, type SystemAsks } from "../cards/help.ts";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { spreadExamples } from "../domain/commands/examples.ts";
import { mayAsk, mayAskOfAny } from "../domain/commands/may-ask.ts";
import { UserError } from "../domain/failure.ts";
import { ownValue } from "../domain/own-value.ts";
import { readableSystems } from "./fields.ts";
import { barredCommand, operationHelp } from "./help-operation.ts";
import { noSuchCommand } from "./no-such-command.ts";

/** Lists what the person may ask of some system here. Of the rest only the number is told. */
export const help = defineCommand({
  name: "help",
  summary: "What you may do here, and how to say it",
  permission: "read",
  open: true,
  examples: ["help", "help logs"],
  input: z.object({
    command: z.string().max(60).optional().meta({
      label: "Command",
      help: "One command, to see its fields",
      positional: true,
      rest: true,
      suggest: "commands",
    }),
  }),
  async run({ command }, context) {
    const { catalogue, systems } = context;
    const viewer = viewerOf(context);
    const entries = catalogue.entries.filter((entry) => mayAskOfAny(entry, viewer, systems.all()));
    if (command === undefined)
      return { private: true, card: helpCard(helpRows(entries, context), catalogue.entries.length - entries.length) };
    const found = entryAt(command, catalogue)?.entry;
    if (found && !entries.includes(found)) {
      const { why, remedy } = barredCommand(found, context);
      throw new UserError(why, remedy);
    }
    const operation = operationHelp(command, context, found);
    if (operation) return { private: true, card: operation };
    const group = found ? [] : groupOf(command, entries);
    if (group.length > 0) return { private: true, card: groupCard(command.trim(), helpRows(group, context)) };
    if (!found) throw noSuchCommand(command, { entries, verb: "help" }, context);
    return { private: true, card: commandCard(found, asksOf(found, context)) };
  },
});

/** `help incident`, `help incidents`: the commands of two words that begin with it. */
function groupOf(asked: string, entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const word = asked.trim().toLowerCase();
  return entries.filter(({ name }) => {
    const [first, second] = name.split(" ");
    return second !== undefined && (first === word || `${first}s` === word);
  });
}

/** Each command as it is for a system that this person may ask it of; which one, varies. */
function helpRows(entries: readonly CatalogueEntry[], context: CommandContext): readonly HelpRow[] {
  const viewer = viewerOf(context);
  const systems = context.systems.all();
  const examples = spreadExamples(
    entries.map((entry) => ({
      examples: entry.examples,
      usable: systems.flatMap(({ id }) => (mayAsk(entry, viewer, id).allowed ? [id] : [])),
    })),
    systems.map(({ id }) => id),
  );
  return entries.map(({ name, summary, usage }, at) => {
    const { text = usage, system } = examples[at] ?? {};
    const own = system === undefined ? undefined : context.systems.find(system);
    const operation = own && ownValue(own.operations, name);
    return { name, summary: operation?.short ? operation.summary : summary, example: text };
  });
}

/** What can be asked through a command, by the systems that this person may see. */
function asksOf({ asks, systemField }: CatalogueEntry, context: CommandContext): readonly SystemAsks[] {
  if (!asks || systemField === undefined) return [];
  return readableSystems(context).flatMap(({ id }) => {
    const names = [...asks].flatMap(([name, ways]) =>
      ways.some(({ args }) => args[systemField] === id && Object.values(args).includes(name)) ? [name] : [],
    );
    return names.length === 0 ? [] : [{ system: id, names }];
  });
}
