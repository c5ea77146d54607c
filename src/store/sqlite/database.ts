import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UserError } from "../../domain/failure.ts";
import { genesis } from "../chain.ts";
import { applicationId, format, schema } from "./schema.ts";

/** How long a writer waits for another process on the same file before it gives up. */
export const busyTimeoutMs = 5_000;
/** Pages of the log at which a commit copies them into the file itself: only when no quiet moment was found for it before. */
const checkpointPages = 8_000;

/** Opens or creates the state. Throws a UserError that names the path when the file is not a sound state of ours. */
export function openDatabase(path: string): DatabaseSync {
  const database = openFile(path);
  try {
    database.exec(
      `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${checkpointPages};`,
    );
    useWriteAheadLog(database);
    // IMMEDIATE, so that two processes starting on one new file do not both create it.
    database.exec("BEGIN IMMEDIATE");
    try {
      prepareFile(database, path);
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
    return database;
  } catch (error) {
    database.close();
    throw error instanceof UserError ? error : unreadable(path, error);
  }
}

/**
 * SQLite does not wait for others when it changes the journal's mode or recovers it after a kill, whatever the timeout
 * says; so we do.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  const until = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!/locked|busy/.test(words(error)) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function openFile(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Created here because SQLite would let the group and the world read it.
    closeSync(openSync(path, "a", 0o600));
    return new DatabaseSync(path);
  } catch (error) {
    throw new UserError(
      `The state file ${path} cannot be opened: ${words(error)}.`,
      "Check that the folder exists and may be written, or name another in WARDROOM_STATE.",
    );
  }
}

function prepareFile(database: DatabaseSync, path: string): void {
  const id = pragma(database, "application_id");
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"];
  if (id === 0 && tables === 0) {
    create(database);
    return;
  }
  if (id !== applicationId) {
    throw new UserError(
      `${path} is an SQLite file of another program.`,
      "Name another file or folder in WARDROOM_STATE.",
    );
  }
  const written = pragma(database, "user_version");
  if (written > format) {
    throw new UserError(
      `${path} was written by a newer release (format ${written}, this one reads up to ${format}).`,
      "Start the newer release, or restore a state from before the upgrade.",
    );
  }
  const check = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (check !== "ok") throw new Error(String(check));
}

function create(database: DatabaseSync): void {
  database.exec(`${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${format};`);
  database.prepare("INSERT INTO head VALUES(1, ?, ?)").run(genesis.seq, genesis.hash);
  database.prepare("INSERT INTO meta VALUES('epoch', ?)").run(randomUUID());
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError(
    `The state file ${path} is damaged or not a state file: ${words(error)}.`,
    "Restore it from a backup, or move it away to start with an empty state.",
  );
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
