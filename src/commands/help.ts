import { z } from "zod";
import { commandCard, helpCard, type SystemAsks } from "../cards/help.ts";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { mayAskOfAny } from "../domain/commands/may-ask.ts";
import { UserError } from "../domain/failure.ts";
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
      return { private: true, card: helpCard(entries, catalogue.entries.length - entries.length) };
    const found = entryAt(command, catalogue)?.entry;
    if (found && !entries.includes(found)) {
      const { why, remedy } = barredCommand(found, context);
      throw new UserError(why, remedy);
    }
    const operation = operationHelp(command, context, found);
    if (operation) return { private: true, card: operation };
    if (!found) throw noSuchCommand(command, { entries, verb: "help" }, context);
    return { private: true, card: commandCard(found, asksOf(found, context)) };
  },
});

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
