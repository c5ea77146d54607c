import { type Backend, stepKindsOf } from "../../domain/systems/backend.ts";
import type { System } from "../../domain/systems/system.ts";
import { reachesOnlyDemo } from "../demo-systems.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { placeInFile } from "./place-in-file.ts";

interface Around {
  readonly backends: readonly Backend[];
  readonly simulated?: readonly string[];
  readonly standIns?: boolean;
}

/**
 * Files that calls need, as certificates, keys and programs, are looked at. What is wrong with one is a warning: they are read anew
 * at each use, may be mounted later, and one system's certificate must not keep the bot from starting for the others.
 */
export async function checkCallFiles(
  { systems }: Files,
  { backends, simulated = [], standIns = false }: Around,
): Promise<ConfigProblem[]> {
  const real = standIns ? systems.filter(({ source }) => !reachesOnlyDemo(source, simulated)) : systems;
  const kinds = stepKindsOf(backends);
  const looks = real.flatMap(({ source, value }) => {
    const read: unknown = asWritten(value);
    return backends.map(async ({ examineFiles }) => {
      const faults = (await examineFiles?.(read)) ?? [];
      // To make values of a whole document takes longer than to look at its files, which mostly are well.
      const written: unknown = faults.length > 0 ? source.document.toJS() : undefined;
      return faults.map(({ place, message, remedy }) =>
        problemAt(source, placeInFile({ read, written, path: place }, kinds), { severity: "warning", message, remedy }),
      );
    });
  });
  return (await Promise.all(looks)).flat();
}

/** With what is below `backends` where the file has it, so that a place in it is a place in the file. */
function asWritten({ backends = {}, ...system }: System): unknown {
  const declared = Object.entries(backends).map(([name, { kind, connection }]) => [name, { [kind]: connection }]);
  return { ...system, backends: Object.fromEntries(declared) };
}
