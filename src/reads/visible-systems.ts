import { UserError } from "../domain/failure.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { System, Systems } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";

/** The systems that the viewer may read here. */
export function visibleSystems(systems: Pick<Systems, "all">, viewer: Viewer): readonly System[] {
  return systems.all().filter(({ id }) => may(viewer, "read", id).allowed);
}

/** What somebody is told who named a system that is not there, or that they may not see. Offers the nearest that they may. */
export function unknownSystem(systems: Pick<Systems, "all">, viewer: Viewer, named: string): UserError {
  const known = visibleSystems(systems, viewer).map(({ id }) => id);
  const close = nearest(named, known);
  return new UserError(
    `There is no system ${named} that you may see here.`,
    close === undefined ? `There are ${known.join(", ") || "none"}.` : `Did you mean ${close}?`,
  );
}
