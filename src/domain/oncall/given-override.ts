import type { Override } from "./rotation.ts";

/** An override that somebody made in chat, times in ms. */
export interface GivenOverride extends Override {
  readonly id: string;
  readonly rotation: string;
  readonly by: { readonly person: string; readonly name: string };
  readonly at: number;
}
