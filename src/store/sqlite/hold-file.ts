import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** How long another may look whether the file is held before that counts as holding it, ms. */
const patienceMs = 1_000;

/** A file that this process alone holds. The system lets go of it when the process ends, however it ends. */
export interface HeldFile {
  release(): void;
}

/**
 * Holds a file for as long as the process lives, made when it is not there. Undefined when another holds it. SQLite's lock
 * is used because it is at hand, works in one process as between two, and leaves nothing stale behind a kill.
 */
export function holdFile(path: string): HeldFile | undefined {
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: patienceMs });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/.test(error.message)) return undefined;
    throw error;
  }
}
