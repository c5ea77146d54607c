import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { askRunningBot, NoBotError } from "../bot/terminal/client.ts";
import type { TerminalAnswer } from "../bot/terminal/protocol.ts";
import { readDoorFile } from "../compose/door-file.ts";
import type { Environment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom ask "<command>" [--as <person>] [--json] [--token-file <file>]`. Exit code 1 when it was refused, failed or not understood. */
export async function ask(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const environment = environmentOrRefuse();
  const text = positionals.join(" ");
  if (text === "")
    throw new UserError("There is nothing to ask.", 'For example: npx --no wardroom ask "status" --as ana');
  const answer = await answerTo(environment, { text, as: values.as, tokenFile: values["token-file"] });
  const code = answer.outcome === "answered" ? 0 : 1;
  if (values.json) {
    const { outcome, request, card } = answer;
    process.stdout.write(`${JSON.stringify({ outcome, ...(request && { request }), card })}\n`);
    return code;
  }
  process.stdout.write(answer.text);
  for (const file of answer.files) process.stdout.write(`  saved ${saveFile(environment, file)}\n`);
  return code;
}

function readArguments(args: readonly string[]) {
  try {
    const options = { as: { type: "string" }, json: { type: "boolean" }, "token-file": { type: "string" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UserError(
      error instanceof Error ? error.message : "The arguments could not be read.",
      'Put the command in quotes: npx --no wardroom ask "logs <system> --level error" --as <who>',
    );
  }
}

interface Question {
  readonly text: string;
  readonly as: string | undefined;
  readonly tokenFile: string | undefined;
}

async function answerTo(environment: Environment, asked: Question): Promise<TerminalAnswer> {
  if (environment.production) {
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
    return askWithToken(environment.port, asked.text, readToken(asked.tokenFile));
  }
  const as = asked.as ?? "ana";
  const door = readDoorFile(environment.stateFolder);
  // The bot on this state is the one to ask, wherever it listens: a second one would take its place.
  if (door) {
    try {
      return await askRunningBot({ port: door.port, token: door.token }, { text: asked.text, as });
    } catch (error) {
      if (error instanceof NoBotError) return askInProcess(environment, asked.text, as);
      throw new UserError(error instanceof Error ? error.message : "The running bot could not be asked.");
    }
  }
  return askInProcess(environment, asked.text, as);
}

function readToken(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    throw new UserError(
      `The token file ${path} could not be read.`,
      "An administrator makes one with: npx --no wardroom enrol <person>.",
    );
  }
}

async function askWithToken(port: number, text: string, token: string): Promise<TerminalAnswer> {
  try {
    return await askRunningBot({ port, token }, { text });
  } catch (error) {
    if (error instanceof NoBotError)
      throw new UserError(`No bot answers on port ${port}.`, "Start it, or set PORT to where it listens.");
    throw new UserError(error instanceof Error ? error.message : "The running bot could not be asked.");
  }
}

/** No demo is running: one is started for this question and stopped again. */
async function askInProcess(environment: Environment, text: string, as: string): Promise<TerminalAnswer> {
  const { startWardroom } = await import("../compose/start.ts");
  const running = await startWardroom({ ...environment, port: 0, logLevel: "error" });
  try {
    const door = readDoorFile(environment.stateFolder);
    if (!door) throw new Error("the demo started without saying where it is");
    return await askRunningBot({ port: door.port, token: door.token }, { text, as });
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
