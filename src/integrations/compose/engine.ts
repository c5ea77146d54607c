import { BackendError, type BackendFault } from "../../domain/failure.ts";
import { showWait } from "../../domain/text/duration.ts";
import { redact } from "../../domain/text/redact.ts";
import { visibleText } from "../../domain/text/undisguise.ts";
import { type ProcessEnd, programPath, runProcess } from "../process/run-process.ts";
import { type Stack, stackName, stackOf } from "./stack.ts";

/** No stack tells more of itself than this, in bytes; logs are cut there. */
export const mostBytes = 16 << 20;

/** One call of the program, and how long it may take. */
export interface EngineCall {
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** A call of the engine itself, as of its volumes, and not of the project. */
  readonly ofEngine?: boolean;
}

/** What a call came to that was not well: what kind of failure, in words without secrets. */
export interface EngineFault {
  readonly fault: BackendFault;
  readonly said: string;
  /** Nothing can have happened: it was refused before anything was begun. */
  readonly before: boolean;
  /** It ended by itself and said so: the engine does not go on with it. */
  readonly over: boolean;
}

/** Runs docker compose with a stack's project, files and env file, argument by argument. Never rejects. */
export async function callEngine(stack: Stack, { args, timeoutMs, ofEngine = false }: EngineCall): Promise<ProcessEnd> {
  const { project, files, envFile, cwd, program, host, config } = stackOf(stack);
  const [file = "", ...words] = ofEngine ? engineOf(program) : program;
  const own = ofEngine
    ? []
    : [
        "--ansi",
        "never",
        "-p",
        project,
        ...files.flatMap((each) => ["-f", each]),
        ...(envFile === undefined ? [] : ["--env-file", envFile]),
      ];
  return runProcess({
    file,
    args: [...words, ...own, ...args],
    cwd,
    env: {
      PATH: programPath,
      ...(host !== undefined && { DOCKER_HOST: host }),
      ...(config !== undefined && { DOCKER_CONFIG: config }),
    },
    timeoutMs,
    mostBytes,
  });
}

/** Volumes are the engine's: `docker compose` is a part of `docker`, and `docker-compose` stands beside it. */
function engineOf(program: readonly string[]): readonly string[] {
  return program.at(-1) === "compose" ? program.slice(0, -1) : ["docker"];
}

/** What a call that has to succeed printed, without terminal codes. Throws BackendError. */
export async function askEngine(stack: Stack, call: EngineCall): Promise<string> {
  return (await askEngineWhole(stack, call)).stdout;
}

/** The same, with what it said beside that. Throws BackendError. */
export async function askEngineWhole(
  stack: Stack,
  call: EngineCall,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const end = await callEngine(stack, call);
  const fault = callFault(end, call);
  if (fault)
    throw new BackendError(stackName(stack), { fault: fault.fault, detail: fault.said, isUnstarted: !end.started });
  if (end.started && end.cut) throw nonsense(stack, "printed more than 16 MiB");
  return end.started
    ? { stdout: visibleText(end.stdout), stderr: visibleText(end.stderr) }
    : { stdout: "", stderr: "" };
}

/** An answer that is not what this program gives. */
export function nonsense(stack: Stack, said: string): BackendError {
  return new BackendError(stackName(stack), { fault: "nonsense", detail: `docker compose ${said}` });
}

/** What was not well about a call; undefined when it went well. */
export function callFault(end: ProcessEnd, { timeoutMs }: Pick<EngineCall, "timeoutMs">): EngineFault | undefined {
  if (!end.started)
    return { fault: "missing", said: `docker compose was not started: ${end.why}`, before: true, over: true };
  const open = { before: false, over: false };
  if (end.timedOut)
    return { fault: "timeout", said: `docker compose did not end within ${showWait(timeoutMs)}`, ...open };
  if (end.code === 0) return undefined;
  const text = visibleText(end.stderr);
  // One that was ended from outside was not refused, whatever it had said until then.
  if (end.code === null)
    return { fault: "broken", said: `docker compose was ended by ${end.signal ?? "a signal"}`, ...open };
  const over = !lostAmid.test(text);
  const known = knownFaults.find(([pattern]) => pattern.test(text));
  const last = lastWords(text) || `ended with ${end.code}`;
  // What it has begun it has told, line by line; an end of its output alone tells nothing of its begin.
  const before = known !== undefined && !end.cut && over && !begunLine.test(text);
  if (!known) return { fault: "broken", said: `docker compose failed: ${last}`, before: false, over };
  return { fault: known[1], said: known[2] ?? `docker compose refused: ${last}`, before, over };
}

/** `Container logos-api-1  Starting`, with one space or two and perhaps a sign before it; of a pull ` api Pulling`. */
const begunLine = /^\W*(?:(?:Container|Volume|Network|Image)\s+\S+\s+\w+|\S+\s+Pull(?:ing|ed)\b)/m;
/** The engine was reached, and what it made of the call was never heard. */
const lostAmid = /error during connect/i;

const knownFaults: readonly (readonly [RegExp, BackendFault, string?])[] = [
  [/permission denied while trying to connect/i, "unauthorised", "the bot's user may not use the engine of docker"],
  [/cannot connect to the docker daemon|error during connect/i, "unreachable", "the engine of docker does not answer"],
  [
    /unknown command: docker compose|'compose' is not a docker command|unknown shorthand flag: 'p' in -p|unknown flag: --ansi/,
    "missing",
    "this docker has no compose: install its plugin docker-compose",
  ],
  [/no such service|no such volume|volume is in use/i, "refused"],
  [/no such file or directory|couldn't find env file|yaml: |^validating |invalid interpolation/im, "refused"],
];

const longestSaid = 200;

function lastWords(text: string): string {
  // Masked before it is cut: what gives a secret away may stand in the line before it.
  const lines = redact(text)
    .split(/\r?\n/)
    .map((line) => line.trim());
  return (lines.findLast((line) => line !== "") ?? "").slice(0, longestSaid);
}
