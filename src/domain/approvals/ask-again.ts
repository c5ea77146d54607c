import { textOfDatum } from "../systems/exact.ts";
import { isOpenedByItself, isSettlement, type Request, type Sealed } from "./request.ts";

/** The command that asks for an operation with these arguments, as it is typed; the reason is still to come. */
export function typedAsking(
  system: string,
  { operation, arguments: values }: Pick<Sealed, "operation" | "arguments">,
): string {
  const given = Object.entries(values).map(([name, value]) => ` ${name}:${typedValue(textOfDatum(value) ?? "")}`);
  return `run ${system} ${operation}${given.join("")}`;
}

/** How what ended before it ran is asked for again, in a sentence or two. */
export function askAgainWords({ follows }: Pick<Request, "follows">, sealed: Sealed): string {
  if (isOpenedByItself(sealed))
    return "Where the files still say otherwise, wardroom reload, SIGHUP or starting again asks again.";
  const { system, settles } = sealed;
  if (isSettlement(sealed) && settles)
    return `Ask again: confirm settle ${settles.code} ${settles.outcome} evidence:"what you saw".`;
  const typed = `${typedAsking(system, sealed)} reason:"…"`;
  return follows === undefined
    ? `Ask again: ${typed}.`
    : `Wardroom asks for it anew by itself; should no new request appear: ${typed}.`;
}

/** A value as it is typed after its key. */
export function typedValue(value: string): string {
  return /^[\w./@-]+$/.test(value) ? value : JSON.stringify(value);
}
