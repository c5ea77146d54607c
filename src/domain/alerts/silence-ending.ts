import type { Silence } from "./silence.ts";

/** A silence that ends soon, while something that it keeps from people still fires: what people are told of it, once. */
export interface SilenceEnding extends Pick<Silence, "id" | "match" | "until" | "comment"> {
  /** Whoever made it, by name. */
  readonly by: string;
  /** The sender in whose Alertmanager it was made, where it was not made here. */
  readonly sender?: string;
  /** How many alerts it hides, and what the first of them say. */
  readonly count: number;
  readonly alerts: readonly string[];
  /** When people were told, store time in ms. */
  readonly at: number;
}
