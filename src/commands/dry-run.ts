import { z } from "zod";
import type { Planned } from "../acts/approvals/plan.ts";
import { dryRunCard } from "../cards/dry-run.ts";
import { type AskingOutlook, askingOutlook } from "../domain/approvals/outlook.ts";
import { readingTitle } from "../domain/approvals/readings.ts";
import { isUrgent } from "../domain/approvals/request.ts";
import type { CommandContext, Reply } from "../domain/commands/command.ts";
import { truthOf } from "../domain/commands/truth.ts";
import type { Operation } from "../domain/systems/operation.ts";
import { listedArguments } from "../domain/systems/plan-operation.ts";
import { heldBackNow, metByPlan } from "../reads/outlook.ts";

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
  const policy = people.policy();
  const asked = { system: system.id, operation: planned.operation };
  const { risk, direction } = planned;
  const outlook = askingOutlook({ ...asked, risk, direction, requester: person.id }, policy);
  const held = outlook.asks === "people" ? await heldBackNow(store, { ...asked, person: person.id, now }) : undefined;
  const shown = { ...planned, system: system.id, systemTitle: system.title };
  const way = passesAll(planned, outlook)
    ? { met: [], lockUnread: false }
    : await metByPlan(store, shown, { policy, now });
  return { card: dryRunCard(shown, { ...way, outlook, held, now, read: readFor({ system, ...planned }, operation) }) };
}

/** What is urgent stands behind nothing. */
function passesAll({ urgent, risk, direction }: Omit<Planned, "system">, { asks }: AskingOutlook): boolean {
  return asks === "nobody" && isUrgent({ ...(urgent && { urgent }), risk, direction, policy: { alternatives: [] } });
}

/** What a plan that stands was checked against; what is urgent goes ahead also where that could not be read. */
function readFor({ system, arguments: values, readings, urgent }: Planned, operation: Operation): string[] {
  const lists = listedArguments(operation, values).map(({ title, list, value }) => `${title} ${value} in ${list}`);
  return [
    ...(urgent ? [] : [...(system.identity ? [`that ${system.title} is itself`] : []), ...lists]),
    ...readings.map((reading) => reading.name ?? readingTitle(reading.kind)),
  ];
}
