import type { Backend } from "../../domain/systems/backend.ts";
import { namedBackends } from "../../domain/systems/connections.ts";
import { writtenIn } from "../locate.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { unknownName } from "./names.ts";

/** A backend that an entry names has to be declared in the same file, and to be of the kind that the entry asks. */
export function checkBackends({ systems }: Files, backends: readonly Backend[]): ConfigProblem[] {
  const kinds = backends.filter(({ connection }) => connection !== undefined).map(({ name }) => name);
  return systems.flatMap(({ source, value }) => {
    const declared = new Map(Object.entries(value.backends ?? {}).map(([name, { kind }]) => [name, kind]));
    return namedBackends(writtenIn(source.document), kinds).flatMap(({ name, kind, path }) => {
      const fault = faultOf(declared, name, kind);
      return fault ? [problemAt(source, path, fault)] : [];
    });
  });
}

/** What a step reaches by itself is declared as well, or nothing could prove it. */
export function checkReaches({ systems }: Files): ConfigProblem[] {
  return systems.flatMap(({ source, value }) =>
    Object.entries(value.operations).flatMap(([operation, { steps, verify }]) =>
      Object.entries({ steps, verify }).flatMap(([part, all]) =>
        all.flatMap(({ reaches = [] }, index) =>
          reaches.flatMap((name, at) => {
            const path = ["operations", operation, part, index, "reaches", at];
            return unknownName({ name, source, path }, Object.keys(value.backends ?? {}), "backend");
          }),
        ),
      ),
    ),
  );
}

function faultOf(
  declared: ReadonlyMap<string, string>,
  name: string,
  kind: string | undefined,
): { readonly message: string; readonly remedy: string } | undefined {
  const is = declared.get(name);
  if (is === undefined) return { message: `there is no backend \`${name}\``, remedy: declare([...declared.keys()]) };
  if (kind === undefined || is === kind) return undefined;
  const fitting = [...declared].filter(([, each]) => each === kind).map(([each]) => each);
  return { message: `the backend \`${name}\` is reached as ${is}, not as ${kind}`, remedy: declare(fitting, kind) };
}

function declare(names: readonly string[], kind?: string): string {
  const how = kind === undefined ? "Declare it below backends" : `Declare one of ${kind} below backends`;
  return names.length === 0 ? `${how}.` : `${how}, or name one of: ${names.join(", ")}.`;
}
