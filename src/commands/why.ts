import { z } from "zod";
import { entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { decide, type Verdict } from "../domain/people/policy.ts";
import { nearest } from "../domain/text/distance.ts";
import { readableSystems } from "./fields.ts";

export const why = defineCommand({
  name: "why",
  summary: "Why you may, or may not, use a command here",
  permission: "read",
  open: true,
  examples: ["why flatten", "why flatten alphapulse"],
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
    const found = entryAt(command, context.catalogue);
    if (!found) throw unknownCommand(command, context);
    const { entry } = found;
    const { person, place } = context.invocation;
    const asked = found.rest.toLowerCase().replace(/^system[:=]/, "");
    const named = asked === "" ? undefined : (context.systems.find(asked)?.id ?? asked);
    // Which systems there are is itself told only to those who may see them.
    const having = context.systems.all().filter((each) => each.operations[entry.name] !== undefined);
    const readable = readableSystems(context)
      .filter((each) => having.length === 0 || having.includes(each))
      .map((each) => each.id);
    const systems = named === undefined ? (readable.length > 0 ? readable : [undefined]) : [named];
    const judge = (system?: string): Verdict =>
      entry.open
        ? { allowed: true }
        : decide(
            { person, place, permission: entry.permission, ...(system !== undefined && { system }) },
            context.people.policy(),
          );
    const verdicts =
      entry.systemField === undefined
        ? [{ system: undefined, verdict: judge() }]
        : systems.map((system) => ({ system, verdict: judge(system) }));
    if (named !== undefined && !context.systems.find(named) && verdicts.every(({ verdict }) => verdict.allowed))
      throw new UserError(`There is no system ${named}.`, `There are ${readable.join(", ")}.`);
    const allowed = verdicts.filter(({ verdict }) => verdict.allowed).length;
    return {
      private: true,
      card: {
        tone: allowed === verdicts.length ? "good" : allowed > 0 ? "warning" : "bad",
        title: `${entry.name}: ${allowed === verdicts.length ? "you may" : allowed > 0 ? "you may for some" : "you may not"}`,
        summary: `It takes the right to ${entry.permission}. You are ${person.name}, in ${place.channel}.`,
        blocks: [
          {
            kind: "list",
            items: verdicts.map(({ system, verdict }) => ({
              text: `${system === undefined ? "" : `${system}: `}${verdict.allowed ? "yes" : `no. ${verdict.why} ${verdict.remedy}`}`,
              tone: verdict.allowed ? ("good" as const) : ("bad" as const),
            })),
          },
        ],
      },
    };
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
