/** Reads the command line and hands over to the subcommand that it names. Each loads only what it needs. */
import { optimiseLater } from "./cli/settle.ts";
import { readDotEnv } from "./config/environment.ts";
import { BackendError, UserError } from "./domain/failure.ts";
import { inert } from "./domain/text/inert.ts";
import { UnreadableRecord } from "./domain/unreadable.ts";

interface Subcommand {
  /** How it is written, its name first. */
  readonly usage: string;
  readonly summary: string;
  /** What else it takes, as typed, with what that does. */
  readonly flags?: readonly (readonly [typed: string, does: string])[];
  /** What is typed after its name, to copy. */
  readonly example: string;
  /** Answers the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** One entry a subcommand, in the order in which they are shown; each has its file in `src/cli/`. */
const subcommands: readonly Subcommand[] = [
  {
    usage: "start",
    summary: "run the bot; with no configuration, the demo",
    example: "start",
    run: async (args) => {
      if (args[0] !== undefined) throw new UserError(`start takes no ${args[0]}.`, "What it reads is in .env.example.");
      return (await import("./cli/start.ts")).start();
    },
  },
  {
    usage: 'ask "<command>" [--as <who>]',
    summary: "ask a running bot, or one started for this question; --json for programs",
    flags: [
      ["--as <who>", "whom to be; the demo alone"],
      ["--json", "one line of JSON, for programs"],
      ["--token-file <file>", "your personal token; a real bot asks for it"],
      ["--fail-on degraded|down", "exit code 2 where what is told is as bad: of status what is wrong, or not known"],
    ],
    example: 'ask "status alphapulse" --as ana',
    run: async (args) => (await import("./cli/ask.ts")).ask(args),
  },
  {
    usage: "check [folder]",
    summary: "check a config folder without touching the network; --without-env",
    flags: [["--without-env", "on another machine than the bot's: variables that are not set are warnings"]],
    example: "check /etc/wardroom",
    run: async (args) => (await import("./cli/check.ts")).check(args),
  },
  {
    usage: "route test '{…}'",
    summary:
      "where an alert with these labels would be told by the files, and why; route replay: what came in, by them",
    flags: [
      ["--at <time>", "03:00 in UTC, or 2026-11-28T03:00+01:00; now when left out"],
      ["--since <time>", "with route replay: how far back, 7d when left out"],
    ],
    example: `route test '{system="alphapulse", severity="critical"}' --at 03:00`,
    run: async (args) => (await import("./cli/route.ts")).routeCommand(args),
  },
  {
    usage: "reload",
    summary: "have the running bot take its files anew, whole or not at all; what is wrong is printed (exit code 1)",
    example: "reload",
    run: async (args) => (await import("./cli/reload.ts")).reload(args),
  },
  {
    usage: "audit verify",
    summary: "walk the journal's hash chain; --head <hash> that was noted elsewhere",
    flags: [["--head <hash>", "also has to hold this link, as a receipt or the last verify showed it"]],
    example: "audit verify --head 42:0123456789abcdef",
    run: async (args) => (await import("./cli/audit.ts")).auditJournal(args),
  },
  {
    usage: "policy diff | adopt --offline",
    summary: "what the files would change of people and rules; put them in force without two people, on record",
    flags: [["--offline", "for adopt: the bot is stopped, and it is on record and told to every operator channel"]],
    example: "policy diff",
    run: async (args) => (await import("./cli/policy.ts")).policy(args),
  },
  {
    usage: "init [folder] --slack|--discord",
    summary: "a config to begin with, or one more platform; asks for what it needs",
    flags: [
      ["--slack", "add Slack"],
      ["--discord", "add Discord"],
      ["--slack-user, --slack-channel <id>", "answers for a script"],
      ["--discord-user, --discord-channel <id>", "answers for a script"],
    ],
    example: "init /etc/wardroom --slack",
    run: async (args) => (await import("./cli/init.ts")).init(args),
  },
  {
    usage: "slack manifest [--url <url>]",
    summary: "the manifest to make the Slack app from",
    flags: [["--url <url>", "where Slack reaches this bot over HTTP; without it, a socket is used"]],
    example: "slack manifest",
    run: async (args) => (await import("./cli/slack.ts")).slack(args),
  },
  {
    usage: "discord register",
    summary: "register the slash commands, print the invite link",
    example: "discord register",
    run: async (args) => (await import("./cli/discord.ts")).discord(args),
  },
  {
    usage: "doctor",
    summary: "look at everything that can be wrong, and what to do",
    flags: [["--free-lock <system>", "write a lock that cannot be read anew from what is under way; on record"]],
    example: "doctor",
    run: async (args) => (await import("./cli/doctor.ts")).doctor(args),
  },
  {
    usage: "enrol <person>",
    summary: "make a personal terminal token and end the one before; --revoke only ends it",
    flags: [["--revoke", "end the token and make none"]],
    example: "enrol boris",
    run: async (args) => (await import("./cli/enrol.ts")).enrol(args),
  },
];

const asksHow: ReadonlySet<string> = new Set(["help", "--help", "-h"]);

const usage = `Usage: wardroom <command>

${columns(subcommands.map((each) => [each.usage, each.summary]))}

wardroom <command> --help tells its flags, with an example.

Without WARDROOM_CONFIG and without platform tokens it runs the demo. See .env.example for every variable.
`;

/** Runs one command line. Sets the exit code; never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  optimiseLater();
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
    const told = error instanceof UserError ? error : await ordinaryMistake(error);
    if (!told) throw error;
    process.stderr.write(inert(`${told.message}${told.remedy ? `\n${told.remedy}` : ""}\n`, { newlines: true }));
  }
}

/** What happens to everybody once is told in words: a folder that is not writable, a backend that does not run. */
async function ordinaryMistake(error: unknown): Promise<UserError | undefined> {
  if (error instanceof BackendError)
    return new UserError(
      `${error.message}.`,
      "Check that it runs and where it is; npx --no wardroom doctor says more.",
    );
  if (error instanceof UnreadableRecord) {
    const { policyKey } = await import("./records/policy.ts");
    return new UserError(
      `${error.message}.`,
      error.record === policyKey
        ? "Nobody can be let in by people and rules that cannot be read: start the release that wrote them, restore the store from a copy, or put the files in force with npx --no wardroom policy adopt --offline."
        : "Start the release that wrote it, or restore the store from a copy.",
    );
  }
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return undefined;
  if (!["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR", "ENOSPC"].includes(String(error.code))) return undefined;
  return new UserError(
    `${String(error.path)} cannot be used (${String(error.code)}).`,
    "Make it writable for the user who runs this, or name another folder in WARDROOM_STATE.",
  );
}

/** How one of them is used: `<name> --help`, or `help <name>`. */
function usageOf({ usage: typed, summary, flags = [], example }: Subcommand): string {
  const shown = flags.length === 0 ? "" : `\n${columns(flags)}\n`;
  return `Usage: wardroom ${typed}\n\n${summary}\n${shown}\nFor example: npx --no wardroom ${example}\n`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`).join("\n");
}

async function run([name, ...rest]: readonly string[]): Promise<number> {
  const wantsHelp = name === undefined || asksHow.has(name);
  const about = wantsHelp ? rest[0] : name;
  const named = subcommands.find((each) => each.usage.split(" ")[0] === about);
  if (wantsHelp || rest.some((word) => word !== "help" && asksHow.has(word))) {
    process.stdout.write(named ? usageOf(named) : usage);
    return 0;
  }
  if (named) return named.run(rest);
  process.stderr.write(`There is no command ${name}.\n\n${usage}`);
  return 1;
}
