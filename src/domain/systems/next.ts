import { z } from "zod";
import { Id } from "../people/person.ts";

/** What people do next: an operation of the same system, and what is to be known of it. */
const NextStep = z.strictObject({
  operation: Id,
  /** What it is asked for with, as it is typed; "…" for what people know by then. */
  arguments: z.record(z.string(), z.union([z.string().min(1).max(100), z.number()])).exactOptional(),
  text: z.string().min(1).max(200).optional(),
});

/** What comes next, in this order. Nothing of it is asked for by itself. */
export const Next = z.array(NextStep).min(1).max(5);
export type Next = z.output<typeof Next>;

/** Each as it is typed, with what is to be known of it. */
export function nextWords(system: string, next: Next): string[] {
  return next.map(({ operation, arguments: given = {}, text }) => {
    const values = Object.entries(given).map(([name, value]) => `${name}:${value} `);
    const typed = `run ${system} ${operation} ${values.join("")}reason:"…"`;
    return text === undefined ? typed : `${typed}: ${text}`;
  });
}
