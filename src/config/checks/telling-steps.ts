import { ownValue } from "../../domain/own-value.ts";
import type { Operation } from "../../domain/systems/operation.ts";
import { askedName } from "../../domain/systems/steps.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";

/** Steps that tell of what was read back where nothing is, and names that would hide who asked from them. */
export function wrongTelling(
  source: SourceText,
  { steps, verify, urgent, arguments: given }: Operation,
  path: Path,
): ConfigProblem[] {
  const reading = verify.findIndex(({ once }) => once !== undefined);
  if (reading !== -1)
    return [
      problemAt(source, [...path, "verify", reading, "once"], {
        message: "what verifies is what reads it back",
        remedy: "Remove `once`.",
      }),
    ];
  if (steps.every(({ once }) => once === undefined)) return [];
  const at = (index: number): Path => [...path, "steps", index, "once"];
  const telling = steps.flatMap(({ once }, index) => (once === undefined ? [] : [index]));
  const isReadBack = urgent && verify.length > 0;
  return [
    ...(isReadBack
      ? []
      : telling.map((index) =>
          problemAt(source, at(index), {
            message: "only what is `urgent` and verified is sent until it is read back",
            remedy: "Remove `once`: the steps of anything else are begun one after the other.",
          }),
        )),
    ...(telling.length === steps.length
      ? [problemAt(source, at(0), { message: "nothing acts before it tells of that", remedy: "Add a step that acts." })]
      : []),
    ...(ownValue(given, askedName)
      ? [
          problemAt(source, [...path, "arguments", askedName], {
            message: `\`${askedName}\` has a meaning of its own in what is begun once it was read back`,
            remedy: "Give the argument another name.",
          }),
        ]
      : []),
  ];
}
