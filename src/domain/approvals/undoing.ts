import { textOfDatum } from "../systems/exact.ts";
import type { Request, Sealed } from "./request.ts";

/** What of a request says what exactly it does. */
type Asked = Pick<Sealed, "system" | "operation" | "arguments">;

/** A request that something may be held by, with what was approved of it. */
interface Stopped {
  readonly request: Pick<Request, "state">;
  readonly sealed: Pick<Sealed, "system" | "plan">;
}

/**
 * Is it exactly what undoes a run that stopped half-way, as people approved that run? It alone goes past what such a run holds:
 * otherwise its own lock would keep what it left half done from being undone. Of a run whose outcome is not known yet, nothing
 * is undone: what is still on its way would take effect after it.
 */
export function undoes({ system, operation, arguments: given }: Asked, { request, sealed }: Stopped): boolean {
  const { inverse } = sealed.plan;
  if (request.state !== "PARTIAL" || inverse === undefined) return false;
  const names = new Set([...Object.keys(given), ...Object.keys(inverse.arguments)]);
  const sameArguments = [...names].every((name) => {
    const [one, other] = [given[name], inverse.arguments[name]];
    return one !== undefined && other !== undefined && textOfDatum(one) === textOfDatum(other);
  });
  return system === sealed.system && operation === inverse.operation && sameArguments;
}
