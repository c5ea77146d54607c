/** Composition root: reads the command line and starts what it names. Each part loads only what it needs. */
import { readDotEnv } from "./config/environment.ts";
import { BackendError, UserError } from "./domain/failure.ts";

const usage = `Usage: wardroom <command>

  start                          run the bot; with no configuration, the demo
  ask "<command>" [--as <who>]   ask a running bot, or one started for this question; --json for programs
  check [folder]                 check a config folder without touching the network; --strict-env
  audit verify                   walk the journal's hash chain
  init [folder] --slack|--discord  a config to begin with, or one more platform; asks for what it needs
  slack manifest [--url <url>]   the manifest to make the Slack app from
  discord register               register the slash commands, print the invite link
  doctor                         look at everything that can be wrong, and what to do
  enrol <person>                 make a personal terminal token, written to the state folder

Without WARDROOM_CONFIG and without platform tokens it runs the demo. See .env.example for every variable.
`;

/** Runs one command line. Sets the exit code; never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    readDotEnv();
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = 1;
    const told = error instanceof UserError ? error : ordinaryMistake(error);
    if (!told) throw error;
    process.stderr.write(`${told.message}${told.remedy ? `\n${told.remedy}` : ""}\n`);
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

async function run([command, ...rest]: readonly string[]): Promise<number> {
  switch (rest.includes("--help") ? "help" : command) {
    case "start":
      return (await import("./compose/start.ts")).start();
    case "ask":
      return (await import("./cli/ask.ts")).ask(rest);
    case "check":
      return (await import("./cli/check.ts")).check(rest);
    case "audit":
      return (await import("./cli/audit.ts")).audit(rest);
    case "init":
      return (await import("./cli/init.ts")).init(rest);
    case "slack":
      return (await import("./cli/slack.ts")).slack(rest);
    case "discord":
      return (await import("./cli/discord.ts")).discord(rest);
    case "doctor":
      return (await import("./cli/doctor.ts")).doctor();
    case "enrol":
      return (await import("./cli/enrol.ts")).enrol(rest);
    case undefined:
    case "help":
    case "--help":
      process.stdout.write(usage);
      return 0;
    default:
      process.stderr.write(`There is no command ${command}.\n\n${usage}`);
      return 1;
  }
}
