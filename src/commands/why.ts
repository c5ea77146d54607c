import { z } from "zod";
import { whyCard } from "../cards/why.ts";
import { entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { nearest } from "../domain/text/distance.ts";
import { askableSystems, commandRights } from "../reads/command-rights.ts";

/** Names no system that the person may not see. */
export const why = defineCommand({
  name: "why",
  summary: "Why you may, or may not, use a command here",
  permission: "read",
  open: true,
  examples: ["why {short}", "why {short} {system}"],
  input: z.object({
    command: z.string().min(1).max(100).meta({
      label: "Command",
      help: "A command, and a system if you like",
      positional: true,
      rest: true,
      suggest: "commands",
    }),
  }),
  async run({ command }, context) {
    const { catalogue, systems, invocation } = context;
    const found = entryAt(command, catalogue);
    if (!found) throw unknownCommand(command, context);
    const viewer = viewerOf(context);
    const asked = found.rest.toLowerCase().replace(/^system[:=]/, "");
    const named = asked === "" ? undefined : asked;
    const rights = commandRights(found.entry, systems, viewer, named);
    if (named !== undefined && !systems.find(named) && rights.every(({ verdict }) => verdict.allowed))
      throw new UserError(
        `There is no system ${named}.`,
        `There are ${askableSystems(found.entry, systems, viewer).join(", ")}.`,
      );
    const { person, place } = invocation;
    return { private: true, card: whyCard(found.entry, rights, { name: person.name, channel: place.channel }) };
  },
});

function unknownCommand(asked: string, context: CommandContext): UserError {
  const names = context.catalogue.entries.map((entry) => entry.name);
  const close = nearest(asked, names) ?? nearest(asked.split(" ")[0] ?? asked, names);
  return new UserError(
    `There is no command ${asked}.`,
    close === undefined ? "help lists what you may do here." : `Did you mean ${close}?`,
  );
}
