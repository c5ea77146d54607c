import { z } from "zod";
import { Pointer, Scalar } from "../../domain/systems/values.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";

/** What a document has to hold, by JSON pointer. */
export const Expectation = z.record(Pointer, Scalar);

/** Where a document is not as expected, in words. */
export function differences(document: unknown, expected: z.output<typeof Expectation>): string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const pointed = readPointer(document, path);
    return pointed.present && pointed.value === value
      ? []
      : [`${path} is ${describe(pointed)}, not ${JSON.stringify(value)}`];
  });
}
