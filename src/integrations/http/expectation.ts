import { z } from "zod";
import { Datum, isSameDatum } from "../../domain/systems/exact.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import { Pointer } from "../../domain/systems/values.ts";

/** What a document has to hold, by JSON pointer. */
export const Expectation = z.record(Pointer, Datum);

/** Where a document is not as expected, in words. */
export function differences(document: unknown, expected: z.output<typeof Expectation>): string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const pointed = readPointer(document, path);
    return pointed.present && isSameDatum(pointed.value, value)
      ? []
      : [`${path} is ${describe(pointed)}, not ${describe({ present: true, value })}`];
  });
}
