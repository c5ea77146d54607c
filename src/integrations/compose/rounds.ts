import type { Look } from "../../domain/systems/reading.ts";
import { RoundMemory } from "../wire/round-memory.ts";
import { type Container, containersIn } from "./containers.ts";
import { askEngine, askEngineWhole } from "./engine.ts";
import { type Stack, stackOf } from "./stack.ts";
import { filesIn, type StackFiles } from "./stack-files.ts";

/** Asks each stack once a round, because every question starts a program. */
export class StackRounds {
  readonly #containers = new RoundMemory<readonly Container[]>();
  readonly #files = new RoundMemory<StackFiles>();

  /** Its containers, also those that do not run. Throws BackendError. */
  containers(stack: Stack, look: Look): Promise<readonly Container[]> {
    return this.#containers.once(look.round, keyOf(stack, look), () => readContainers(stack, look.deadlineMs));
  }

  /** What its files say. Throws BackendError. */
  files(stack: Stack, look: Look): Promise<StackFiles> {
    return this.#files.once(look.round, keyOf(stack, look), () => readStackFiles(stack, look.deadlineMs));
  }
}

/** The containers of a stack, also those that do not run. Throws BackendError. */
export async function readContainers(stack: Stack, timeoutMs: number): Promise<readonly Container[]> {
  const args = ["ps", "--all", "--no-trunc", "--format", "json"];
  return containersIn(stack, await askEngine(stack, { args, timeoutMs }));
}

/** What the files of a stack say. Throws BackendError. */
export async function readStackFiles(stack: Stack, timeoutMs: number): Promise<StackFiles> {
  return filesIn(stack, await askEngine(stack, { args: configArgs, timeoutMs }));
}

/** The variables that the files of a stack name and nothing sets: compose takes them as blank and only warns. Throws BackendError. */
export async function readUnset(stack: Stack, timeoutMs: number): Promise<readonly string[]> {
  const { stderr } = await askEngineWhole(stack, { args: configArgs, timeoutMs });
  return [...new Set([...stderr.matchAll(unsetVariable)].map(([, name = ""]) => name))];
}

const configArgs = ["config", "--format", "json"];
/** The quotes are escaped where the warning is a field of a line of a log. */
const unsetVariable = /\bThe \\?"([A-Za-z_][A-Za-z0-9_]*)\\?" variable is not set\b/g;

function keyOf(stack: Stack, { deadlineMs }: Look): string {
  return JSON.stringify([deadlineMs, stackOf(stack)]);
}
