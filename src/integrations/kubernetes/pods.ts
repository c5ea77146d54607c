import type { KubePod } from "./objects.ts";

/** What a pod comes to, as `kubectl get pods` tells it. */
export interface PodStanding {
  readonly name: string;
  /** Running, Pending, CrashLoopBackOff, ImagePullBackOff, Completed, Terminating … */
  readonly status: string;
  readonly ready: number;
  readonly of: number;
  readonly restarts: number;
}

export function podStanding({ metadata, spec, status }: KubePod): PodStanding {
  const containers = status.containerStatuses ?? [];
  return {
    name: metadata.name,
    status: statusOf({ metadata, spec, status }),
    ready: containers.filter(({ ready }) => ready).length,
    of: spec.containers.length,
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
  };
}

function statusOf({ metadata, status }: KubePod): string {
  if (metadata.deletionTimestamp) return "Terminating";
  const init = (status.initContainerStatuses ?? []).map(reasonOfContainer).find((reason) => reason !== undefined);
  if (init !== undefined && init !== "Completed" && init !== "PodInitializing") return `Init:${init}`;
  const own = (status.containerStatuses ?? []).map(reasonOfContainer).find((reason) => reason !== undefined);
  return own ?? status.reason ?? status.phase ?? "Unknown";
}

function reasonOfContainer({ state }: NonNullable<KubePod["status"]["containerStatuses"]>[number]): string | undefined {
  if (state?.waiting) return state.waiting.reason ?? "Waiting";
  if (!state?.terminated) return undefined;
  const { reason, exitCode, signal } = state.terminated;
  return reason ?? (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? "?"}`);
}

/** Reasons for which nothing gets well by waiting, worst first. */
const bad = [
  /CrashLoopBackOff$/,
  /(?:ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull)$/,
  /(?:CreateContainerConfigError|CreateContainerError|RunContainerError|StartError)$/,
  /(?:OOMKilled|Error|ContainerCannotRun|DeadlineExceeded|Evicted|Failed|NodeLost)$/,
];

/** The pod whose reason is the worst; undefined where none has one. */
export function worstPod(pods: readonly PodStanding[]): PodStanding | undefined {
  for (const reason of bad) {
    const found = pods.filter(({ status }) => reason.test(status)).toSorted((a, b) => b.restarts - a.restarts)[0];
    if (found) return found;
  }
  return undefined;
}
