import { namedBackends } from "../../domain/systems/connections.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";

/** A backend that an entry names has to be declared in the same file. */
export function checkBackends({ systems }: Files): ConfigProblem[] {
  return systems.flatMap(({ source, value }) => {
    const declared = Object.keys(value.backends ?? {});
    return namedBackends(source.document.toJS())
      .filter(({ name }) => !declared.includes(name))
      .map(({ name, path }) =>
        problemAt(source, path, {
          message: `there is no backend \`${name}\``,
          remedy:
            declared.length === 0
              ? "Declare it below backends."
              : `Declare it below backends, or name one of: ${declared.join(", ")}.`,
        }),
      );
  });
}
