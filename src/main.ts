/** Reads the command line and hands over to the subcommand that it names. Each loads only what it needs. */
import { readDotEnv } from "./config/environment.ts";
import { BackendError, UserError } from "./domain/failure.ts";
import { inert } from "./domain/text/inert.ts";

interface Subcommand {
  /** How it is written, its name first. */
  readonly usage: string;
  readonly summary: string;
  /** Answers the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** One entry a subcommand, in the order in which they are shown; each has its file in `src/cli/`. */
const subcommands: readonly Subcommand[] = [
  {
    usage: "start",
    summary: "run the bot; with no configuration, the demo",
    run: async () => (await import("./cli/start.ts")).start(),
  },
  {
    usage: 'ask "<command>" [--as <who>]',
    summary: "ask a running bot, or one started for this question; --json for programs",
    run: async (args) => (await import("./cli/ask.ts")).ask(args),
  },
  {
    usage: "check [folder]",
    summary: "check a config folder without touching the network; --strict-env",
    run: async (args) => (await import("./cli/check.ts")).check(args),
  },
  {
    usage: "audit verify",
    summary: "walk the journal's hash chain; --head <hash> that was noted elsewhere",
    run: async (args) => (await import("./cli/audit.ts")).auditJournal(args),
  },
  {
    usage: "policy diff | adopt --offline",
    summary: "what the files would change of people and rules; put them in force without two people, on record",
    run: async (args) => (await import("./cli/policy.ts")).policy(args),
  },
  {
    usage: "init [folder] --slack|--discord",
    summary: "a config to begin with, or one more platform; asks for what it needs",
    run: async (args) => (await import("./cli/init.ts")).init(args),
  },
  {
    usage: "slack manifest [--url <url>]",
    summary: "the manifest to make the Slack app from",
    run: async (args) => (await import("./cli/slack.ts")).slack(args),
  },
  {
    usage: "discord register",
    summary: "register the slash commands, print the invite link",
    run: async (args) => (await import("./cli/discord.ts")).discord(args),
  },
  {
    usage: "doctor",
    summary: "look at everything that can be wrong, and what to do",
    run: async () => (await import("./cli/doctor.ts")).doctor(),
  },
  {
    usage: "enrol <person>",
    summary: "make a personal terminal token and end the one before; --revoke only ends it",
    run: async (args) => (await import("./cli/enrol.ts")).enrol(args),
  },
];

const usage = `Usage: wardroom <command>

${subcommands.map((each) => `  ${each.usage.padEnd(29)}  ${each.summary}`).join("\n")}

Without WARDROOM_CONFIG and without platform tokens it runs the demo. See .env.example for every variable.
`;

/** Runs one command line. Sets the exit code; never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  // Whoever reads no further, as `head` does, has what they wanted.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    readDotEnv();
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = 1;
    const told = error instanceof UserError ? error : ordinaryMistake(error);
    if (!told) throw error;
    process.stderr.write(inert(`${told.message}${told.remedy ? `\n${told.remedy}` : ""}\n`, { newlines: true }));
  }
}

/** What happens to everybody once is told in words: a folder that is not writable, a backend that does not run. */
function ordinaryMistake(error: unknown): UserError | undefined {
  if (error instanceof BackendError)
    return new UserError(
      `${error.message}.`,
      "Check that it runs and where it is; npx --no wardroom doctor says more.",
    );
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return undefined;
  if (!["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR", "ENOSPC"].includes(String(error.code))) return undefined;
  return new UserError(
    `${String(error.path)} cannot be used (${String(error.code)}).`,
    "Make it writable for the user who runs this, or name another folder in WARDROOM_STATE.",
  );
}

async function run([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || ["help", "--help"].includes(name) || rest.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const named = subcommands.find((each) => each.usage.split(" ")[0] === name);
  if (named) return named.run(rest);
  process.stderr.write(`There is no command ${name}.\n\n${usage}`);
  return 1;
}
