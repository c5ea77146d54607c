import { closeSync, fdatasync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

/** What did not wait for the disk is on it after so long at the most, ms: all of it together, while other commits go on. */
const syncAfterMs = 100;
/** Commits after which the log is copied into the file: about a thousand pages, as SQLite itself would. */
const copyEvery = 96;
/** How long after that the copying waits for a moment in which nobody does, ms. */
const copyAfterMs = 10;

/** What is done to the state's files beside the commits, so that none of them pays for it. */
export class Upkeep {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #idle: () => boolean;
  readonly #syncFile: (file: number) => Promise<void>;
  #log: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #unsynced = false;
  #stopped = false;
  #uncopied = 0;
  #copying: NodeJS.Timeout | undefined;

  /** `idle`: nobody waits for a commit. */
  constructor(
    database: DatabaseSync,
    parts: { readonly path: string; readonly idle: () => boolean; readonly syncFile?: (file: number) => Promise<void> },
  ) {
    this.#database = database;
    this.#path = parts.path;
    this.#idle = parts.idle;
    this.#syncFile = parts.syncFile ?? promisify(fdatasync);
  }

  /** So many commits were written, having waited for the disk or not. */
  written(commits: number, { waited }: { readonly waited: boolean }): void {
    if (!waited) {
      this.#unsynced = true;
      this.#syncSoon();
    }
    this.#uncopied += commits;
    if (this.#uncopied >= copyEvery) this.#copying ??= setTimeout(() => this.#copy(), copyAfterMs).unref();
  }

  /** The database may be closed once this has resolved. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#copying);
    clearTimeout(this.#timer);
    await this.#syncing;
    if (this.#unsynced) await this.#sync();
    if (this.#log !== undefined) closeSync(this.#log);
  }

  #syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#syncing = this.#sync();
    }, syncAfterMs).unref();
  }

  async #sync(): Promise<void> {
    this.#unsynced = false;
    try {
      this.#log ??= openSync(`${this.#path}-wal`, "r");
      await this.#syncFile(this.#log);
    } catch {
      // A disk that fails is told to the next commit that waits for it.
    }
    this.#timer = undefined;
    if (this.#unsynced && !this.#stopped) this.#syncSoon();
  }

  /** A millisecond or two that no commit has to pay for: done where nothing waits, and tried again where something does. */
  #copy(): void {
    this.#copying = undefined;
    if (!this.#idle()) return;
    this.#uncopied = 0;
    try {
      this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // As above; the log keeps what was not copied.
    }
  }
}
