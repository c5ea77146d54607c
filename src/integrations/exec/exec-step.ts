import { z } from "zod";
import type { StepCall, StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { parseDuration, showWait } from "../../domain/text/duration.ts";
import { CommandWords, commandPlaceholders, fillCommand, showCommand, Timeout } from "./command.ts";
import { type Receipt, readReceipt, recordBegun, recordEnded } from "./receipt.ts";
import { type CommandEnd, lastLines, NotBegun, runCommand, type Surroundings, stillRuns } from "./run-command.ts";
import { AbsolutePath, ofShell } from "./shell.ts";

/** What an exit code says: it is done, it changed nothing, or nobody knows. */
const Outcome = z.enum(["done", "refused", "unknown"]);
const Exits = z.record(
  z.string().regex(/^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]|other)$/, "an exit code from 0 to 255, or other"),
  Outcome,
);
type Exits = z.output<typeof Exits>;

const Probe = z.strictObject({
  /** Asked with the same WARDROOM_KEY whether that took effect. It only reads. */
  command: CommandWords,
  exits: Exits.default({}),
});

const ExecStep = ofShell({
  command: CommandWords,
  timeout: Timeout.default("1m"),
  /** Exit codes that are not 0: `refused` is for those that say that nothing was changed. */
  exits: Exits.default({}),
  /** A folder, marked by a file `.wardroom-receipts`, in which is kept, by idempotency key, that it was begun and how it ended. */
  receipt: AbsolutePath.optional(),
  probe: Probe.optional(),
});
type ExecStep = z.output<typeof ExecStep>;

const OneWay = ExecStep.refine(
  ({ receipt, probe }) => receipt === undefined || probe === undefined,
  "keep receipt or probe: each tells alone whether it happened",
);

/** Output that is kept, in bytes: a card shows its last lines. */
const mostBytes = 64_000;
/** What ending a program may take beyond its timeout, in ms. */
const endingMs = 6_000;
/** Short, because the executor asks while its lease on the run is running. */
const probeTimeoutMs = 3_000;

/** Runs a program that changes something, once for each idempotency key. */
export function execStep(surroundings: Surroundings): StepKindOf<ExecStep> {
  return {
    kind: "exec",
    key: "exec",
    schema: OneWay,
    does: "changes",
    placeholders: ({ command, probe }) => [command, probe?.command ?? []].flatMap(commandPlaceholders),
    resolve: ({ command, probe, ...rest }, values) => ({
      ...rest,
      command: fillCommand(command, values),
      ...(probe && { probe: { ...probe, command: fillCommand(probe.command, values) } }),
    }),
    describe: describeStep,
    budgetMs: ({ timeout }) => parseDuration(timeout) + endingMs,
    run: (step, call) => carryOut(surroundings, step, call),
    probe: (step, key) => lookUp(surroundings, step, key),
    stillRuns: async (_step, key) => stillRuns(key),
    canProbe: ({ receipt, probe }) => receipt !== undefined || probe !== undefined,
    probeRemedy:
      "Add `receipt:`, a folder in which Wardroom keeps account of it, or `probe: { command: […] }` for a program that keeps account itself.",
  };
}

function describeStep(step: ExecStep): string {
  if ("backend" in step) return showCommand(step.command);
  return `${showCommand(step.command)} in ${step.cwd}${step.user === undefined ? "" : ` as ${step.user}`}`;
}

async function carryOut(
  surroundings: Surroundings,
  step: ExecStep,
  { key, follow }: Pick<StepCall, "key" | "follow">,
): Promise<StepEnd> {
  const { command, timeout, exits, receipt } = step;
  const record = { isBegun: false, isOld: false };
  const end = await runCommand(surroundings, step, {
    command,
    key,
    timeoutMs: parseDuration(timeout),
    mostBytes,
    follow,
    async beforeStart() {
      if (receipt === undefined) return;
      record.isBegun = await recordBegun(receipt, key);
      record.isOld = !record.isBegun;
      if (record.isOld) throw new NotBegun("it was begun before");
    },
  });
  // Once only: what is on record then says how it stands.
  if (record.isOld) return lookUp(surroundings, step, key);
  const code = end.started ? endCode(end) : "never";
  if (receipt !== undefined && record.isBegun && code !== undefined) await recordEnded(receipt, key, code);
  return end.started
    ? { outcome: code === undefined ? "unknown" : meaningOf(String(code), exits), detail: endWords(end, timeout) }
    : { outcome: "refused", detail: end.why };
}

type Ended = Extract<CommandEnd, { started: true }>;

/** Undefined where it says nothing of what was done: it was ended, or what it left to be done was. */
function endCode({ timedOut, code, left }: Ended): number | undefined {
  return timedOut || left || code === null ? undefined : code;
}

function meaningOf(code: string, exits: Exits): StepEnd["outcome"] {
  if (code === "never") return "refused";
  return exits[code] ?? (code === "0" ? "done" : (exits["other"] ?? "unknown"));
}

function endWords(end: Ended, timeout: string): string {
  const said = lastLines(end.lines);
  const left = end.left ? ", and left processes behind, which were ended" : "";
  return `${howEnded(end, timeout)}${left}${said === "" ? "" : `: ${said}`}`;
}

function howEnded({ timedOut, code, signal }: Ended, timeout: string): string {
  if (timedOut)
    return `not done after ${showWait(parseDuration(timeout))}, so it was ended with all that it had started`;
  return code === null ? `ended by ${signal ?? "a signal"}` : `exit code ${code}`;
}

/** What is on record of the key, or what the probe says of it: of what still runs that is not the last word. */
async function lookUp(surroundings: Surroundings, step: ExecStep, key: string): Promise<StepEnd> {
  const { receipt, probe, exits } = step;
  const runs = await stillRuns(key);
  if (receipt !== undefined)
    return fromReceipt({ found: await readReceipt(receipt, key), folder: receipt, exits, runs });
  if (runs !== undefined) return { outcome: "unknown", detail: runs };
  if (!probe) return { outcome: "unknown", detail: "the program cannot be asked whether it happened" };
  const call = { command: probe.command, key, timeoutMs: probeTimeoutMs, mostBytes };
  const end = await runCommand(surroundings, step, call);
  if (!end.started) return { outcome: "unknown", detail: end.why };
  const words = `${showCommand(probe.command)}: ${endWords(end, `${probeTimeoutMs}ms`)}`;
  const code = endCode(end);
  return { outcome: code === undefined ? "unknown" : meaningOf(String(code), probe.exits), detail: words };
}

interface Recorded {
  readonly found: Receipt | undefined;
  readonly folder: string;
  readonly exits: Exits;
  /** What still runs of it, in words. */
  readonly runs: string | undefined;
}

function fromReceipt({ found, folder, exits, runs }: Recorded): StepEnd {
  switch (found?.is) {
    case "none":
      if (runs !== undefined) return { outcome: "unknown", detail: `${runs}, and ${folder} holds no receipt of it` };
      return { outcome: "refused", detail: `it was never started: ${folder} holds no receipt of it` };
    case "begun":
      return { outcome: "unknown", detail: runs ?? "it was begun, and nothing is on record of its end" };
    case "ended":
      return { outcome: meaningOf(found.code, exits), detail: receiptWords(found.code) };
    case undefined:
      return { outcome: "unknown", detail: `the receipts in ${folder} cannot be read, or are not there` };
  }
}

function receiptWords(code: string): string {
  return code === "never" ? "its receipt says that it was not started" : `its receipt says exit code ${code}`;
}
