import { z } from "zod";
import { haltedBefore } from "../acts/approvals/open-request.ts";
import type { Planned } from "../acts/approvals/plan.ts";
import { dryRunCard } from "../cards/dry-run.ts";
import { readingTitle } from "../domain/approvals/readings.ts";
import type { CommandContext, Reply } from "../domain/commands/command.ts";
import { truthOf } from "../domain/commands/truth.ts";
import { proofsOf } from "../domain/systems/identities.ts";
import type { Operation } from "../domain/systems/operation.ts";
import { listedArguments } from "../domain/systems/plan-operation.ts";
import { askingAhead } from "../reads/outlook.ts";

const name = "dry-run";

/** The field by which an operation is only planned. */
export const dryRunField = {
  [name]: z
    .boolean()
    .optional()
    .meta({ label: "Dry run", help: "Show the plan and who would have to agree; ask nobody" }),
};

/** Is only the plan asked for? As it is typed, or as it was read already. */
export function isDryRun({ [name]: given }: Readonly<Record<string, unknown>>): boolean {
  return given === true || (typeof given === "string" && truthOf(given) === true);
}

/** Does a reason hold what was meant to be the field? What runs with one person would then be run in earnest. */
export function mentionsDryRun(reason: string): boolean {
  return /(?:--|\u2014|\u2013)\s?dry|\bdry[-_ ]?run\s*[:=]/iu.test(reason);
}

/** Answers with what would be done and with what asking for it would come to. It writes nothing. */
export async function dryRun(
  { store, people, invocation: { person, now } }: CommandContext,
  { system, ...planned }: Planned,
  operation: Operation,
): Promise<Reply> {
  const halted = await haltedBefore(store, { ...planned, system });
  const shown = { ...planned, ...halted, system: system.id, systemTitle: system.title };
  const ahead = await askingAhead(store, shown, { person: person.id, policy: people.policy(), now });
  return { card: dryRunCard(shown, { ...ahead, now, read: readFor({ system, ...planned }, operation) }) };
}

/** What a plan that stands was checked against; what is urgent goes ahead also where that could not be read. */
function readFor({ system, arguments: values, readings, urgent }: Planned, operation: Operation): string[] {
  const lists = listedArguments(operation, values).map(({ title, list, value }) => `${title} ${value} in ${list}`);
  return [
    ...(urgent
      ? []
      : [
          ...(proofsOf(system, operation.through ?? []).length > 0 ? [`that ${system.title} is itself`] : []),
          ...lists,
        ]),
    ...readings.map((reading) => reading.name ?? readingTitle(reading.kind)),
  ];
}
