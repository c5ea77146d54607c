import { z } from "zod";

/** Where people talk to Wardroom, known by its id alone. Which there are is known to the composition, and to nobody else. */
export const SurfaceId = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** What the rest of Wardroom has to know of a surface. */
export interface SurfaceTraits {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** A message stands there until it is edited. Otherwise an answer is shown once, and nothing is owed to the place. */
  readonly keepsMessages: boolean;
  /**
   * `platform`: the accounts are a platform's own. Anybody may write from one, so it is linked to a person, and the
   * platform vouches for it. `given`: whoever runs the bot hands them out.
   */
  readonly accounts: "platform" | "given";
  /** Its accounts are in groups that a role may be given to. */
  readonly hasGroups: boolean;
}

/** What people call a surface; its id where it is not among those that are known. */
export function surfaceName(surfaces: readonly SurfaceTraits[], id: string): string {
  return surfaces.find((each) => each.id === id)?.name ?? id;
}
