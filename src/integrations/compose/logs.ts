import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { LogAsked, LogBeginning, LogGap, LogResult } from "../../domain/systems/logs.ts";
import { beginningOf } from "../../log-search/beginning.ts";
import { type KeptLine, searchLines } from "../../log-search/line-search.ts";
import type { Container } from "./containers.ts";
import { callEngine, callFault, nonsense } from "./engine.ts";
import { readContainers } from "./rounds.ts";
import { ofStack, Service, type Stack, stackName, stackOf } from "./stack.ts";

export const ComposeLog = z.strictObject({
  /** What its containers print: those of these services, or all. */
  compose: ofStack({
    services: z.array(Service).min(1).max(30).optional(),
    format: z.enum(["plain", "json"]).default("plain"),
    /** Of JSON: the fields of the level and of what is shown. */
    level: z.string().optional(),
    message: z.string().optional(),
  }),
});

/** Docker reads a log from its end, so many lines of each container: what is older is left out, and that is said. */
const mostLines = 20_000;

/** Searches what containers have printed, each line with the time at which the engine took it. Throws BackendError. */
export async function searchStack(
  { compose: asked }: z.output<typeof ComposeLog>,
  { log, query }: LogAsked,
): Promise<LogResult> {
  const { services = [], format, level, message } = asked;
  const isUntilNow = query.to >= Date.now();
  const args = [
    "logs",
    "--no-color",
    "--timestamps",
    ...(query.from > 0 ? ["--since", stampOf(query.from)] : []),
    // Lines are counted from the end of the log, wherever the range ends.
    ...(isUntilNow ? ["--tail", String(mostLines)] : ["--until", stampOf(query.to + 1)]),
    ...services,
  ];
  const call = { args, timeoutMs: query.deadlineMs };
  const [end, containers] = await Promise.all([
    callEngine(asked, call),
    madeContainers(asked, { services, timeoutMs: query.deadlineMs }),
  ]);
  const fault = callFault(end, call);
  const stdout = end.started ? end.stdout : "";
  if (fault && (fault.fault !== "timeout" || stdout === ""))
    throw new BackendError(stackName(asked), { fault: fault.fault, detail: fault.said });
  const lines = linesIn(asked, stdout);
  const isCut = end.started && end.cut;
  const read = new Map<string, { lines: number; bytes: number }>();
  const oldest = new Map<string, number>();
  for (const { origin, at, text } of lines) {
    const { lines: count, bytes } = read.get(origin) ?? { lines: 0, bytes: 0 };
    read.set(origin, { lines: count + 1, bytes: bytes + text.length });
    oldest.set(origin, Math.min(at, oldest.get(origin) ?? at));
  }
  const gaps = [...read].flatMap(([origin, of]): LogGap[] =>
    isCut || (isUntilNow && of.lines >= mostLines) ? [{ why: "cut", origin, ...of }] : [],
  );
  const cut = new Set(gaps.flatMap((gap) => (gap.why === "cut" ? [gap.origin] : [])));
  const begins = containers.map(({ name, madeAt }): LogBeginning | undefined => {
    const origin = name.replace(`${stackOf(asked).project}-`, "");
    const first = oldest.get(origin);
    if (cut.has(origin)) return first === undefined ? undefined : { at: first, why: "cut" };
    return madeAt === undefined ? undefined : { at: Math.min(madeAt, first ?? madeAt), why: "container" };
  });
  const source = { ...log, format, time: "", level, message, begins: beginningOf(begins, query) };
  const found = await searchLines(lines, query, source);
  return {
    ...found,
    origins: [...read.keys()],
    scannedBytes: Buffer.byteLength(stdout),
    // What a call did not end in time has printed is looked through all the same.
    gaps: fault ? [{ why: "time" }, ...gaps] : gaps,
  };
}

/** A log is kept as long as its container, also while that is stopped. None where they could not be told: the log is read all the same. */
async function madeContainers(
  stack: Stack,
  { services, timeoutMs }: { readonly services: readonly string[]; readonly timeoutMs: number },
): Promise<readonly Container[]> {
  try {
    const all = await readContainers(stack, timeoutMs);
    return all.filter(({ service }) => services.length === 0 || services.includes(service));
  } catch (error) {
    if (error instanceof BackendError) return [];
    throw error;
  }
}

function stampOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** `gateway-1  | 2026-11-28T20:54:35.732658959Z text`; even without colours a line begins with a terminal code. */
// oxlint-disable-next-line no-control-regex -- what a terminal is told begins with one
const printed = /^(?:\u001B\[2K)?(\S+) +\| (\d{4}-\S+)(?: (.*))?$/;

/** Throws BackendError where nothing of it is in the form that docker compose prints. */
function linesIn(stack: Stack, text: string): KeptLine[] {
  const written = text.split(/\r?\n/).filter((line) => line !== "");
  const lines = written.flatMap((line): KeptLine[] => {
    const [, origin = "", stamp = "", said = ""] = printed.exec(line) ?? [];
    const at = Date.parse(stamp);
    return Number.isNaN(at) ? [] : [{ at, text: Buffer.from(said), origin }];
  });
  if (lines.length === 0 && written.length > 0) throw nonsense(stack, "printed logs in a form that is not known");
  return lines;
}
