import type { Answer } from "../service.ts";
import type { Cluster } from "./cluster.ts";
import { type Life, type LogLine, linesOf } from "./container-logs.ts";
import type { ContainerStatus, Pod } from "./kinds.ts";
import { badRequest } from "./status.ts";

/** Answers `pods/<name>/log` with the options that kubectl has. */
export function answerLog(cluster: Cluster, pod: Pod, query: URLSearchParams): Answer {
  const type = "text/plain";
  const status = containerIn(pod, query.get("container"));
  const wantsPrevious = query.get("previous") === "true";
  const life = lifeOf(cluster, { pod, status, wantsPrevious });
  const write = (lines: readonly LogLine[]): string => lines.map((line) => written(line, query)).join("");
  const lines = chosen(linesOf(life), query, cluster.at);
  const most = Number(query.get("limitBytes") ?? Number.POSITIVE_INFINITY);
  if (query.get("follow") !== "true") return { status: 200, type, body: cut(write(lines), most) };
  return {
    status: 200,
    type,
    body: "",
    stream(response) {
      response.write(write(lines));
      let last = cluster.at;
      const stop = cluster.heartbeat(() => {
        const now = cluster.store.get("pods", pod.metadata.name, pod.metadata.namespace);
        const state = now?.status.containerStatuses?.find((each) => each.name === status.name)?.state;
        const isSame =
          now?.metadata.uid === pod.metadata.uid && state?.running?.startedAt === status.state.running?.startedAt;
        const fresh = linesOf({ ...life, until: cluster.at }).filter((line) => line.at > last && line.at <= cluster.at);
        last = cluster.at;
        if (isSame && fresh.length > 0) response.write(write(fresh));
        if (!isSame || !state?.running) response.end();
      });
      response.once("close", stop);
      if (!status.state.running) response.end();
    },
  };
}

function containerIn(pod: Pod, wanted: string | null): ContainerStatus {
  const { name } = pod.metadata;
  const names = pod.spec.containers.map((each) => each.name);
  if (wanted === null && names.length > 1) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`);
  }
  const container = wanted ?? names[0] ?? "";
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  const status = pod.status.containerStatuses?.find((each) => each.name === container);
  if (!status) throw badRequest(`pod ${name} does not have a host assigned`);
  return status;
}

interface Wanted {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly wantsPrevious: boolean;
}

/** The life that is asked for: the present one, the last one while a container waits to start again, or the one before. */
function lifeOf(cluster: Cluster, { pod, status, wantsPrevious }: Wanted): Life {
  const { name } = pod.metadata;
  const { running, terminated, waiting } = status.state;
  const before = status.lastState.terminated;
  if (wantsPrevious && !before) {
    throw badRequest(`previous terminated container "${status.name}" in pod "${name}" not found`);
  }
  const ended = wantsPrevious ? before : (terminated ?? (running ? undefined : before));
  if (!ended && !running) {
    const isPull = waiting?.reason === "ErrImagePull" || waiting?.reason === "ImagePullBackOff";
    const why = isPull ? "trying and failing to pull image" : (waiting?.reason ?? "ContainerCreating");
    throw badRequest(`container "${status.name}" in pod "${name}" is waiting to start: ${why}`);
  }
  const startedAt = Date.parse(ended?.startedAt ?? running?.startedAt ?? "");
  return {
    id: `${pod.metadata.uid}/${startedAt}`,
    app: pod.metadata.labels?.["app"] ?? status.name,
    behaviour: cluster.registry.behaviourOf(status.image),
    startedAt,
    until: ended ? Date.parse(ended.finishedAt) : cluster.at,
  };
}

function chosen(lines: readonly LogLine[], query: URLSearchParams, now: number): LogLine[] {
  const seconds = query.get("sinceSeconds");
  const time = query.get("sinceTime");
  const since = seconds === null ? Date.parse(time ?? "1970-01-01T00:00:00Z") : now - Number(seconds) * 1_000;
  const young = lines.filter((line) => line.at >= since);
  const tail = query.get("tailLines");
  return tail === null ? young : young.slice(Math.max(0, young.length - Number(tail)));
}

function written({ at, text }: LogLine, query: URLSearchParams): string {
  if (query.get("timestamps") !== "true") return `${text}\n`;
  return `${new Date(at).toISOString().slice(0, 23)}000000Z ${text}\n`;
}

function cut(text: string, most: number): string {
  return text.length > most ? text.slice(0, most) : text;
}
