import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { Follow } from "../domain/systems/follow.ts";
import { runningFollows } from "../records/follow.ts";

/** What is followed under a code, or by the viewer here when none is given, of a system that they may read here. */
export async function runningFollow(
  store: Store,
  viewer: Viewer,
  code: string | undefined,
): Promise<Follow | undefined> {
  const { person, place } = viewer;
  const { found } = await runningFollows(store);
  return found
    .map(({ follow }) => follow)
    .filter(({ system }) => may(viewer, "read", system).allowed)
    .find((each) =>
      code === undefined
        ? each.by.person === person?.id && each.place.surface === place.surface && each.place.channel === place.channel
        : each.code === code,
    );
}
