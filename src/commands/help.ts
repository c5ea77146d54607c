import { z } from "zod";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { decide } from "../domain/people/policy.ts";
import { nearest } from "../domain/text/distance.ts";

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
    return command === undefined ? overview(context) : detail(command, context);
  },
});

/** May this person ask the command here, for the system or for any at all? */
function mayAsk(entry: CatalogueEntry, context: CommandContext, system?: string): boolean {
  const { person, place } = context.invocation;
  if (entry.open) return true;
  const on = (each: string | undefined) =>
    decide(
      { person, place, permission: entry.permission, ...(each !== undefined && { system: each }) },
      context.people.policy(),
    ).allowed;
  if (system !== undefined || entry.systemField === undefined) return on(system);
  return context.systems.all().some((each) => on(each.id));
}

function overview(context: CommandContext): Reply {
  const entries = context.catalogue.entries.filter((entry) => mayAsk(entry, context));
  const hidden = context.catalogue.entries.length - entries.length;
  return {
    private: true,
    card: {
      tone: "neutral",
      title: "What you may do here",
      summary: `${entries.length} commands. Type one as it stands in an example.`,
      blocks: [
        {
          kind: "table",
          columns: [{ title: "Command" }, { title: "What it does" }, { title: "For example" }],
          rows: entries.map((entry) => [entry.name, entry.summary, entry.examples[0] ?? entry.usage]),
        },
      ],
      footer:
        hidden > 0
          ? `${hidden} more ${hidden === 1 ? "needs" : "need"} other rights or another channel: why <command> says which.`
          : "help <command> shows its fields.",
    },
  };
}

function detail(asked: string, context: CommandContext): Reply {
  const found = entryAt(asked, context.catalogue);
  const allowed = found && mayAsk(found.entry, context) ? found.entry : undefined;
  if (!allowed) {
    const names = context.catalogue.entries.filter((entry) => mayAsk(entry, context)).map((entry) => entry.name);
    const close = nearest(asked, names);
    throw new UserError(
      `There is no command ${asked} that you may use here.`,
      close === undefined ? "help lists what there is." : `Did you mean ${close}?`,
    );
  }
  const rows = allowed.fields.map((field) => [
    field.name,
    field.required ? "yes" : "no",
    field.takes,
    field.help || field.label,
  ]);
  return {
    private: true,
    card: {
      tone: "neutral",
      title: allowed.name,
      summary: allowed.summary,
      blocks: [
        { kind: "code", text: allowed.usage },
        ...(rows.length > 0
          ? [
              {
                kind: "table" as const,
                columns: [{ title: "Field" }, { title: "Needed" }, { title: "Takes" }, { title: "What it is" }],
                rows,
              },
            ]
          : []),
        { kind: "list", items: allowed.examples.map((text) => ({ text })) },
      ],
    },
  };
}
