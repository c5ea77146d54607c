import { z } from "zod";
import { commandCard, helpCard } from "../cards/help.ts";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { defineCommand, viewerOf } from "../domain/commands/command.ts";
import { mayAskOfAny } from "../domain/commands/may-ask.ts";
import { UserError } from "../domain/failure.ts";
import { nearest } from "../domain/text/distance.ts";

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
    if (!found || !entries.includes(found)) throw noSuchCommand(command, entries);
    return { private: true, card: commandCard(found) };
  },
});

function noSuchCommand(asked: string, entries: readonly CatalogueEntry[]): UserError {
  const close = nearest(
    asked,
    entries.map(({ name }) => name),
  );
  return new UserError(
    `There is no command ${asked} that you may use here.`,
    close === undefined ? "help lists what there is." : `Did you mean ${close}?`,
  );
}
