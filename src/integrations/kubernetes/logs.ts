import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { LogAsked, LogBeginning, LogGap, LogResult } from "../../domain/systems/logs.ts";
import { beginningOf } from "../../log-search/beginning.ts";
import { createLineSearch, type LineSearch, type LineTally } from "../../log-search/line-search.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, KubeName } from "./connection.ts";
import { ofWorkload, workloadIn } from "./health.ts";
import { containerOf, type PodLog, podLogBegins } from "./log-begins.ts";
import type { KubePod } from "./objects.ts";
import { StampedLines } from "./stamped-lines.ts";
import { podsOf, readWorkload } from "./workload.ts";

export const KubernetesLog = z.strictObject({
  kubernetes: ofWorkload({
    /** The first container of each pod when left out. */
    container: KubeName.optional(),
    /** What the containers wrote before they were started anew, as after a crash. */
    previous: z.literal(true).optional(),
    /** The newest lines of each pod that are read. */
    tail: z.int().min(1).max(20_000).optional(),
    format: z.enum(["json", "plain"]).optional(),
    level: z.string().optional(),
    message: z.string().optional(),
  }),
});
type KubernetesLog = z.output<typeof KubernetesLog>;

/** Newest lines read of each pod, where the file does not say. */
const usualTail = 5_000;
/** Of more pods than this the newest are read. */
const mostPodsRead = 50;
/** So that twenty pods neither wait for one another nor come down on the cluster together. */
const atOnce = 6;
/** Bytes read of all pods together, each of which has an even share: 5,000 lines of fifty pods are no longer than usual. */
const mostBytes = 64 << 20;
/** Bytes read of one pod. */
const mostBytesOfPod = 8 << 20;
/** How often a pod whose lines are long is asked for fewer of them. */
const mostFewer = 3;

/** The lines of all pods of a workload, newest first. Throws UserError for a bad query, BackendError. */
export async function readPodLogs(
  kube: Kube,
  { kubernetes }: KubernetesLog,
  { log, query }: LogAsked,
): Promise<LogResult> {
  const until = performance.now() + query.deadlineMs;
  const call = (): KubeCall => ({
    connection: connectionIn(kubernetes),
    deadlineMs: Math.max(1, until - performance.now()),
  });
  const { format = "plain", level, message, container, previous = false, tail = usualTail } = kubernetes;
  const search = await createLineSearch(query, { ...log, format, time: "", level, message });
  const workload = await readWorkload(kube, call(), workloadIn(kubernetes));
  const all = newestPods(await podsOf(kube, call(), workload));
  if (all.length === 0)
    throw new BackendError(workload.metadata.name, {
      fault: "missing",
      detail: "has no pods, so there is no log of any",
    });
  const pods = all.slice(0, mostPodsRead);
  const mostOfEach = Math.min(mostBytesOfPod, Math.floor(mostBytes / pods.length));
  const asked = { query, container, previous, tail, mostBytes: mostOfEach, search };
  const found = search.begin();
  const read = await inTurns(pods, atOnce, async (pod) => {
    const { tally, ...rest } = await readPod(kube, call, { pod, ...asked });
    // Added as soon as it is read, so that no more pods' lines are held than are read at once.
    if (tally) found.add(tally);
    return { ...rest, isHeard: tally !== undefined };
  });
  const heard = read.filter(({ isHeard }) => isHeard);
  const [silent] = read.flatMap(({ error }) => (error ? [error] : []));
  if (heard.length === 0 && silent) throw silent;
  const begins = beginningOf(
    read.flatMap(({ hasLog, begins: of }) => (hasLog ? [of] : [])),
    query,
  );
  // Those left out are older than all that were read.
  const isLeftOut = begins && all.length > pods.length;
  return {
    ...search.answer(found, isLeftOut ? { ...begins, why: "cut" } : begins),
    origins: heard.map(({ origin }) => origin),
    scannedBytes: read.reduce((sum, { bytes }) => sum + bytes, 0),
    gaps: [
      ...read.flatMap(({ gap }) => (gap ? [gap] : [])),
      ...all.slice(pods.length).map((pod): LogGap => ({ why: "left out", origin: pod.metadata.name })),
    ],
  };
}

function newestPods(pods: readonly KubePod[]): KubePod[] {
  return pods.toSorted((a, b) => madeAt(b) - madeAt(a));
}

function madeAt({ metadata }: KubePod): number {
  return Date.parse(metadata.creationTimestamp ?? "") || 0;
}

interface PodAsked extends PodLog {
  readonly tail: number;
  readonly mostBytes: number;
  readonly search: LineSearch;
}

interface PodRead {
  readonly origin: string;
  readonly bytes: number;
  /** Undefined where nothing of it could be read. */
  readonly tally?: LineTally;
  /** Its container has started, so that there is a log of it. */
  readonly hasLog: boolean;
  readonly begins: LogBeginning | undefined;
  readonly gap?: LogGap;
  readonly error?: BackendError;
}

/**
 * A server that is to give no more than so many bytes gives the oldest of the lines asked for, so one whose lines are long is
 * asked again for fewer of them: the newest are what is looked for.
 */
async function readPod(kube: Kube, call: () => KubeCall, asked: PodAsked): Promise<PodRead> {
  const attempt = async (tail: number): Promise<Attempt> => readTail(kube, call(), { ...asked, tail });
  let read = await attempt(asked.tail);
  let { bytes } = read.lines;
  for (let fewer = 0; fewer < mostFewer && read.isFull && read.lines.count > 1; fewer += 1) {
    const again = await attempt(Math.floor(read.lines.count / 2));
    bytes += again.lines.bytes;
    if (again.error) break;
    read = again;
  }
  const found = podRead(asked.pod.metadata.name, read);
  const isCut = found.gap?.why === "cut";
  const begins = found.hasLog
    ? await podLogBegins(kube, call, { ...asked, firstAt: read.lines.firstAt, isCut })
    : undefined;
  return { ...found, bytes, begins };
}

/** One that has not started, or has no previous run, has no lines; whatever else goes wrong with it is told. */
function podRead(origin: string, { tally, lines, tail, isFull, error }: Attempt): Omit<PodRead, "bytes" | "begins"> {
  const isCut = isFull || lines.count >= tail;
  const known = { origin, hasLog: true };
  const cut = { why: "cut", origin, lines: lines.count, bytes: lines.bytes } as const;
  if (!error || isFull) return { ...known, tally, ...(isCut && { gap: cut }) };
  const hasNone =
    error.status === 400 && /waiting to start|not found|is not running|has not started/i.test(error.message);
  if (hasNone) return { origin: `${origin} (nothing yet)`, tally, hasLog: false };
  const gap: LogGap =
    error.fault === "timeout" ? { why: "time" } : { why: "trouble", origin, detail: error.reason ?? error.message };
  return lines.count > 0 ? { ...known, tally, gap } : { ...known, gap, error };
}

interface Attempt {
  readonly tally: LineTally;
  readonly lines: StampedLines;
  readonly tail: number;
  /** There was more than may be read. */
  readonly isFull: boolean;
  readonly error?: BackendError;
}

async function readTail(kube: Kube, at: KubeCall, asked: PodAsked): Promise<Attempt> {
  const { pod, query, previous, tail, mostBytes: most } = asked;
  const origin = pod.metadata.name;
  const parameters = {
    container: containerOf(asked),
    limitBytes: String(most),
    ...(previous && { previous: "true" }),
    sinceTime: new Date(Math.max(0, query.from)).toISOString().replace(/\.\d+Z$/, "Z"),
    tailLines: String(tail),
    timestamps: "true",
  };
  const tally = asked.search.begin();
  const lines = new StampedLines((line) => tally.take({ ...line, origin }));
  const ended = (error?: BackendError): Attempt => {
    const isFull = lines.bytes >= most;
    lines.end(!isFull && !error);
    return { tally, lines, tail, isFull, ...(error && { error }) };
  };
  try {
    await kube.text(at, { verb: "get", resource: "pods/log", name: origin, parameters }, (piece) => lines.add(piece));
    return ended();
  } catch (error) {
    if (error instanceof BackendError) return ended(error);
    throw error;
  }
}
