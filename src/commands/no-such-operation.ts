import { UserError } from "../domain/failure.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";

/** The operations of a system that nothing holds up: what it is halted with. */
export function urgentOf({ operations }: Pick<System, "operations">): string[] {
  return Object.entries(operations).flatMap(([id, { urgent }]) => (urgent ? [id] : []));
}

/** What somebody is told who named an operation that its system does not have. */
export function noSuchOperation({ title, operations }: System, named: string): UserError {
  const known = Object.keys(operations);
  const [halts] = named.toLowerCase() === "stop" ? urgentOf({ operations }) : [];
  const close = halts ?? nearest(named, known);
  const all = known.length > 0 ? `It has: ${known.join(", ")}.` : "It has none.";
  return new UserError(`${title} has no operation ${named}.`, close === undefined ? all : `Did you mean ${close}?`);
}
