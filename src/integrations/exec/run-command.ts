import { open, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { StepCall } from "../../domain/systems/steps.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { isSecretName, redact } from "../../domain/text/redact.ts";
import { startedWith } from "../process/process-tree.ts";
import { type ProcessEnd, runProcess } from "../process/run-process.ts";
import { MissingSecret, type Secrets } from "../wire/secrets.ts";
import type { Shell } from "./shell.ts";

/** What programs are given besides their arguments: variables of the bot's environment, and credentials by reference. */
export interface Surroundings {
  readonly variable: (name: string) => string | undefined;
  readonly secrets: Secrets;
}

/** Where a program finds the idempotency key. */
const keyVariable = "WARDROOM_KEY";

/**
 * What still runs on this machine of a program that was given the key, in words; undefined for nothing that can be found. A bot
 * that is killed leaves its programs running, past any timeout.
 */
export async function stillRuns(key: string): Promise<string | undefined> {
  const pid = await startedWith(keyVariable, key);
  return pid === undefined ? undefined : `what was started for it still runs as process ${pid}`;
}

interface CommandCall {
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly mostBytes: number;
  /** The idempotency key, which the program finds in its variables. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called when everything is in place, before anything is started. What it throws keeps it from being started. */
  readonly beforeStart?: () => Promise<void>;
  /** Handed what tells its last lines, once it is to be started. */
  readonly follow?: StepCall["follow"];
}

/** How a command ended, and the last lines that it wrote, in the order in which they came. */
export type CommandEnd = ProcessEnd & { readonly lines: readonly string[] };

/** Lines that are kept to be told, and characters of all of them: what is told is masked anew each time that it is shown. */
const mostLines = 200;
const mostCharacters = 64_000;

/** Runs a command in its folder with nothing but the variables that its shell says. Never rejects. */
export async function runCommand(
  { variable, secrets }: Surroundings,
  shell: Shell,
  { command, timeoutMs, mostBytes, key, signal, beforeStart, follow }: CommandCall,
): Promise<CommandEnd> {
  if ("backend" in shell) return notStarted(`there is no backend ${shell.backend}`);
  const { cwd, user } = shell;
  const file = await programFault(command, cwd);
  if ("fault" in file) return notStarted(file.fault);
  const env: Record<string, string> = {};
  for (const name of shell.env) {
    const value = variable(name);
    if (value === undefined) continue;
    if (isSecretName(name)) rememberSecret(value);
    env[name] = value;
  }
  try {
    for (const [name, written] of Object.entries(shell.set))
      env[name] = /^(?:env:\w+|file:\/.+)$/.test(written) ? await secrets.read(written) : written;
    await beforeStart?.();
  } catch (error) {
    return notStarted(error instanceof MissingSecret || error instanceof NotBegun ? error.message : "it broke");
  }
  const lines: string[] = [];
  let characters = 0;
  follow?.(() => lastLines(lines));
  const end = await runProcess({
    file: file.path,
    args: command.slice(1),
    cwd,
    env: { ...env, ...(key !== undefined && { [keyVariable]: key }) },
    user,
    timeoutMs,
    mostBytes,
    signal,
    onLine(line) {
      lines.push(line);
      characters += line.length;
      while (lines.length > mostLines || (characters > mostCharacters && lines.length > 1))
        characters -= lines.shift()?.length ?? 0;
    },
  });
  return { ...end, lines };
}

function notStarted(why: string): CommandEnd {
  return { started: false, why, lines: [] };
}

/** Says why a command was not to be started; holds no secret. */
export class NotBegun extends Error {
  override name = "NotBegun";
}

/**
 * Where the program of a command is, or why it will not do: one that is named from the folder has to lie in it, links
 * followed, and a text without `#!` would be handed to a shell, an empty one with success.
 */
export async function programFault(
  [program = ""]: readonly string[],
  cwd: string,
): Promise<{ readonly path: string } | { readonly fault: string }> {
  const path = isAbsolute(program) ? program : join(cwd, program);
  // Whatever is not there is told by its start.
  const [folder, real] = await Promise.all([cwd, path].map((each) => realpath(each).catch(() => each)));
  if (!isAbsolute(program) && real?.startsWith(`${folder === "/" ? "" : folder}/`) !== true)
    return { fault: `${program} leads outside ${cwd}` };
  const head = await headOf(path);
  if (head !== undefined && !head.startsWith("#!") && !head.startsWith("\u007FELF") && !isMachO(head))
    return { fault: `${path} is no program: let its first line say what runs it, as #!/bin/sh` };
  return { path };
}

function isMachO(head: string): boolean {
  return /^(?:\xCF\xFA\xED\xFE|\xCA\xFE\xBA\xBE)/.test(head);
}

/** Undefined where it cannot be read: a program may be executable and not readable. */
async function headOf(path: string): Promise<string | undefined> {
  try {
    await using handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } catch {
    return undefined;
  }
}

const shownLines = 5;
const shownLength = 600;

/** The last lines that were written, fit for a card: masked as a whole, because a secret may stand over several. */
export function lastLines(lines: readonly string[]): string {
  const overwritten = lines.map((line) => line.split("\r").findLast((each) => each.trim() !== "") ?? "");
  const shown = redact(overwritten.join("\n"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(-shownLines)
    .join(" / ");
  return shown.length > shownLength ? `…${shown.slice(-shownLength)}` : shown;
}
