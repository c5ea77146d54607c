import type { System } from "../../domain/systems/system.ts";
import type { PeopleFile, WardroomFile } from "../files.ts";
import type { Path } from "../problem.ts";
import type { SourceText } from "../source.ts";

/** What a file says, with the means to point at any of it. */
export interface Loaded<Content> {
  readonly source: SourceText;
  readonly value: Content;
  /** Where what was taken out of the file stands, because it does not hold to the schema. */
  readonly taken?: readonly Path[];
}

/** The files that could be read. A check that needs one that could not is left out, so one fault never shows as ten. */
export interface Files {
  readonly wardroom: Loaded<WardroomFile> | undefined;
  readonly people: Loaded<PeopleFile> | undefined;
  readonly systems: readonly Loaded<System>[];
  /** False when a system's file could not be read: a name that is not found may be that system's. */
  readonly everySystem: boolean;
}
