import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UserError } from "../domain/failure.ts";

/** Somebody at a terminal who can be asked for what is missing. */
export interface Prompt {
  /** Asks until the answer fits. A secret is not shown while it is typed. Rejects when the terminal is closed. */
  ask(question: Question): Promise<string>;
}

export interface Question {
  /** What is wanted, and where it is to be found. */
  readonly title: string;
  readonly where: string;
  readonly secret?: boolean;
  readonly fits: (answer: string) => boolean;
}

/** Undefined where nobody sits: a script is told what is missing instead of waiting for ever. */
export function terminalPrompt(): Prompt | undefined {
  return process.stdin.isTTY && process.stdout.isTTY ? { ask } : undefined;
}

async function ask({ title, where, secret = false, fits }: Question): Promise<string> {
  hide(secret);
  process.stdout.write(`\n${where}\n`);
  for (;;) {
    const answer = (await readLine(`${title}: `, secret)).trim();
    if (fits(answer)) return answer;
    hide(secret);
    process.stdout.write(answer === "" ? "Nothing was typed.\n" : "That does not have its form.\n");
  }
}

/** The terminal itself shows what is typed before somebody reads it; a secret may be pasted as soon as it is spoken of. */
function hide(secret: boolean): void {
  if (secret) process.stdin.setRawMode(true);
}

async function readLine(words: string, secret: boolean): Promise<string> {
  if (secret) process.stdout.write(words);
  const ending = new AbortController();
  // readline shows what is typed by writing it; for a secret nothing of that reaches the terminal.
  const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stdout;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.once("SIGINT", () => process.exit(130));
  lines.once("close", () => ending.abort());
  try {
    return await lines.question(secret ? "" : words, { signal: ending.signal });
  } catch (error) {
    throw ending.signal.aborted ? new UserError("Broken off.", "What was typed so far is not kept.") : error;
  } finally {
    lines.close();
    if (secret) process.stdout.write("\n");
  }
}
