import { type SurfaceTraits, surfaceName } from "../../domain/people/surface.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";

/** Rooms that no surface could have, and people and channels that are not there. */
export function checkIncidents(
  { wardroom, people, systems }: Files,
  surfaces: readonly SurfaceTraits[],
): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const { rooms, invite, kinds, updates } = value.incidents;
  const called = (name: string, list: string, at: number): Named => ({ name, source, path: ["incidents", list, at] });
  const systemIds = systems.map((system) => system.value.id);
  const known = value.channels.map(({ id }) => id);
  const like = rooms.map((id) => value.channels.find((channel) => channel.id === id));
  const roomless = rooms.flatMap((_, at): ConfigProblem[] => {
    const surface = like[at]?.surface;
    if (surface === undefined || surfaces.some(({ id, hasRooms }) => id === surface && hasRooms)) return [];
    const message = `${surfaceName(surfaces, surface)} has no rooms`;
    return [problemAt(source, ["incidents", "rooms", at], { message, remedy: "Name a channel of another surface." })];
  });
  const twice = rooms.flatMap((_, at): Named[] => {
    const surface = like[at]?.surface;
    return surface === undefined ? [] : [called(surface, "rooms", at)];
  });
  const persons = people && [...people.value.people, ...value.oncall.rotations].map(({ id }) => id);
  return [
    ...rooms.flatMap((id, at) => unknownName(called(id, "rooms", at), known, "channel")),
    ...updates.channels.flatMap((name, at) =>
      unknownName({ name, source, path: ["incidents", "updates", "channels", at] }, known, "channel"),
    ),
    ...Object.entries(updates.systems).flatMap(([id, { channels = [] }]) => [
      ...unknownName({ name: id, source, path: ["incidents", "updates", "systems", id] }, systemIds, "system"),
      ...channels.flatMap((name, at) =>
        unknownName({ name, source, path: ["incidents", "updates", "systems", id, "channels", at] }, known, "channel"),
      ),
    ]),
    ...roomless,
    ...repeated(twice, "a room on the surface"),
    ...(persons
      ? invite.flatMap((id, at) => unknownName(called(id, "invite", at), persons, "person or rotation"))
      : []),
    ...repeated(
      kinds.map(({ id }, at): Named => ({ name: id, source, path: ["incidents", "kinds", at, "id"] })),
      "a kind of incident",
    ),
  ];
}
