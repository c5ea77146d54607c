import type { Cluster } from "./cluster.ts";
import { type Deployment, readers } from "./kinds.ts";
import { byDigest, imageOf, type Release } from "./registry.ts";
import { headOf } from "./store.ts";

export const namespace = "prsm-production";
/** Always the same, so that what was planned before the demo was started again still names it. */
export const namespaceUid = "6f1c0f6e-0d7f-4c55-9c3e-2f0d3c1b7a10";
const day = 86_400_000;
const restartedKey = "kubectl.kubernetes.io/restartedAt";

interface Wanted {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
  readonly port: number;
  /** One instance owns its volume: the old one goes before the new one comes. */
  readonly isSingle?: boolean;
}

/**
 * PRSM as its manual draws it, with nine days of life behind it: the API's present revision has the same image as the one
 * before, for a restart made it; the worker's differ; the data stores have one revision each.
 */
export function setScene(cluster: Cluster, now: number): void {
  putScenery(cluster);
  const steps: readonly (readonly [days: number, act: () => void])[] = [
    [6, () => release(cluster, "v1.4.1")],
    [2, () => release(cluster, "v1.4.2")],
    [1, () => restart(cluster, "prsm-api")],
  ];
  for (const [days, act] of steps) {
    cluster.live(now - days * day);
    act();
  }
  cluster.live(now - 60_000);
  putAutoscaler(cluster);
}

function putScenery(cluster: Cluster): void {
  for (const name of ["default", "kube-system"]) put(cluster, "namespaces", { metadata: { name } });
  put(cluster, "namespaces", { metadata: { name: namespace, uid: namespaceUid } });
  for (const number of [1, 2, 3]) putNode(cluster, number);
  const prsm = imageOf("v1.4.0");
  const workloads: readonly Wanted[] = [
    { name: "prsm-api", image: prsm, replicas: 3, cpu: "500m", memory: "512Mi", port: 8000 },
    { name: "prsm-worker", image: prsm, replicas: 3, cpu: "800m", memory: "1Gi", port: 8001 },
    {
      name: "postgres",
      image: byDigest("postgres:15.7"),
      replicas: 1,
      cpu: "1",
      memory: "2Gi",
      port: 5432,
      isSingle: true,
    },
    {
      name: "redis",
      image: byDigest("redis:7.2.5"),
      replicas: 1,
      cpu: "250m",
      memory: "512Mi",
      port: 6379,
      isSingle: true,
    },
    {
      name: "ipfs",
      image: byDigest("ipfs/kubo:v0.29.0"),
      replicas: 1,
      cpu: "500m",
      memory: "1Gi",
      port: 5001,
      isSingle: true,
    },
  ];
  for (const wanted of workloads) put(cluster, "deployments", deploymentOf(wanted));
  const replica = {
    name: "postgres-replica",
    image: byDigest("postgres:15.7"),
    cpu: "500m",
    memory: "1Gi",
    port: 5432,
  };
  put(cluster, "statefulsets", {
    metadata: { ...metadataOf(replica.name) },
    spec: {
      serviceName: replica.name,
      replicas: 2,
      selector: { matchLabels: { app: replica.name } },
      template: templateOf(replica),
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    },
  });
}

function deploymentOf(wanted: Wanted): object {
  const strategy = wanted.isSingle
    ? { type: "Recreate" }
    : { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } };
  const cause = wanted.name.startsWith("prsm-") ? { "kubernetes.io/change-cause": "deploy v1.4.0" } : {};
  return {
    metadata: { ...metadataOf(wanted.name), annotations: cause },
    spec: {
      replicas: wanted.replicas,
      selector: { matchLabels: { app: wanted.name } },
      template: templateOf(wanted),
      strategy,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 120,
    },
  };
}

function metadataOf(name: string): object {
  const labels = { app: name, "app.kubernetes.io/part-of": "prsm" };
  return { name, namespace, generation: 1, labels };
}

function templateOf({ name, image, cpu, memory, port }: Omit<Wanted, "replicas">): object {
  const container = {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ containerPort: port, protocol: "TCP" }],
    resources: { requests: { cpu, memory }, limits: { memory } },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  };
  return {
    metadata: { labels: { app: name, "app.kubernetes.io/part-of": "prsm" } },
    spec: {
      containers: [container],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
    },
  };
}

function putNode(cluster: Cluster, number: number): void {
  const name = `prsm-node-${number}`;
  const capacity = { cpu: "8", memory: "32Gi", pods: "110" };
  const condition = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
  };
  put(cluster, "nodes", {
    metadata: { name, labels: { "kubernetes.io/hostname": name, "node-role.kubernetes.io/worker": "" } },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      conditions: [condition],
      addresses: [
        { type: "InternalIP", address: `10.0.0.${10 + number}` },
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        kubeletVersion: "v1.32.4",
        osImage: "Ubuntu 24.04.2 LTS",
        kernelVersion: "6.8.0-60-generic",
        containerRuntimeVersion: "containerd://1.7.27",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  });
}

function putAutoscaler(cluster: Cluster): void {
  put(cluster, "horizontalpodautoscalers", {
    metadata: { name: "prsm-worker", namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "prsm-worker" },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    },
    status: { currentReplicas: 3, desiredReplicas: 3 },
  });
}

/** Gives the API and the worker the image of a release, as a deploy does. */
export function release(cluster: Cluster, version: Release): void {
  for (const name of ["prsm-api", "prsm-worker"]) {
    change(cluster, { name, cause: `deploy ${version}` }, (template) => {
      const containers = template.spec.containers.map((each) => ({ ...each, image: imageOf(version) }));
      return { ...template, spec: { ...template.spec, containers } };
    });
  }
}

/** Makes a new revision of the same image. */
export function restart(cluster: Cluster, name: string): void {
  change(cluster, { name, cause: "restart" }, (template) => {
    const annotations = { ...template.metadata.annotations, [restartedKey]: new Date(cluster.at).toISOString() };
    return { ...template, metadata: { ...template.metadata, annotations } };
  });
}

/** No revision but the present one is kept any more. */
export function forgetRevisions(cluster: Cluster, name: string): void {
  const deployment = cluster.store.get("deployments", name, namespace);
  if (deployment) cluster.put("deployments", { ...deployment, spec: { ...deployment.spec, revisionHistoryLimit: 0 } });
}

type Template = Deployment["spec"]["template"];

function change(
  cluster: Cluster,
  { name, cause }: { name: string; cause: string },
  how: (template: Template) => Template,
): void {
  const deployment = cluster.store.get("deployments", name, namespace);
  if (!deployment) return;
  const { metadata, spec } = deployment;
  const annotations = { ...metadata.annotations, "kubernetes.io/change-cause": cause };
  cluster.put("deployments", {
    ...deployment,
    metadata: { ...metadata, annotations, generation: (metadata.generation ?? 1) + 1 },
    spec: { ...spec, template: how(spec.template) },
  });
}

type Placed = "namespaces" | "nodes" | "deployments" | "statefulsets" | "horizontalpodautoscalers";

/** The scenery is written by hand, so what cannot be read is a mistake of this file. */
function put(cluster: Cluster, resource: Placed, object: object): void {
  const read = readers[resource]({ ...headOf(resource), ...object });
  if (!read.success) throw read.error;
  cluster.put(resource, read.data);
}
