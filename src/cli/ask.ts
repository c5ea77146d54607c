import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { askForLines, askRunningBot, type DoorAddress, NoBotError } from "../bot/terminal/client.ts";
import type { TerminalAnswer } from "../bot/terminal/protocol.ts";
import { readStateOwner, StateTakenError } from "../compose/state-owner.ts";
import type { Environment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { inert, inertJson } from "../domain/text/inert.ts";
import { rememberSecret } from "../domain/text/known-secrets.ts";
import { environmentOrRefuse } from "./environment.ts";
import { type FailOn, failOnFrom, isFailure } from "./fail-on.ts";

/**
 * `wardroom ask "<command>" [--as <person>] [--json] [--token-file <file>] [--fail-on degraded|down]`. Exit code 1 when it was refused, failed or
 * not understood, 2 when it was answered and what it tells is as bad as `--fail-on` says.
 */
export async function ask(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const failOn: FailOn | undefined = failOnFrom(values["fail-on"]);
  const environment = environmentOrRefuse();
  const text = positionals.join(" ");
  if (text === "")
    throw new UserError("There is nothing to ask.", 'For example: npx --no wardroom ask "status" --as ana');
  // What a program reads as JSON stays JSON.
  const note = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const show = (answer: TerminalAnswer): void => {
    if (values.json) {
      const { outcome, request, card } = answer;
      process.stdout.write(`${inertJson(JSON.stringify({ outcome, ...(request && { request }), card }))}\n`);
      return;
    }
    process.stdout.write(inert(answer.text, { newlines: true }));
    for (const file of answer.files) process.stdout.write(`  saved ${saveFile(environment, file)}\n`);
  };
  const answer = await answerTo(environment, { text, as: values.as, tokenFile: values["token-file"], show, note });
  if (answer.outcome !== "answered") return 1;
  return isFailure(answer.card.tone, failOn) ? 2 : 0;
}

/** How often new lines of a log that is followed are asked for, ms. */
const followEveryMs = 1_000;

/** Asks, shows the answer, and prints the lines of a log that is followed as they come, until it ends. */
async function askAndShow(door: DoorAddress, { text, as, show }: Shown): Promise<TerminalAnswer> {
  const whose = as === undefined ? {} : { as };
  const answer = await askRunningBot(door, { text, ...whose });
  show(answer);
  if (answer.follows === undefined) return answer;
  for (let after = 0; ; await pause(followEveryMs)) {
    const news = await askForLines(door, { follows: answer.follows, after, ...whose }).catch((error: unknown) => {
      if (!(error instanceof NoBotError)) throw error;
      throw new Error("The bot has ended, and the log is followed no more.");
    });
    for (const line of news.lines) process.stdout.write(`${inert(line, { newlines: true })}\n`);
    after = news.after;
    if (news.ended === undefined) continue;
    process.stdout.write(`${inert(news.ended)}\n`);
    return answer;
  }
}

/** A question, and what shows its answer. */
interface Shown {
  readonly text: string;
  readonly as?: string;
  readonly show: (answer: TerminalAnswer) => void;
}

function readArguments(args: readonly string[]) {
  try {
    const options = {
      as: { type: "string" },
      json: { type: "boolean" },
      "token-file": { type: "string" },
      "fail-on": { type: "string" },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UserError(
      error instanceof Error ? error.message : "The arguments could not be read.",
      'Put the command in quotes: npx --no wardroom ask "logs <system> --level error" --as <who>',
    );
  }
}

interface Question extends Pick<Shown, "text" | "show"> {
  /** Tells what the answer has to be read with, before it. */
  readonly note: (line: string) => void;
  readonly as: string | undefined;
  readonly tokenFile: string | undefined;
}

/** How long another on the folder is waited for, ms: a bot that starts or ends, or a demo until its own question is answered. */
const patienceMs = 60_000;

async function answerTo(environment: Environment, asked: Question): Promise<TerminalAnswer> {
  if (!environment.production) {
    // Who shows a token means to be its owner, and the demo would take them for Ana.
    if (asked.tokenFile !== undefined)
      throw new UserError(
        "--token-file is for a real bot: in the demo nobody proves who they are.",
        "Say who you are with --as, or set WARDROOM_CONFIG as the real bot has it.",
      );
    return askDemo(environment, { ...asked, as: asked.as ?? "ana" }, asked.note);
  }
  if (asked.as !== undefined)
    throw new UserError(
      "--as is for the demo: here everyone speaks for themselves.",
      "Leave it out and give your token with --token-file.",
    );
  if (asked.tokenFile === undefined)
    throw new UserError(
      "This needs your personal token.",
      "An administrator makes one with: wardroom enrol <person>. Then add --token-file <file>.",
    );
  const token = readToken(asked.tokenFile);
  const at = doorOf(environment);
  const answer = at && (await asking({ at, token }, { text: asked.text, show: asked.show }));
  if (answer) return answer;
  throw environment.terminal === "tcp"
    ? new UserError(`No bot answers on port ${environment.port}.`, "Start it, or set PORT to where it listens.")
    : new UserError(
        `No bot answers on the state folder ${environment.stateFolder}.`,
        "Start it, or set WARDROOM_STATE to the folder that it runs on, as the user who runs it.",
      );
}

/** Where the door of the real bot is; undefined where none is open. */
function doorOf({ terminal, port, stateFolder }: Environment): DoorAddress["at"] | undefined {
  return terminal === "tcp" ? { port } : readStateOwner(stateFolder)?.door?.at;
}

function readToken(path: string): string {
  try {
    const token = readFileSync(path, "utf8").trim();
    rememberSecret(token);
    return token;
  } catch {
    throw new UserError(
      `The token file ${path} could not be read.`,
      "An administrator makes one with: npx --no wardroom enrol <person>.",
    );
  }
}

/** Undefined when nobody answers there. */
async function asking(door: DoorAddress, question: Shown): Promise<TerminalAnswer | undefined> {
  try {
    return await askAndShow(door, question);
  } catch (error) {
    if (error instanceof NoBotError) return undefined;
    throw new UserError(error instanceof Error ? error.message : "The running bot could not be asked.");
  }
}

/**
 * The bot on this state is the one to ask, wherever it listens. Only when the folder has no owner is a demo started, for this
 * question, and said so: its answers are not those of a bot that ran before.
 */
async function askDemo(environment: Environment, question: Shown, note: Question["note"]): Promise<TerminalAnswer> {
  for (const until = performance.now() + patienceMs; ; await pause(100)) {
    const owner = readStateOwner(environment.stateFolder);
    if (owner?.production)
      throw new UserError(
        `${environment.stateFolder} holds the state of a real bot.`,
        "Set WARDROOM_CONFIG as that bot has it and give your token with --token-file, or set WARDROOM_STATE to the demo's folder.",
      );
    // A demo that another question started ends with that one, and is none to ask.
    const door = owner?.forOneQuestion ? undefined : owner?.door;
    const answer = door && (await asking(door, question));
    if (answer) return answer;
    try {
      return await askInProcess(environment, question, note);
    } catch (error) {
      if (!(error instanceof StateTakenError) || performance.now() > until) throw error;
    }
  }
}

async function askInProcess(
  environment: Environment,
  question: Shown,
  note: Question["note"],
): Promise<TerminalAnswer> {
  const { startWardroom } = await import("../compose/start.ts");
  process.umask(0o077);
  const running = await startWardroom({ ...environment, port: 0, logLevel: "error" }, { forOneQuestion: true });
  try {
    note(
      `THROWAWAY DEMO: no bot runs on ${environment.stateFolder}, so a demo of its own answers and ends with this. Nothing real and nothing that runs is asked or changed. To start one: npm start`,
    );
    return await askAndShow(running.door, question);
  } finally {
    await running.stop();
  }
}

function saveFile(environment: Environment, file: TerminalAnswer["files"][number]): string {
  const folder = join(environment.stateFolder, "files");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, file.name.replaceAll(/[^\w.-]/g, "_"));
  writeFileSync(path, Buffer.from(file.base64, "base64"), { mode: 0o600 });
  return path;
}
