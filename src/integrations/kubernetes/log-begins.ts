import { BackendError } from "../../domain/failure.ts";
import type { LogBeginning, LogQuery } from "../../domain/systems/logs.ts";
import type { Kube, KubeCall } from "./api.ts";
import type { KubePod } from "./objects.ts";
import { StampedLines } from "./stamped-lines.ts";

/** What is asked of the log of one pod. */
export interface PodLog {
  readonly pod: KubePod;
  readonly query: LogQuery;
  /** The first of the pod when undefined. */
  readonly container: string | undefined;
  readonly previous: boolean;
}

interface PodLogRead extends PodLog {
  /** When the oldest line that was read was written. */
  readonly firstAt: number | undefined;
  readonly isCut: boolean;
}

/** So soon after the start of a range, or of a container, a line shows that nothing of it is missing. */
const soonMs = 60_000;
/** A shorter range is not asked about a second time: a kubelet takes longer to rotate what is no more than is read. */
const longRangeMs = 600_000;
/** More than the stamp of a line. */
const stampBytes = "64";

/** Where the log of a pod begins, which has its oldest lines taken away as it grows. Undefined where nothing tells. */
export async function podLogBegins(
  kube: Kube,
  call: () => KubeCall,
  asked: PodLogRead,
): Promise<LogBeginning | undefined> {
  const { query, firstAt, isCut } = asked;
  if (isCut) return firstAt === undefined ? undefined : { at: firstAt, why: "cut" };
  const start = startOf(asked);
  if (Number.isNaN(start)) return undefined;
  if (start > query.from)
    return firstAt === undefined || firstAt - start < soonMs
      ? { at: Math.min(start, firstAt ?? start), why: "container" }
      : { at: firstAt, why: "kept" };
  const reachesBack = firstAt !== undefined && firstAt - query.from < soonMs;
  if (reachesBack || query.to - query.from < longRangeMs) return undefined;
  const oldest = await oldestKept(kube, call(), asked);
  return oldest === undefined ? undefined : { at: oldest, why: "kept" };
}

export function containerOf({ pod, container }: PodLog): string {
  return container ?? pod.spec.containers[0]?.name ?? "";
}

/**
 * When the run began whose log is kept: a kubelet gives that of the container that runs, or ran last. Where nothing tells it is no
 * earlier than its pod. NaN where that tells nothing either.
 */
function startOf(asked: PodLog): number {
  const { pod, previous } = asked;
  const name = containerOf(asked);
  const { state, lastState } = pod.status.containerStatuses?.find((each) => each.name === name) ?? {};
  const [current, last] = [state, lastState].map((each) => each?.running?.startedAt ?? each?.terminated?.startedAt);
  return Date.parse((previous ? last : (current ?? last)) ?? pod.metadata.creationTimestamp ?? "");
}

/** When the oldest line that is kept was written: asked for from the start, a log gives that first. */
async function oldestKept(kube: Kube, at: KubeCall, asked: PodLog): Promise<number | undefined> {
  const parameters = {
    container: containerOf(asked),
    limitBytes: stampBytes,
    ...(asked.previous && { previous: "true" }),
    timestamps: "true",
  };
  const lines = new StampedLines(() => undefined);
  const address = { verb: "get", resource: "pods/log", name: asked.pod.metadata.name, parameters } as const;
  try {
    await kube.text(at, address, (piece) => lines.add(piece));
  } catch (error) {
    // Read to its limit, it may be ended as one that was too long.
    if (!(error instanceof BackendError)) throw error;
  }
  lines.end(false);
  return lines.firstAt;
}
