import { z } from "zod";
import { auditCard } from "../cards/audit.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { auditEntries } from "../reads/audit-entries.ts";
import { momentField, momentOf } from "./fields.ts";

/** What concerns a system is shown to those who may audit that system. Who has left is found by their id. */
export const audit = defineCommand({
  name: "audit",
  summary: "Who did what: the journal, newest first",
  permission: "audit",
  examples: ["audit", "audit since:7d", "audit system:{system} limit:50"],
  input: z.object({
    person: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Person", help: "Only what this person did", positional: true, suggest: "people" }),
    system: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "System", help: "Only what concerns this system", positional: true, suggest: "systems" }),
    since: momentField("Since", "How long ago (1h, 7d) or when (2026-11-21)").default("1d"),
    limit: z.int().min(1).max(100).default(25).meta({ label: "Limit", help: "At most so many entries" }),
  }),
  async run(input, context) {
    const { now } = context.invocation;
    const found = await auditEntries(context.store, context.systems, viewerOf(context), {
      from: momentOf("since", input.since, now),
      limit: input.limit,
      ...(input.person !== undefined && { person: personNamed(context, input.person) }),
      ...(input.system !== undefined && { system: context.systems.find(input.system)?.id ?? input.system }),
    });
    return { private: true, card: auditCard(found, now) };
  },
});

/** A person's id from the id or the name, whatever its case. Who has left since is still found by the id. */
function personNamed(context: CommandContext, named: string): string {
  const wanted = named.toLowerCase();
  return (
    context.people.policy().people.find((each) => each.id === wanted || each.name.toLowerCase() === wanted)?.id ??
    wanted
  );
}
