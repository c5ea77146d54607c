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
  /** An incident can have a room of its own there. */
  readonly hasRooms: boolean;
  /** How much of a command its platform takes; left out where it takes anything. */
  readonly limits?: CommandLimits;
}

/** What is beyond these could not be registered on a platform, or not be asked for in a form. All but `name` are the most. */
export interface CommandLimits {
  readonly name: RegExp;
  /** Characters of the name of a command. */
  readonly commandName: number;
  readonly commands: number;
  readonly fields: number;
  /** Fields of one form. */
  readonly formFields: number;
  /** Characters of what a field is called, and of what is said about it. */
  readonly label: number;
  readonly help: number;
  readonly choices: number;
  /** Characters of one choice. */
  readonly choice: number;
  /** Characters of names, help and choices of one command together. */
  readonly whole: number;
}

/** What people call a surface; its id where it is not among those that are known. */
export function surfaceName(surfaces: readonly SurfaceTraits[], id: string): string {
  return surfaces.find((each) => each.id === id)?.name ?? id;
}
