import { UserError } from "../domain/failure.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import type { LogSource, Logs } from "../domain/systems/logs.ts";
import type { System } from "../domain/systems/system.ts";

/** Searches the logs of systems, each with the backend that keeps it. */
export function createLogs(backends: readonly Backend[]): Logs {
  return {
    async search(system, query) {
      const log = logNamed(system, query.source);
      const withheld = query.seesPrivate ? [] : (log.private?.fields ?? []);
      const shown = { ...log, hide: [...log.hide, ...withheld] };
      return serving(backends, log.source.backend, "log").read(log.source.spec, { log: shown, query });
    },
  };
}

function logNamed(system: System, id: string): LogSource {
  const found = system.logs.find((log) => log.id === id);
  if (found) return found;
  const known = system.logs.map((log) => log.id).join(", ");
  throw known === ""
    ? new UserError(`${system.title} has no logs configured.`, "Add a logs section to the system's file.")
    : new UserError(`${system.title} has no log "${id}".`, `Its logs are: ${known}.`);
}
