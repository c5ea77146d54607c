import { z } from "zod";
import { counted } from "./text/quantities.ts";

/** Records whose key holds what only one person may see: a code that links an account. */
const secretKey = /^link-code\//;

/**
 * A record of the store that this release cannot read: damaged, changed by something else than Wardroom, or of a later release.
 * It is left as it is. Never a person's fault, so it is no UserError: what stands on it fails, and everything else goes on.
 */
export class UnreadableRecord extends Error {
  override readonly name = "UnreadableRecord";
  /** The record by its key, for whoever runs Wardroom. */
  readonly record: string;
  constructor(key: string, cause: unknown) {
    const record = secretKey.test(key) ? "link-code" : key;
    super(`the record ${record} cannot be read: ${whyUnreadable(cause)}`);
    this.record = record;
  }
}

/** What was read of a list of records, each by itself: one that cannot be read hides no other, and is named. */
export interface Listed<Record> {
  readonly found: readonly Record[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** What a process that is gone left behind, as whoever comes next found it. */
export interface LeftBehind {
  /** How much of it is gone on with. */
  readonly count: number;
  readonly unreadable: readonly UnreadableRecord[];
}

/** More names than this are no help in a sentence. */
const mostNamed = 5;

/** `2 records cannot be read: request/a, run/b`. */
export function unreadableWords(unreadable: readonly UnreadableRecord[]): string {
  const named = unreadable.slice(0, mostNamed).map(({ record }) => record);
  const more = unreadable.length - named.length;
  return `${counted(unreadable.length, "record")} cannot be read: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What does not fit, in words without what the record holds. */
function whyUnreadable(cause: unknown): string {
  if (cause instanceof z.ZodError)
    return cause.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.map(String).join(".") || "its form"}: ${message}`)
      .join("; ");
  return cause instanceof Error && !(cause instanceof SyntaxError) ? cause.message : "it is not what is kept there";
}
