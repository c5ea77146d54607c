import type { Cluster } from "./cluster.ts";
import type { ContainerState, ContainerStatus, Pod, Thing } from "./kinds.ts";
import { amountOf } from "./quantity.ts";
import { byDigest } from "./registry.ts";
import { stamp } from "./store.ts";

const from = "kubelet";
/** In ms: how long the steps of a container's life take. */
const lives = { schedule: 200, create: 1_000, pull: 1_800, ready: 3_000, crash: 2_500, restart: 1_000, end: 2_000 };
const probeEveryMs = 10_000;
const backOff = { firstMs: 10_000, mostMs: 300_000 };

/** Starts, keeps and ends the containers of pods. */
export function controlPods(cluster: Cluster): void {
  const kubelet = new Kubelet(cluster);
  cluster.control("pods", (name, namespace) => kubelet.look(name, namespace));
}

/** What schedules pods, and what runs their containers on the nodes. */
class Kubelet {
  readonly #cluster: Cluster;
  readonly #seen = new Set<string>();
  readonly #ending = new Set<string>();
  readonly #pulled = new Set<string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  look(name: string, namespace: string | undefined): void {
    const pod = this.#cluster.store.get("pods", name, namespace);
    if (!pod) return;
    const { uid, deletionTimestamp } = pod.metadata;
    if (!this.#seen.has(uid)) {
      this.#seen.add(uid);
      this.#cluster.after(lives.schedule, () => this.#schedule(uid));
    }
    if (deletionTimestamp !== undefined && !this.#ending.has(uid)) {
      this.#ending.add(uid);
      for (const container of pod.spec.containers) {
        this.#say(pod, {
          reason: "Killing",
          message: `Stopping container ${container.name}`,
          container: container.name,
        });
      }
      this.#cluster.after(lives.end, () => this.#end(uid));
    }
  }

  #end(uid: string): void {
    const pod = this.#find(uid, true);
    if (pod) this.#cluster.store.remove("pods", pod);
    this.#seen.delete(uid);
    this.#ending.delete(uid);
  }

  #schedule(uid: string): void {
    const pod = this.#find(uid);
    if (!pod) return;
    const node = this.#nodeFor(pod);
    if (node === undefined) {
      const count = this.#cluster.store.list("nodes").length;
      const message = `0/${count} nodes are available: ${count} Insufficient cpu. preemption: 0/${count} nodes are available: ${count} No preemption victims found for incoming pod.`;
      const scheduled = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
      this.#cluster.put("pods", withConditions(pod, [scheduled], this.#now));
      this.#cluster.tell({
        about: pod,
        type: "Warning",
        reason: "FailedScheduling",
        message,
        from: "default-scheduler",
      });
      this.#cluster.after(backOff.firstMs, () => this.#schedule(uid));
      return;
    }
    const { namespace = "", name } = pod.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
    this.#cluster.tell({ about: pod, reason: "Scheduled", message, from: "default-scheduler" });
    const waiting = { waiting: { reason: "ContainerCreating" } };
    const placed = {
      ...pod,
      spec: { ...pod.spec, nodeName: node.metadata.name },
      status: { ...pod.status, startTime: this.#now, hostIP: addressOf(node), hostIPs: [{ ip: addressOf(node) }] },
    };
    this.#show(placed, (status) => ({ ...status, state: waiting }));
    for (const container of pod.spec.containers) {
      const isNew = !this.#pulled.has(`${node.metadata.name} ${container.image}`);
      this.#cluster.after(isNew ? lives.pull : lives.create, () => this.#pull(uid, container.name, 0));
    }
  }

  #pull(uid: string, container: string, failures: number): void {
    const found = this.#container(uid, container);
    if (!found) return;
    const { pod, image } = found;
    if (this.#cluster.registry.behaviourOf(image) === "missing") {
      this.#failPull({ pod, container, image, failures });
      return;
    }
    const key = `${pod.spec.nodeName} ${image}`;
    const message = this.#pulled.has(key)
      ? `Container image "${image}" already present on machine`
      : `Successfully pulled image "${image}" in 1.412s (1.412s including waiting). Image size: 184629113 bytes.`;
    this.#pulled.add(key);
    this.#say(pod, { reason: "Pulled", message, container });
    this.#say(pod, { reason: "Created", message: `Created container: ${container}`, container });
    this.#start(uid, container);
  }

  #failPull(what: { pod: Pod; container: string; image: string; failures: number }): void {
    const { pod, container, image, failures } = what;
    const reference = image.includes("@") ? image : `docker.io/library/${image}`;
    const why = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": ${reference}: not found`;
    this.#say(pod, { reason: "Pulling", message: `Pulling image "${image}"`, container });
    this.#say(pod, { type: "Warning", reason: "Failed", message: why, container });
    this.#say(pod, { type: "Warning", reason: "Failed", message: "Error: ErrImagePull", container });
    this.#state(pod, container, { waiting: { reason: "ErrImagePull", message: why } });
    const { uid } = pod.metadata;
    this.#cluster.after(lives.restart, () => {
      const now = this.#find(uid);
      if (!now) return;
      const message = `Back-off pulling image "${image}"`;
      this.#say(now, { reason: "BackOff", message, container });
      this.#say(now, { type: "Warning", reason: "Failed", message: "Error: ImagePullBackOff", container });
      this.#state(now, container, { waiting: { reason: "ImagePullBackOff", message } });
    });
    this.#cluster.after(backOffMs(failures), () => this.#pull(uid, container, failures + 1));
  }

  #start(uid: string, container: string): void {
    const found = this.#container(uid, container);
    if (!found) return;
    const { pod, image } = found;
    this.#say(pod, { reason: "Started", message: `Started container ${container}`, container });
    this.#show({ ...pod, status: { ...pod.status, podIP: pod.status.podIP ?? this.#newAddress() } }, (status) =>
      status.name === container
        ? {
            ...status,
            imageID: image.includes("@") ? image : byDigest(image),
            containerID: `containerd://${this.#cluster.random.hex(64)}`,
            started: true,
            state: { running: { startedAt: this.#now } },
          }
        : status,
    );
    const behaviour = this.#cluster.registry.behaviourOf(image);
    if (behaviour === "crash") this.#cluster.after(lives.crash, () => this.#crash(uid, container));
    else if (behaviour === "unready") this.#cluster.after(lives.ready, () => this.#probe(uid, container));
    else this.#cluster.after(lives.ready, () => this.#ready(uid, container));
  }

  #ready(uid: string, container: string): void {
    const pod = this.#find(uid);
    if (pod) this.#show(pod, (status) => (status.name === container ? { ...status, ready: true } : status));
  }

  #probe(uid: string, container: string): void {
    const found = this.#container(uid, container);
    if (!found) return;
    const message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    this.#say(found.pod, { type: "Warning", reason: "Unhealthy", message, container });
    this.#cluster.after(probeEveryMs, () => this.#probe(uid, container));
  }

  #crash(uid: string, container: string): void {
    const found = this.#container(uid, container);
    if (!found) return;
    const { pod, status } = found;
    const ended = {
      terminated: {
        exitCode: 1,
        reason: "Error",
        startedAt: status.state.running?.startedAt ?? this.#now,
        finishedAt: this.#now,
        containerID: textOf(status["containerID"]),
      },
    };
    const { name, namespace = "" } = pod.metadata;
    const failures = status.restartCount;
    const stopped = { ready: false, started: false };
    const restart = (): void => {
      const now = this.#find(uid);
      if (!now) return;
      const counted = { restartCount: failures + 1, lastState: ended };
      this.#show(now, (each) => (each.name === container ? { ...each, ...counted } : each));
      this.#pull(uid, container, 0);
    };
    if (failures === 0) {
      this.#show(pod, (each) => (each.name === container ? { ...each, ...stopped, state: ended } : each));
      this.#cluster.after(lives.restart, restart);
      return;
    }
    const wait = backOffMs(failures - 1);
    const message = `back-off ${wait < 60_000 ? `${wait / 1_000}s` : `${Math.floor(wait / 60_000)}m${(wait / 1_000) % 60}s`} restarting failed container=${container} pod=${name}_${namespace}(${uid})`;
    const waiting = { waiting: { reason: "CrashLoopBackOff", message } };
    this.#show(pod, (each) =>
      each.name === container ? { ...each, ...stopped, state: waiting, lastState: ended } : each,
    );
    const told = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
    this.#say(pod, { type: "Warning", reason: "BackOff", message: told, container });
    this.#cluster.after(wait, restart);
  }

  #state(pod: Pod, container: string, state: ContainerState): void {
    this.#show(pod, (status) => (status.name === container ? { ...status, state } : status));
  }

  /** Writes what the containers are now, and all that follows from it. */
  #show(pod: Pod, change: (status: ContainerStatus) => ContainerStatus): void {
    const known = pod.status.containerStatuses ?? pod.spec.containers.map(({ name, image }) => blank(name, image));
    const containerStatuses = known.map(change);
    const isReady = containerStatuses.every((each) => each.ready);
    const hasStarted = containerStatuses.some(
      (each) => each.state.running ?? each.state.terminated ?? each.restartCount > 0,
    );
    const names = containerStatuses.filter((each) => !each.ready).map((each) => each.name);
    const ready = isReady
      ? { status: "True" }
      : {
          status: "False",
          reason: "ContainersNotReady",
          message: `containers with unready status: [${names.join(" ")}]`,
        };
    const conditions = [
      { type: "PodReadyToStartContainers", status: hasStarted ? "True" : "False" },
      { type: "Initialized", status: "True" },
      { type: "Ready", ...ready },
      { type: "ContainersReady", ...ready },
      { type: "PodScheduled", status: "True" },
    ];
    const phase = hasStarted ? "Running" : "Pending";
    const { podIP } = pod.status;
    const status = { ...pod.status, phase, ...(podIP !== undefined && { podIPs: [{ ip: podIP }] }), containerStatuses };
    this.#cluster.put("pods", withConditions({ ...pod, status }, conditions, this.#now));
  }

  #container(uid: string, name: string): { pod: Pod; image: string; status: ContainerStatus } | undefined {
    const pod = this.#find(uid);
    const container = pod?.spec.containers.find((each) => each.name === name);
    const status = pod?.status.containerStatuses?.find((each) => each.name === name);
    if (!pod || !container || !status) return undefined;
    return { pod, image: container.image, status };
  }

  /** The pod of that uid, unless it is going. */
  #find(uid: string, going = false): Pod | undefined {
    const pod = this.#cluster.store.list("pods").find((each) => each.metadata.uid === uid);
    return pod && (going || pod.metadata.deletionTimestamp === undefined) ? pod : undefined;
  }

  #nodeFor(pod: Pod): Thing | undefined {
    const pods = this.#cluster.store.list("pods");
    const free = this.#cluster.store.list("nodes").map((node) => {
      const here = pods.filter((each) => each.spec.nodeName === node.metadata.name);
      const taken = here.reduce((sum, each) => sum + wantedCores(each), 0);
      return { node, cores: amountOf(node.status.allocatable["cpu"]) - taken };
    });
    const best = free.toSorted((one, other) => other.cores - one.cores)[0];
    return best && best.cores >= wantedCores(pod) ? best.node : undefined;
  }

  #newAddress(): string {
    const { random } = this.#cluster;
    return `10.42.${Math.floor(random.between(0, 3))}.${Math.floor(random.between(4, 250))}`;
  }

  #say(
    about: Pod,
    told: { readonly type?: "Normal" | "Warning"; reason: string; message: string; container: string },
  ): void {
    this.#cluster.tell({ about, from, ...told });
  }

  get #now(): string {
    return stamp(this.#cluster.at);
  }
}

/** Pods are told apart from other readers' conditions by type; a status that stays keeps the moment it began. */
function withConditions(
  pod: Pod,
  wanted: readonly { type: string; status: string; reason?: string; message?: string }[],
  now: string,
): Pod {
  const known = pod.status.conditions ?? [];
  const conditions = wanted.map((each) => {
    const before = known.find(({ type, status }) => type === each.type && status === each.status);
    return { lastProbeTime: null, lastTransitionTime: before?.lastTransitionTime ?? now, ...each };
  });
  return { ...pod, status: { ...pod.status, conditions } };
}

function wantedCores({ spec }: Pod): number {
  return spec.containers.reduce((sum, each) => sum + amountOf(each.resources?.requests?.["cpu"]), 0);
}

function blank(name: string, image: string): ContainerStatus {
  return { name, image, imageID: "", ready: false, started: false, restartCount: 0, state: {}, lastState: {} };
}

function addressOf(node: Thing): string {
  return `10.0.0.${10 + Number(node.metadata.name.replace(/\D/g, ""))}`;
}

function backOffMs(failures: number): number {
  return Math.min(backOff.firstMs * 2 ** failures, backOff.mostMs);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
