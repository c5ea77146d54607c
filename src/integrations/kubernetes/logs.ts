import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { LogAsked, LogQuery, LogResult } from "../../domain/systems/logs.ts";
import { type KeptLine, searchLines } from "../../log-search/line-search.ts";
import { recordTime } from "../../log-search/time.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, KubeName } from "./connection.ts";
import { ofWorkload, workloadIn } from "./health.ts";
import type { KubePod } from "./objects.ts";
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
  const workload = await readWorkload(kube, call(), workloadIn(kubernetes));
  const all = newestPods(await podsOf(kube, call(), workload));
  if (all.length === 0)
    throw new BackendError(workload.metadata.name, {
      fault: "missing",
      detail: "has no pods, so there is no log of any",
    });
  const pods = all.slice(0, mostPodsRead);
  const tail = kubernetes.tail ?? usualTail;
  const asked = { container: kubernetes.container, previous: kubernetes.previous ?? false, tail };
  const read = await inTurns(pods, atOnce, (pod) => podLines(kube, call(), { pod, query, ...asked }));
  const heard = read.filter((each) => "lines" in each);
  const [silent] = read.filter((each) => "error" in each);
  if (heard.length === 0 && silent) throw silent.error;
  const lines = heard.flatMap((each) => each.lines);
  const { format = "plain", level, message } = kubernetes;
  const found = await searchLines(lines, query, { ...log, format, time: "", level, message });
  return {
    ...found,
    origins: heard.map(({ origin }) => origin),
    scannedBytes: heard.reduce((sum, { bytes }) => sum + bytes, 0),
    partial: all.length > pods.length || silent !== undefined || heard.some(({ isCut }) => isCut),
  };
}

function newestPods(pods: readonly KubePod[]): KubePod[] {
  return pods.toSorted((a, b) => madeAt(b) - madeAt(a));
}

function madeAt({ metadata }: KubePod): number {
  return Date.parse(metadata.creationTimestamp ?? "") || 0;
}

interface PodAsked {
  readonly pod: KubePod;
  readonly query: LogQuery;
  readonly container: string | undefined;
  readonly previous: boolean;
  readonly tail: number;
}

type PodLines =
  | { readonly origin: string; readonly lines: readonly KeptLine[]; readonly bytes: number; readonly isCut: boolean }
  | { readonly origin: string; readonly error: BackendError };

/** One that has not started, or has no previous run, has no lines; whatever else goes wrong with it is told. */
async function podLines(kube: Kube, at: KubeCall, asked: PodAsked): Promise<PodLines> {
  const { pod, query, previous, tail } = asked;
  const origin = pod.metadata.name;
  const container = asked.container ?? pod.spec.containers[0]?.name ?? "";
  const parameters = {
    container,
    ...(previous && { previous: "true" }),
    sinceTime: new Date(Math.max(0, query.from)).toISOString().replace(/\.\d+Z$/, "Z"),
    tailLines: String(tail),
    timestamps: "true",
  };
  try {
    const text = await kube.text(at, { verb: "get", resource: "pods/log", name: origin, parameters });
    const lines = keptLines(text, origin);
    return { origin, lines, bytes: text.length, isCut: lines.length >= tail };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const hasNone =
      error.status === 400 && /waiting to start|not found|is not running|has not started/i.test(error.message);
    return hasNone ? { origin: `${origin} (nothing yet)`, lines: [], bytes: 0, isCut: false } : { origin, error };
  }
}

/** Each line as it begins with the time of its writing; what has none belongs to the line before. */
function keptLines(text: string, origin: string): KeptLine[] {
  const lines: KeptLine[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const space = line.indexOf(" ");
    const at = recordTime(space < 0 ? line : line.slice(0, space));
    const last = lines.at(-1);
    if (at !== undefined) lines.push({ at, text: space < 0 ? "" : line.slice(space + 1).replace(/\r$/, ""), origin });
    else if (last) lines[lines.length - 1] = { ...last, text: `${last.text}\n${line}` };
  }
  return lines;
}
