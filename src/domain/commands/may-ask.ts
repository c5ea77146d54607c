import type { Verdict } from "../people/policy.ts";
import { may, type Viewer } from "../people/viewer.ts";
import type { System } from "../systems/system.ts";
import type { CatalogueEntry } from "./catalogue.ts";

type Askable = Pick<CatalogueEntry, "permission"> & {
  readonly open?: boolean;
  readonly systemField?: string;
};

/** May they ask this command here, of the system named? Whoever is known may always ask an open one. */
export function mayAsk(command: Askable, viewer: Viewer, system?: string): Verdict {
  return command.open && viewer.person ? { allowed: true } : may(viewer, command.permission, system);
}

/** May they ask it here at all, of any of these systems? */
export function mayAskOfAny(command: Askable, viewer: Viewer, systems: readonly Pick<System, "id">[]): boolean {
  if (command.open || command.systemField === undefined) return mayAsk(command, viewer).allowed;
  return systems.some(({ id }) => mayAsk(command, viewer, id).allowed);
}
