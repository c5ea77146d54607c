import type { CatalogueEntry } from "../domain/commands/catalogue.ts";
import { mayAsk } from "../domain/commands/may-ask.ts";
import { ownValue } from "../domain/own-value.ts";
import type { Verdict } from "../domain/people/policy.ts";
import type { Viewer } from "../domain/people/viewer.ts";
import type { System, Systems } from "../domain/systems/system.ts";
import { visibleSystems } from "./visible-systems.ts";

/** Whether a command may be asked of a system; of none where it concerns none. */
export interface CommandRight {
  readonly system: string | undefined;
  readonly verdict: Verdict;
}

/**
 * What the viewer may ask of a command: of the system named, else of each that they may see and that has it. Which
 * systems there are is itself told only to those who may see them.
 */
export function commandRights(
  entry: CatalogueEntry,
  systems: Systems,
  viewer: Viewer,
  named: string | undefined,
): readonly CommandRight[] {
  if (entry.systemField === undefined) return [{ system: undefined, verdict: mayAsk(entry, viewer) }];
  const of = (system: string | undefined): CommandRight => ({ system, verdict: mayAsk(entry, viewer, system) });
  if (named !== undefined) return [of(systems.find(named)?.id ?? named)];
  const readable = askableSystems(entry, systems, viewer);
  return readable.length > 0 ? readable.map(of) : [of(undefined)];
}

function hasCommand({ operations, queries }: System, name: string): boolean {
  return ownValue(operations, name) !== undefined || queries.some(({ id, short }) => short && id === name);
}

/** Ids of the systems that the viewer may see and that have this command. */
export function askableSystems(
  { name }: Pick<CatalogueEntry, "name">,
  systems: Systems,
  viewer: Viewer,
): readonly string[] {
  const having = systems.all().filter((each) => hasCommand(each, name));
  return visibleSystems(systems, viewer)
    .filter((each) => having.length === 0 || having.includes(each))
    .map((each) => each.id);
}
