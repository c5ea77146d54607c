import { z } from "zod";

/** What is read of the objects of Kubernetes. What it does not say is left out, and is never zero. */

const Count = z.int().min(0);
const Labels = z.record(z.string(), z.string());

const KubeMeta = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: Labels.optional(),
  annotations: Labels.optional(),
  /** Who wrote which of its fields last, and when, as the server itself keeps account. */
  managedFields: z.array(z.object({ time: z.string().nullish(), subresource: z.string().nullish() })).optional(),
  ownerReferences: z
    .array(z.object({ uid: z.string(), kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
    .optional(),
});

const Amounts = z.record(z.string(), z.union([z.string(), z.number().transform(String)]));
const Container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  resources: z.looseObject({ requests: Amounts.optional(), limits: Amounts.optional() }).optional(),
});
const Template = z.looseObject({
  metadata: z.looseObject({ labels: Labels.optional(), annotations: Labels.optional() }).optional(),
  spec: z.looseObject({ containers: z.array(Container).min(1), initContainers: z.array(Container).nullish() }),
});
export type KubeTemplate = z.output<typeof Template>;

const KubeSelector = z.object({
  matchLabels: Labels.optional(),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type KubeSelector = z.output<typeof KubeSelector>;

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** A Deployment or a StatefulSet. */
export const KubeWorkload = z.object({
  metadata: KubeMeta,
  spec: z.object({
    replicas: Count.optional(),
    paused: z.boolean().optional(),
    selector: KubeSelector,
    template: Template,
  }),
  status: z
    .object({
      observedGeneration: z.int().optional(),
      replicas: Count.optional(),
      updatedReplicas: Count.optional(),
      readyReplicas: Count.optional(),
      availableReplicas: Count.optional(),
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      conditions: z.array(Condition).optional(),
    })
    .default({}),
});
export type KubeWorkload = z.output<typeof KubeWorkload>;

export const KubeReplicaSet = z.object({
  metadata: KubeMeta,
  spec: z.object({ replicas: Count.optional(), template: Template }),
  status: z.object({ replicas: Count.optional() }).optional(),
});
export type KubeReplicaSet = z.output<typeof KubeReplicaSet>;

const ContainerState = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.object({ startedAt: z.string().nullish() }).optional(),
  terminated: z
    .object({
      reason: z.string().optional(),
      exitCode: z.int().optional(),
      signal: z.int().optional(),
      startedAt: z.string().nullish(),
    })
    .optional(),
});
const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: Count,
  image: z.string().optional(),
  imageID: z.string().optional(),
  state: ContainerState.optional(),
  lastState: ContainerState.optional(),
});
export const KubePod = z.object({
  metadata: KubeMeta,
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(Container).min(1),
    initContainers: z.array(Container).nullish(),
  }),
  status: z.object({
    phase: z.string().optional(),
    reason: z.string().optional(),
    conditions: z.array(Condition).optional(),
    initContainerStatuses: z.array(ContainerStatus).optional(),
    containerStatuses: z.array(ContainerStatus).optional(),
  }),
});
export type KubePod = z.output<typeof KubePod>;

export const KubeEvent = z.object({
  metadata: KubeMeta.pick({ name: true, creationTimestamp: true }),
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  count: Count.nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: Count.optional(), lastObservedTime: z.string().optional() }).nullish(),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional() }),
});
export type KubeEvent = z.output<typeof KubeEvent>;

export const KubeAutoscaler = z.object({
  metadata: KubeMeta,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: Count.optional(),
    maxReplicas: Count,
  }),
});
export type KubeAutoscaler = z.output<typeof KubeAutoscaler>;

export const KubePodMetrics = z.object({
  metadata: z.object({ name: z.string() }),
  timestamp: z.string().optional(),
  containers: z.array(z.object({ name: z.string(), usage: z.object({ cpu: z.string(), memory: z.string() }) })),
});
export type KubePodMetrics = z.output<typeof KubePodMetrics>;

export const KubeNamespace = z.object({ metadata: KubeMeta });

/** A list, which may have been cut at its limit. */
export function kubeList<Item extends z.ZodType>(item: Item) {
  return z.object({
    metadata: z.object({ continue: z.string().optional() }).default({}),
    items: z.array(item),
  });
}

/** A label selector as an address writes it. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: KubeSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case "In":
        return `${key} in (${values.join(",")})`;
      case "NotIn":
        return `${key} notin (${values.join(",")})`;
      case "Exists":
        return key;
      case "DoesNotExist":
        return `!${key}`;
    }
  });
  return [...equal, ...others].join(",");
}

/** A number of Kubernetes as `250m`, `1.5`, `300Mi`, `12345678n`; undefined for what is none. */
export function quantityOf(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(text) ?? [];
  return digits === "" ? undefined : Number(digits) * (units[unit] ?? 1);
}

const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
