import { closeSync, fdatasync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { CopyThread } from "./copy-thread.ts";
import { busyTimeoutMs } from "./database.ts";

/** What did not wait for the disk is on it after so long at the most, ms: all of it together, while other commits go on. */
const syncAfterMs = 100;
/** Commits after which the log is copied into the file: about a thousand pages, as SQLite itself would. */
const copyEvery = 96;
/** No commit for so long is a quiet moment, in which copying holds up nobody, ms. */
const quietMs = 100;
/** How long a quiet moment is waited for before a thread of its own copies, ms. */
const patienceMs = 250;

/** What is done to the state's files beside the commits, so that none of them pays for it. */
export class Upkeep {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #thread: Pick<CopyThread, "copy" | "stop">;
  readonly #syncFile: (file: number) => Promise<void>;
  #log: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #unsynced = false;
  #stopped = false;
  #uncopied = 0;
  /** When a commit was last written. */
  #writtenAt = 0;
  /** Since when copying is due. */
  #dueAt = 0;
  #looking: NodeJS.Timeout | undefined;
  #copying: Promise<void> = Promise.resolve();

  /** `thread` copies where there is no quiet moment. */
  constructor(
    database: DatabaseSync,
    parts: {
      readonly path: string;
      readonly thread?: Pick<CopyThread, "copy" | "stop">;
      readonly syncFile?: (file: number) => Promise<void>;
    },
  ) {
    this.#database = database;
    this.#path = parts.path;
    this.#thread = parts.thread ?? new CopyThread(parts.path);
    this.#syncFile = parts.syncFile ?? promisify(fdatasync);
  }

  /** So many commits were written, having waited for the disk or not. */
  written(commits: number, { waited }: { readonly waited: boolean }): void {
    if (!waited) {
      this.#unsynced = true;
      this.#syncSoon();
    }
    this.#uncopied += commits;
    this.#writtenAt = performance.now();
    if (this.#uncopied < copyEvery || this.#looking) return;
    this.#dueAt = this.#writtenAt;
    this.#look();
  }

  /** The database may be closed once this has resolved. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#looking);
    clearTimeout(this.#timer);
    await Promise.all([this.#syncing, this.#copying]);
    await this.#thread.stop();
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

  /** Until there is a quiet moment, in which all of the log is copied. */
  #look(): void {
    this.#looking = setTimeout(() => {
      const now = performance.now();
      if (now - this.#writtenAt >= quietMs) return this.#copy();
      const overdue = this.#uncopied >= copyEvery && now - this.#dueAt >= patienceMs;
      if (overdue) this.#copying = this.#copyBeside();
      else this.#look();
    }, quietMs).unref();
  }

  /**
   * Some milliseconds, most of them waiting for the disk, that no commit has to pay for. The log is emptied too: what is
   * written over in it would first have to be read, where the system no longer has it in memory.
   */
  #copy(): void {
    this.#looking = undefined;
    this.#uncopied = 0;
    try {
      this.#database.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // As above, or another process is at the file; the log keeps what was not copied.
    }
    this.#database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }

  /** What is written meanwhile is left in the log, so a quiet moment is looked for all the same. */
  async #copyBeside(): Promise<void> {
    this.#uncopied = 0;
    // A thread that cannot be started is tried again the next time; the log keeps what was not copied.
    await this.#thread.copy().catch(() => {});
    this.#dueAt = performance.now();
    if (!this.#stopped) this.#look();
  }
}
