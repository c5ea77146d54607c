import type { AlertBatch } from "./reported-alert.ts";
import type { ToldEntry } from "./told-alert.ts";

/** Something that was posted as an alert and could not be used. */
export interface Letter {
  readonly sender: string;
  /** Its place in its batch; left out of a body of which nothing could be read. */
  readonly place?: number;
  /** Its beginning, as it came but for what looks like a secret. */
  readonly text: string;
}

/** What a post tells, in the form that its sender's have. */
export type PostRead =
  | { readonly batch: AlertBatch }
  | { readonly told: readonly ToldEntry[] }
  | { readonly unusable: string };

/** Reads what was put in quarantine as its sender's posts are read now. */
export interface PostReader {
  again(letter: Letter): PostRead;
}
