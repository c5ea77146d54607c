import { z } from "zod";

/** How other people and rules came into force without two people who agreed. */
export const AdoptedPolicy = z.object({
  /** `few`: fewer than two people could have agreed. `offline`: by whoever may write the store. */
  how: z.enum(["few", "offline"]),
  at: z.number(),
  /** The user of the operating system who did it; null when it happened as the files were read. */
  by: z.string().nullable(),
  /** What is other now, a line each. */
  changes: z.array(z.string()),
});
export type AdoptedPolicy = Readonly<z.output<typeof AdoptedPolicy>>;

/** A change of people and rules that the files ask for. Neither is known while its request is being opened. */
export interface WaitingPolicyChange {
  /** The code of the request that waits. */
  readonly code?: string;
  /** How the request ended, where it did and nothing came into force. */
  readonly ended?: string;
  /** Why nobody is asked: too few would be left to agree to what follows. */
  readonly refused?: string;
}
