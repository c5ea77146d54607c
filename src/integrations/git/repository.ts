import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { BackendError, type BackendFault } from "../../domain/failure.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { inert } from "../../domain/text/inert.ts";
import { redact } from "../../domain/text/redact.ts";
import { type ProcessEnd, programPath, runProcess } from "../process/run-process.ts";

/** A repository on this machine. It is only read: nothing is fetched and nothing is checked out. */
export const GitConnection = z.strictObject({
  /** The folder of the working tree, or of a bare repository: not one inside of it. */
  folder: z.string().startsWith("/", "the whole path of a folder"),
  /** Where git is, when not in one of the usual places. */
  program: z.string().startsWith("/", "the whole path of a program").optional(),
});
type GitConnection = z.output<typeof GitConnection>;

const Named = z.strictObject({ backend: z.string() });

/** A repository as it is said where it is asked: one of the system's backends by its name, or described there. */
type Place = z.output<typeof Named> | GitConnection;

/** What is asked of a repository. */
export function ofRepository<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), GitConnection.extend(shape)]);
}

/** The name by which failures and plans tell of a repository. */
export function repositoryName(place: Place): string {
  return `git ${"backend" in place ? place.backend : place.folder}`;
}

/** What git came to: what it wrote, and its words where it did not end well. */
interface GitAnswer {
  readonly code: number;
  readonly text: string;
  readonly said: string;
}

/** Tags of ten years stay below it, in bytes. */
const mostBytes = 8 << 20;

/** What a person's and a machine's own settings of git would change or run, and what would ask or fetch. */
const quiet = {
  PATH: programPath,
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  // A clone without all its objects would fetch what is asked for. Older git knows only the second.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
};

/** One repository during one look. */
export class Repository {
  readonly #place: GitConnection;
  readonly #folder: string;
  readonly #until: number;

  private constructor(place: GitConnection, folder: string, until: number) {
    this.#place = place;
    this.#folder = folder;
    this.#until = until;
  }

  /** Throws BackendError where the folder is not there. */
  static async open(place: Place, { deadlineMs }: Look): Promise<Repository> {
    // A name for which no backend stands is an exception: no file that says so is taken.
    if ("backend" in place) throw new Error(`no backend is called ${place.backend}`);
    const until = performance.now() + deadlineMs;
    const folder = await realpath(place.folder).catch(() => undefined);
    if (folder === undefined) {
      const detail = "the folder is not there: make it, or correct the path";
      throw new BackendError(repositoryName(place), { fault: "missing", detail });
    }
    return new Repository(place, folder, until);
  }

  /** What a command of git that only reads writes. Throws BackendError for any end but exit code 0. */
  async ask(args: readonly string[], input?: string): Promise<string> {
    const { code, text, said } = await this.answer(args, input);
    if (code !== 0) throw this.error("broken", said === "" ? `git ended with exit code ${code}` : said);
    return text;
  }

  /** The same where some exit codes are answers, too. Throws BackendError where it is not known what git would say. */
  async answer(args: readonly string[], input?: string): Promise<GitAnswer> {
    const end = await runProcess({
      file: this.#place.program ?? "git",
      args: [...this.#options(), ...args],
      cwd: this.#folder,
      // What lies around the folder is another repository than the one that was named.
      env: { ...quiet, GIT_CEILING_DIRECTORIES: dirname(this.#folder) },
      input,
      timeoutMs: Math.max(1, Math.floor(this.#until - performance.now())),
      mostBytes,
    });
    return this.#judged(end);
  }

  error(fault: BackendFault, detail: string): BackendError {
    return new BackendError(repositoryName(this.#place), { fault, detail });
  }

  #options(): string[] {
    return [
      "--no-pager",
      "--literal-pathspecs",
      ...[
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "protocol.allow=never",
        // The system's file names the folder, whoever owns it.
        `safe.directory=${this.#folder}`,
      ].flatMap((setting) => ["-c", setting]),
    ];
  }

  #judged(end: ProcessEnd): GitAnswer {
    if (!end.started) {
      const detail = `git was not started: ${end.why}`;
      throw new BackendError(repositoryName(this.#place), { fault: "missing", detail, isUnstarted: true });
    }
    if (end.timedOut) throw this.error("timeout", "git did not end in time");
    if (end.cut) throw this.error("nonsense", "git wrote more than 8 MiB");
    const said = words(end.stderr);
    if (end.code === null) throw this.error("broken", `git was ended by ${end.signal ?? "a signal"}`);
    if (/not a git repository/.test(end.stderr))
      throw this.error("missing", "is no repository of git: correct its folder, or clone it there");
    return { code: end.code, text: end.stdout, said };
  }
}

const longestSaid = 200;

/** The first thing that went wrong, without secrets and without anything that would not be seen. */
function words(stderr: string): string {
  const lines = redact(stderr)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const first = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? "";
  return inert(first.replace(/^(?:fatal|error): /, "")).slice(0, longestSaid);
}
