import type { Look } from "../../domain/systems/reading.ts";
import { type Container, containersIn } from "./containers.ts";
import { askEngine } from "./engine.ts";
import { type Stack, stackOf } from "./stack.ts";
import { filesIn, type StackFiles } from "./stack-files.ts";

interface Asked {
  readonly containers: Map<string, Promise<readonly Container[]>>;
  readonly files: Map<string, Promise<StackFiles>>;
}

/** Asks each stack once a round, because every question starts a program. A round is forgotten with whoever looked. */
export class StackRounds {
  readonly #asked = new WeakMap<object, Asked>();

  /** Its containers, also those that do not run. Throws BackendError. */
  containers(stack: Stack, look: Look): Promise<readonly Container[]> {
    return once(this.#of(look).containers, { stack, look }, () => readContainers(stack, look.deadlineMs));
  }

  /** What its files say. Throws BackendError. */
  files(stack: Stack, look: Look): Promise<StackFiles> {
    return once(this.#of(look).files, { stack, look }, () => readStackFiles(stack, look.deadlineMs));
  }

  #of({ round }: Look): Asked {
    const asked = this.#asked.get(round) ?? { containers: new Map(), files: new Map() };
    this.#asked.set(round, asked);
    return asked;
  }
}

/** The containers of a stack, also those that do not run. Throws BackendError. */
export async function readContainers(stack: Stack, timeoutMs: number): Promise<readonly Container[]> {
  const args = ["ps", "--all", "--no-trunc", "--format", "json"];
  return containersIn(stack, await askEngine(stack, { args, timeoutMs }));
}

/** What the files of a stack say. Throws BackendError. */
export async function readStackFiles(stack: Stack, timeoutMs: number): Promise<StackFiles> {
  return filesIn(stack, await askEngine(stack, { args: ["config", "--format", "json"], timeoutMs }));
}

function once<Answer>(
  asked: Map<string, Promise<Answer>>,
  { stack, look }: { readonly stack: Stack; readonly look: Look },
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const key = JSON.stringify([look.deadlineMs, stackOf(stack)]);
  const asking = asked.get(key) ?? ask();
  asked.set(key, asking);
  return asking;
}
