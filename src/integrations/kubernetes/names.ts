import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText, type Placeholder, type PlanValues } from "../../domain/systems/placeholders.ts";
import { KubeName } from "./connection.ts";

/** A name, or `{service}`: an argument of the operation, or something that was read. */
export const NameWritten = z
  .string()
  .refine(
    (text) => argumentsIn(text).length > 0 || KubeName.safeParse(text).success,
    "a name of Kubernetes is small letters, digits, - and .",
  );

/** What texts refer to. A name stands in an address, so that it can never be left out. */
export function placeholdersOf(texts: readonly unknown[], inAddress: boolean): Placeholder[] {
  return texts.flatMap(argumentsIn).map((name) => ({ name, inAddress }));
}

/** A name with its arguments in place. Throws UserError for what is none then. */
export function fillName(written: string, values: PlanValues): string {
  const name = KubeName.safeParse(textOfDatum(fillText(written, values)));
  if (name.success) return name.data;
  throw new UserError(`${written} comes to what is no name of Kubernetes, so nothing was planned.`);
}
