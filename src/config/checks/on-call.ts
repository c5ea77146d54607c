import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";

/** Rotations that name nobody, or whose ids could mean somebody else. */
export function checkOnCall({ wardroom, people }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const { rotations } = value.oncall;
  const persons = people?.value.people.map(({ id }) => id);
  const ids = rotations.map(({ id }, at): Named => ({ name: id, source, path: ["oncall", "rotations", at, "id"] }));
  const taken = ids.filter(({ name }) => persons?.includes(name));
  const mistake = { remedy: "Give the rotation another id: either may be called." };
  return [
    ...repeated(ids, "a rotation"),
    ...taken.map(({ name, path }) => problemAt(source, path, { message: `\`${name}\` is a person too`, ...mistake })),
    ...(persons ? rotations.flatMap((each, at) => namesIn(each, ["oncall", "rotations", at])) : []).flatMap(
      ([name, path]) => unknownName({ name, source, path }, persons ?? [], "person"),
    ),
  ];
}

type Rotations = NonNullable<Files["wardroom"]>["value"]["oncall"]["rotations"];

function namesIn({ layers, overrides, calendar }: Rotations[number], path: Path): readonly (readonly [string, Path])[] {
  return [
    ...layers.flatMap(({ people }, layer) =>
      people.flatMap((turn, at) =>
        turn.map((name): [string, Path] => [name, [...path, "layers", layer, "people", at]]),
      ),
    ),
    ...Object.entries(calendar?.names ?? {}).map(([name, id]): [string, Path] => [
      id,
      [...path, "calendar", "names", name],
    ]),
    ...overrides.flatMap(({ people }, over) =>
      people.map((name, at): [string, Path] => [name, [...path, "overrides", over, "people", at]]),
    ),
  ];
}
