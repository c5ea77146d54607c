import { writeFileSync } from "node:fs";
import { z } from "zod";
import { certificate } from "../certificates.ts";
import { createControl } from "../control.ts";
import type { Random } from "../random.ts";
import { DemoService, openAll } from "../service.ts";
import { Access } from "./access.ts";
import { type Api, answerApi } from "./api.ts";
import { controlAutoscalers } from "./autoscalers.ts";
import { Cluster } from "./cluster.ts";
import { controlDeployments } from "./deployments.ts";
import { controlPods } from "./pods.ts";
import { readProtobuf } from "./protobuf.ts";
import { Registry } from "./registry.ts";
import { controlReplicaSets } from "./replica-sets.ts";
import { forgetRevisions, namespace, release, setScene } from "./scenery.ts";
import { controlStatefulSets } from "./stateful-sets.ts";

/** How often time passes while the demo runs. */
const tickMs = 500;
const tidyMs = 60_000;

export interface KubernetesOptions {
  readonly port: number;
  /** Of the door for its troubles, which speaks plain HTTP. */
  readonly doorPort: number;
  readonly now: () => number;
  readonly random: Random;
  /** False: nothing moves but by `live`. */
  readonly isTicking: boolean;
}

export interface KubernetesDemo {
  readonly service: DemoService;
  /** Where it is told what is to go wrong, also while the API is down. */
  readonly door: DemoService;
  readonly users: Access["users"];
  /** Writes a kubeconfig of a user at this path, as only the one who runs the demo may read it. */
  writeConfig(path: string, user?: keyof Access["users"]): void;
  /** The cluster lives until now. */
  live(): void;
  /** Is a pod of this deployment available? True while nobody has looked at the cluster yet: it is well then. */
  isServed(deployment: string): boolean;
  /** Lets this version be deployed, as somebody outside of chat would. */
  release(version: z.output<typeof Versions>): void;
  /** From now on every change of this deployment that is meant is denied, and dry runs pass; of none when left out. */
  deny(deployment?: string): void;
  /** Lets a deployment keep no revision but the one that it is at. */
  forget(deployment: string): void;
  stop(): Promise<void>;
}

const Versions = z.enum(["v1.4.0", "v1.4.1", "v1.4.2", "v1.5.0", "v1.5.1", "v1.5.2"]);
const Scene = z.union([
  z.strictObject({ release: Versions }),
  z.strictObject({ tokens: z.enum(["valid", "expired"]) }),
  z.strictObject({ denied: z.enum(["prsm-api", "prsm-worker"]).nullable() }),
]);

const undoRelease = { release: "v1.4.2" };
/** What can go wrong, each with the bodies for `POST /_demo` that make it so and undo it. */
const examples = [
  {
    name: "bad-deploy",
    does: "a release is rolled out that ends soon after its start",
    post: { release: "v1.5.0" },
    undo: undoRelease,
  },
  {
    name: "stuck-rollout",
    does: "a release is rolled out that never becomes ready",
    post: { release: "v1.5.1" },
    undo: undoRelease,
  },
  {
    name: "half-rollout",
    does: "the cluster denies every change of the worker once it is meant, so that what changes both stops half-way",
    post: { denied: "prsm-worker" },
    undo: { denied: null },
  },
  {
    name: "expired-token",
    does: "the cluster takes no token any more",
    post: { tokens: "expired" },
    undo: { tokens: "valid" },
  },
  {
    name: "dead-cluster",
    does: "the API of the cluster is down for a minute",
    post: { service: "kubernetes", fault: { kind: "down" }, forSeconds: 60 },
    undo: { service: "kubernetes", fault: null },
  },
];

/**
 * The API of a simulated Kubernetes, over TLS on loopback, on which the real `kubectl` works for what operators do. Nothing of
 * it is there before it is first asked.
 */
export async function startKubernetes(options: KubernetesOptions): Promise<KubernetesDemo> {
  const access = new Access(namespace);
  const authority = certificate({ name: "prsm-cluster" });
  const own = certificate({ name: "kube-apiserver", by: authority, address: "127.0.0.1" });
  const stage = new Stage(options, access);
  const control = createControl("kubernetes", {
    services: () => [service],
    scene: (body) => stage.play(body),
    describe: () => ({ namespace, examples }),
  });
  const service: DemoService = new DemoService({
    name: "kubernetes",
    port: options.port,
    tls: own,
    failure: failed,
    read: readProtobuf,
    answer: (call) => answerApi(stage.api, call),
    lie: (_call, truth) => ({ ...truth, body: { kind: "Status", apiVersion: "v1" } }),
    control,
  });
  const door = new DemoService({
    name: "cluster",
    port: options.doorPort,
    answer: () => undefined,
    lie: (_call, truth) => truth,
    control,
  });
  await openAll([service, door]);
  return {
    service,
    door,
    users: access.users,
    writeConfig: (path, user = "wardroom") => {
      writeFileSync(path, configOf(service.url, authority.cert, access.users[user].token), { mode: 0o600 });
    },
    live: () => stage.live(),
    isServed: (deployment) => stage.isServed(deployment),
    release: (version) => release(stage.api.cluster, version),
    deny: (deployment) => {
      stage.api.denied = deployment;
    },
    forget: (deployment) => forgetRevisions(stage.api.cluster, deployment),
    async stop() {
      stage.stop();
      await Promise.all([service.stop(), door.stop()]);
    },
  };
}

/** The cluster, made when it is first looked at. */
class Stage {
  readonly #options: KubernetesOptions;
  readonly #access: Access;
  #api: Api | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tidiedAt = 0;

  constructor(options: KubernetesOptions, access: Access) {
    this.#options = options;
    this.#access = access;
  }

  get api(): Api {
    this.#api ??= this.#make();
    return this.#api;
  }

  live(): void {
    const now = this.#options.now();
    this.api.cluster.live(now);
    if (now - this.#tidiedAt < tidyMs) return;
    this.#tidiedAt = now;
    this.api.cluster.tidy();
  }

  isServed(deployment: string): boolean {
    const found = this.#api?.cluster.store.get("deployments", deployment, namespace);
    return found === undefined || (found.status.availableReplicas ?? 0) > 0;
  }

  play(body: unknown): { told: object } | { wrong: string } {
    const scene = Scene.safeParse(body);
    if (!scene.success) return { wrong: z.prettifyError(scene.error) };
    if ("release" in scene.data) release(this.api.cluster, scene.data.release);
    else if ("denied" in scene.data) this.api.denied = scene.data.denied ?? undefined;
    else this.api.isOpen = scene.data.tokens === "valid";
    return { told: scene.data };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #make(): Api {
    const { now, random, isTicking } = this.#options;
    const at = now();
    const cluster = new Cluster({ at: at - pastMs, random, registry: new Registry() });
    controlPods(cluster);
    controlDeployments(cluster);
    controlReplicaSets(cluster);
    controlStatefulSets(cluster);
    setScene(cluster, at);
    cluster.live(at);
    controlAutoscalers(cluster);
    if (isTicking) this.#timer = setInterval(() => this.live(), tickMs).unref();
    return { cluster, access: this.#access, isOpen: true };
  }
}

/** How long the cluster has lived when it is first looked at: nine days. */
const pastMs = 9 * 86_400_000;

function failed(status: number): object {
  const message = "an error on the server has prevented the request from succeeding";
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: "InternalError",
    code: status,
  };
}

function configOf(server: string, authority: string, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "prsm", cluster: { server, "certificate-authority-data": Buffer.from(authority).toString("base64") } },
    ],
    users: [{ name: "wardroom", user: { token } }],
    contexts: [{ name: "prsm", context: { cluster: "prsm", user: "wardroom", namespace } }],
    "current-context": "prsm",
  });
}
