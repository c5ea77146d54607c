import { z } from "zod";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";

/** Why nothing proves which system a backend is. */
export const Unproven = z.strictObject({ none: z.string().min(10).max(300) });

/** A backend that a system's file declares: how it is reached, and what proves which system answers there. */
export const Declared = z.strictObject({
  kind: z.string(),
  connection: z.record(z.string(), z.json()),
  /** Asked before anything is changed through it. */
  identity: z.union([Source, Unproven]).exactOptional(),
});
export type Declared = z.output<typeof Declared>;

/** Something that proves who answers. */
export interface Proof {
  /** Whose it is, in words. */
  readonly of: string;
  readonly source: Source;
}

/** What proves who answers for a system where it is reached through these backends; through all of them when left out. */
export function proofsOf(
  { identity, backends = {} }: System,
  through: readonly string[] = Object.keys(backends),
): Proof[] {
  const declared = through.flatMap((name): Proof[] => {
    const proof = backends[name]?.identity;
    return proof && "backend" in proof ? [{ of: `the backend ${name}`, source: proof }] : [];
  });
  return [...(identity ? [{ of: "the system", source: identity }] : []), ...declared];
}
