import { z } from "zod";

/**
 * The objects of the simulated cluster: what its controllers read is typed, the rest is kept as it was sent. An object in
 * the store is never changed, only replaced.
 */
const Texts = z.record(z.string(), z.string());
const Count = z.int().min(0);
const Quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const Owner = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
});

const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().default(""),
  resourceVersion: z.string().default(""),
  generation: z.int().optional(),
  creationTimestamp: z.string().default(""),
  deletionTimestamp: z.string().optional(),
  labels: Texts.optional(),
  annotations: Texts.optional(),
  ownerReferences: z.array(Owner).optional(),
});

const Selector = z.looseObject({ matchLabels: Texts.optional() });

const Container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  resources: z.looseObject({ requests: Quantities.optional(), limits: Quantities.optional() }).optional(),
});

const PodSpec = z.looseObject({ containers: z.array(Container).min(1), nodeName: z.string().optional() });

const Template = z.looseObject({
  metadata: z.looseObject({ labels: Texts.optional(), annotations: Texts.optional() }).default({}),
  spec: PodSpec,
});

const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastUpdateTime: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});

const named = { apiVersion: z.string(), kind: z.string(), metadata: Metadata };

/** Any object of the cluster, as far as all of them are alike. */
const Thing = z.looseObject(named);
export type Thing = z.output<typeof Thing>;

const IntOrShare = z.union([Count, z.string().regex(/^\d+%$/, "must be a count or a percentage")]);
const Strategy = z.looseObject({
  type: z.enum(["RollingUpdate", "Recreate"]).default("RollingUpdate"),
  rollingUpdate: z
    .looseObject({ maxSurge: IntOrShare.default("25%"), maxUnavailable: IntOrShare.default("25%") })
    .optional(),
});

const WorkloadCounts = {
  observedGeneration: z.int().optional(),
  replicas: Count.optional(),
  readyReplicas: Count.optional(),
  availableReplicas: Count.optional(),
  conditions: z.array(Condition).optional(),
};

const Deployment = z.looseObject({
  ...named,
  spec: z.looseObject({
    replicas: Count.default(1),
    selector: Selector,
    template: Template,
    strategy: Strategy.default({ type: "RollingUpdate" }),
    paused: z.boolean().optional(),
    revisionHistoryLimit: Count.default(10),
    progressDeadlineSeconds: Count.default(600),
  }),
  status: z
    .looseObject({
      ...WorkloadCounts,
      updatedReplicas: Count.optional(),
      unavailableReplicas: Count.optional(),
    })
    .default({}),
});
export type Deployment = z.output<typeof Deployment>;

const ReplicaSet = z.looseObject({
  ...named,
  spec: z.looseObject({ replicas: Count.default(1), selector: Selector, template: Template }),
  status: z.looseObject({ ...WorkloadCounts, fullyLabeledReplicas: Count.optional() }).default({}),
});
export type ReplicaSet = z.output<typeof ReplicaSet>;

const StatefulSet = z.looseObject({
  ...named,
  spec: z.looseObject({
    replicas: Count.default(1),
    selector: Selector,
    template: Template,
    serviceName: z.string().default(""),
  }),
  status: z
    .looseObject({
      ...WorkloadCounts,
      currentReplicas: Count.optional(),
      updatedReplicas: Count.optional(),
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
    })
    .default({}),
});
export type StatefulSet = z.output<typeof StatefulSet>;

const Terminated = z.looseObject({
  exitCode: z.int(),
  reason: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
});
const ContainerState = z.looseObject({
  waiting: z.looseObject({ reason: z.string(), message: z.string().optional() }).optional(),
  running: z.looseObject({ startedAt: z.string() }).optional(),
  terminated: Terminated.optional(),
});
export type ContainerState = z.output<typeof ContainerState>;
const ContainerStatus = z.looseObject({
  name: z.string(),
  image: z.string(),
  ready: z.boolean(),
  restartCount: Count,
  state: ContainerState,
  lastState: ContainerState,
});
export type ContainerStatus = z.output<typeof ContainerStatus>;

const Pod = z.looseObject({
  ...named,
  spec: PodSpec,
  status: z
    .looseObject({
      phase: z.string().default("Pending"),
      podIP: z.string().optional(),
      startTime: z.string().optional(),
      conditions: z.array(Condition).optional(),
      containerStatuses: z.array(ContainerStatus).optional(),
    })
    .default({ phase: "Pending" }),
});
export type Pod = z.output<typeof Pod>;

const ClusterEvent = z.looseObject({
  ...named,
  involvedObject: z.looseObject({
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    fieldPath: z.string().optional(),
  }),
  reason: z.string(),
  message: z.string(),
  type: z.string(),
  count: z.int(),
  firstTimestamp: z.string(),
  lastTimestamp: z.string(),
  source: z.looseObject({ component: z.string() }),
});
export type ClusterEvent = z.output<typeof ClusterEvent>;

const Autoscaler = z.looseObject({
  ...named,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
    minReplicas: Count.default(1),
    maxReplicas: Count,
    metrics: z
      .array(
        z.looseObject({
          resource: z.looseObject({ target: z.looseObject({ averageUtilization: Count.optional() }) }).optional(),
        }),
      )
      .default([]),
  }),
  status: z
    .looseObject({
      currentReplicas: Count.optional(),
      desiredReplicas: Count.optional(),
      lastScaleTime: z.string().optional(),
      conditions: z.array(Condition).optional(),
    })
    .default({}),
});
export type Autoscaler = z.output<typeof Autoscaler>;

const Namespace = z.looseObject({
  ...named,
  status: z.looseObject({ phase: z.string() }).default({ phase: "Active" }),
});

const Node = z.looseObject({
  ...named,
  status: z.looseObject({ allocatable: Quantities, conditions: z.array(Condition) }),
});

const schemas = {
  deployments: Deployment,
  replicasets: ReplicaSet,
  statefulsets: StatefulSet,
  pods: Pod,
  events: ClusterEvent,
  horizontalpodautoscalers: Autoscaler,
  namespaces: Namespace,
  nodes: Node,
  controllerrevisions: z.looseObject({ ...named, revision: z.int() }),
};

export type Resource = keyof typeof schemas;
export type Kinds = { [Name in Resource]: z.output<(typeof schemas)[Name]> };

/** What comes out is a whole object of its kind, with the defaults that a real server fills in. */
export const readers: { readonly [Name in Resource]: (value: unknown) => z.ZodSafeParseResult<Kinds[Name]> } = {
  deployments: (value) => Deployment.safeParse(value),
  replicasets: (value) => ReplicaSet.safeParse(value),
  statefulsets: (value) => StatefulSet.safeParse(value),
  pods: (value) => Pod.safeParse(value),
  events: (value) => ClusterEvent.safeParse(value),
  horizontalpodautoscalers: (value) => Autoscaler.safeParse(value),
  namespaces: (value) => Namespace.safeParse(value),
  nodes: (value) => Node.safeParse(value),
  controllerrevisions: (value) => schemas.controllerrevisions.safeParse(value),
};

/** How a resource is called and addressed. */
export interface Definition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly short: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly ("scale" | "status" | "log")[];
  readonly categories: readonly string[];
}

const core = { group: "", version: "v1", namespaced: true, short: [], categories: [], subresources: [] };
const apps = { ...core, group: "apps" };
const all = ["all"];

export const definitions: { readonly [Name in Resource]: Definition } = {
  deployments: {
    ...apps,
    kind: "Deployment",
    singular: "deployment",
    short: ["deploy"],
    subresources: ["scale", "status"],
    categories: all,
  },
  replicasets: {
    ...apps,
    kind: "ReplicaSet",
    singular: "replicaset",
    short: ["rs"],
    subresources: ["scale", "status"],
    categories: all,
  },
  statefulsets: {
    ...apps,
    kind: "StatefulSet",
    singular: "statefulset",
    short: ["sts"],
    subresources: ["scale", "status"],
    categories: all,
  },
  controllerrevisions: { ...apps, kind: "ControllerRevision", singular: "controllerrevision" },
  pods: { ...core, kind: "Pod", singular: "pod", short: ["po"], subresources: ["log", "status"], categories: all },
  events: { ...core, kind: "Event", singular: "event", short: ["ev"] },
  horizontalpodautoscalers: {
    ...core,
    group: "autoscaling",
    version: "v2",
    kind: "HorizontalPodAutoscaler",
    singular: "horizontalpodautoscaler",
    short: ["hpa"],
    subresources: ["status"],
    categories: all,
  },
  namespaces: { ...core, kind: "Namespace", singular: "namespace", short: ["ns"], namespaced: false },
  nodes: { ...core, kind: "Node", singular: "node", short: ["no"], namespaced: false },
};

export const resources: readonly Resource[] = [
  "deployments",
  "replicasets",
  "statefulsets",
  "controllerrevisions",
  "pods",
  "events",
  "horizontalpodautoscalers",
  "namespaces",
  "nodes",
];

export function apiVersionOf({ group, version }: Definition): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `deployments.apps`, as the server's own messages name a resource. */
export function qualifiedName(resource: Resource): string {
  const { group } = definitions[resource];
  return group === "" ? resource : `${resource}.${group}`;
}
