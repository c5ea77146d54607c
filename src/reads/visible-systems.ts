import { may, type Viewer } from "../domain/people/viewer.ts";
import type { System, Systems } from "../domain/systems/system.ts";

/** The systems that the viewer may read here. */
export function visibleSystems(systems: Pick<Systems, "all">, viewer: Viewer): readonly System[] {
  return systems.all().filter(({ id }) => may(viewer, "read", id).allowed);
}
