import { input, password } from "@inquirer/prompts";
import { UserError } from "../domain/failure.ts";

/** Somebody at a terminal who can be asked for what is missing. */
export interface Prompt {
  /** Asks until the answer fits. A secret is not shown while it is typed. Rejects when the terminal is closed. */
  ask(question: PromptQuestion): Promise<string>;
}

export interface PromptQuestion {
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

async function ask({ title, where, secret = false, fits }: PromptQuestion): Promise<string> {
  for (let before = where; ; ) {
    // Words before the question are part of it: what is typed as soon as they stand there is read, and hidden if need be.
    const answer = (await readAnswer(`\n${before}\n${title}:`, secret)).trim();
    if (fits(answer)) return answer;
    before = answer === "" ? "Nothing was typed." : "That does not look like what is asked for.";
  }
}

async function readAnswer(message: string, secret: boolean): Promise<string> {
  const ending = new AbortController();
  // Reading pauses when it is over: with an answer, or because the terminal was closed, which the library waits out.
  const over = (): void => ending.abort();
  process.stdin.once("pause", over);
  try {
    const asked = { message, theme: { prefix: "" } };
    const context = { signal: ending.signal };
    return await (secret ? password({ ...asked, toggleMask: false }, context) : input(asked, context));
  } catch (error) {
    // Ctrl+C ends this as it ends everything else.
    if (error instanceof Error && error.name === "ExitPromptError") process.exit(130);
    throw ending.signal.aborted
      ? new UserError("Nothing was set up: the input ended.", "What was typed is not kept; start again.")
      : error;
  } finally {
    process.stdin.off("pause", over);
  }
}
