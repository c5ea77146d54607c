import { z } from "zod";
import { incidentCard } from "../cards/incident.ts";
import { type CommandContext, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import type { Permission } from "../domain/people/person.ts";
import { incidentAt, incidentFor, visibleIncidents } from "../reads/incidents.ts";
import { withShown } from "../reads/shown-incident.ts";

/** An incident by its number. */
export const incidentNumber = z.int().min(1).max(1_000_000_000).optional().meta({
  label: "Incident",
  help: "Its number; that of the room, or the open one, when left out",
  positional: true,
  suggest: "incidents",
});

/** Words of a person for whoever reads them later; `rest`: they need no name where they stand last. */
export function proseLine(label: string, help: string, typed: { readonly rest?: true } = {}) {
  return z
    .string()
    .min(2)
    .max(600)
    .meta({ label, help, multiline: true, prose: true, ...typed });
}

/** The incident of a number, or the only one that is open where none is given. Throws UserError where that is not one, or may not be had. */
export async function incidentNamed(
  context: CommandContext,
  number: number | undefined,
  permission: Permission,
): Promise<Incident> {
  const viewer = viewerOf(context);
  const here = number ?? (await incidentAt(context.store, context.invocation.place));
  if (here !== undefined) return incidentFor(context.store, viewer, here, permission);
  const { found } = await visibleIncidents(context.store, viewer);
  const [only, other] = found;
  if (!only) throw new UserError("No incident is open.", "Give the number of one that is over, or declare one.");
  if (other)
    throw new UserError(
      "Which incident?",
      `Give its number: ${found.map((each) => `${each.number} (${each.title})`).join(", ")}.`,
    );
  return incidentFor(context.store, viewer, only.number, permission);
}

/** An incident as the answer to a command. */
export async function shownIncident({ store, invocation }: CommandContext, incident: Incident): Promise<Reply> {
  const card = incidentCard(await withShown(store, incident), invocation.now);
  const isElsewhere = incident.isPrivate && (await incidentAt(store, invocation.place)) !== incident.number;
  return { card, ...(isElsewhere && { private: true }) };
}
