import type { Autoscaler, Deployment, Kinds, Pod, ReplicaSet, Resource, StatefulSet, Thing } from "./kinds.ts";

type Cell = string | number;

interface Column<Name extends Resource> {
  readonly name: string;
  readonly cell: (object: Kinds[Name], now: number) => Cell;
  readonly type?: "string" | "integer";
  /** 1: shown by `-o wide` only. */
  readonly priority?: 1;
}

const name = { name: "Name", format: "name", cell: ({ metadata }: Thing): Cell => metadata.name };
const age = {
  name: "Age",
  cell: ({ metadata }: Thing, now: number): Cell => since(metadata.creationTimestamp, now),
};
type Templated = Deployment | ReplicaSet | StatefulSet;
const containers = [
  {
    name: "Containers",
    priority: 1 as const,
    cell: ({ spec }: Templated): Cell => spec.template.spec.containers.map((each) => each.name).join(","),
  },
  {
    name: "Images",
    priority: 1 as const,
    cell: ({ spec }: Templated): Cell => spec.template.spec.containers.map((each) => each.image).join(","),
  },
];
const selector = {
  name: "Selector",
  priority: 1 as const,
  cell: ({ spec }: Templated): Cell =>
    Object.entries(spec.selector.matchLabels ?? {})
      .map((pair) => pair.join("="))
      .join(","),
};

const columns: { readonly [Name in Resource]: readonly Column<Name>[] } = {
  pods: [
    name,
    { name: "Ready", cell: readyContainers },
    { name: "Status", cell: statusOf },
    { name: "Restarts", cell: restartsOf },
    age,
    { name: "IP", priority: 1, cell: ({ status }) => status.podIP ?? "<none>" },
    { name: "Node", priority: 1, cell: ({ spec }) => spec.nodeName ?? "<none>" },
    { name: "Nominated Node", priority: 1, cell: () => "<none>" },
    { name: "Readiness Gates", priority: 1, cell: () => "<none>" },
  ],
  deployments: [
    name,
    { name: "Ready", cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
    { name: "Up-to-date", type: "integer", cell: ({ status }) => status.updatedReplicas ?? 0 },
    { name: "Available", type: "integer", cell: ({ status }) => status.availableReplicas ?? 0 },
    age,
    ...containers,
    selector,
  ],
  replicasets: [
    name,
    { name: "Desired", type: "integer", cell: ({ spec }) => spec.replicas },
    { name: "Current", type: "integer", cell: ({ status }) => status.replicas ?? 0 },
    { name: "Ready", type: "integer", cell: ({ status }) => status.readyReplicas ?? 0 },
    age,
    ...containers,
    selector,
  ],
  statefulsets: [
    name,
    { name: "Ready", cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
    age,
    ...containers,
  ],
  controllerrevisions: [
    name,
    {
      name: "Controller",
      cell: ({ metadata }) => `statefulset.apps/${metadata.ownerReferences?.[0]?.name ?? "<none>"}`,
    },
    { name: "Revision", type: "integer", cell: ({ revision }) => revision },
    age,
  ],
  events: [
    { name: "Last Seen", cell: (event, now) => since(event.lastTimestamp, now) },
    { name: "Type", cell: (event) => event.type },
    { name: "Reason", cell: (event) => event.reason },
    {
      name: "Object",
      cell: ({ involvedObject }) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
    },
    { name: "Subobject", priority: 1, cell: ({ involvedObject }) => involvedObject.fieldPath ?? "" },
    { name: "Source", priority: 1, cell: ({ source }) => source.component },
    { name: "Message", cell: (event) => event.message },
    { name: "First Seen", priority: 1, cell: (event, now) => since(event.firstTimestamp, now) },
    { name: "Count", type: "integer", priority: 1, cell: (event) => event.count },
    { ...name, priority: 1 },
  ],
  horizontalpodautoscalers: [
    name,
    { name: "Reference", cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: "Targets", cell: targetsOf },
    { name: "MinPods", cell: ({ spec }) => `${spec.minReplicas}` },
    { name: "MaxPods", type: "integer", cell: ({ spec }) => spec.maxReplicas },
    { name: "Replicas", type: "integer", cell: ({ status }) => status.currentReplicas ?? 0 },
    age,
  ],
  namespaces: [name, { name: "Status", cell: ({ status }) => status.phase }, age],
  nodes: [
    name,
    {
      name: "Status",
      cell: ({ status }) => (status.conditions.some((each) => each.status === "True") ? "Ready" : "NotReady"),
    },
    { name: "Roles", cell: () => "worker" },
    age,
    { name: "Version", cell: () => "v1.32.4" },
  ],
};

/** What the server draws for `Accept: application/json;as=Table`. */
export function tableOf<Name extends Resource>(
  resource: Name,
  objects: readonly Kinds[Name][],
  { now, version, include }: { now: number; version: string; include: string },
): object {
  const drawn = columns[resource];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: version },
    columnDefinitions: drawn.map((column) => ({
      name: column.name,
      type: column.type ?? "string",
      format: column.name === "Name" ? "name" : "",
      description: column.name,
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: drawn.map((column) => column.cell(object, now)),
      ...(include !== "None" && { object: include === "Object" ? object : partOf(object) }),
    })),
  };
}

function partOf({ metadata }: Thing): object {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

function readyContainers({ spec, status }: Pod): string {
  const ready = status.containerStatuses?.filter((each) => each.ready).length ?? 0;
  return `${ready}/${spec.containers.length}`;
}

function statusOf({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const { state } of status.containerStatuses ?? []) {
    const reason = state.waiting?.reason ?? state.terminated?.reason;
    if (reason !== undefined) return reason;
  }
  return status.phase;
}

function restartsOf({ status }: Pod, now: number): string {
  const restarts = status.containerStatuses?.reduce((sum, each) => sum + each.restartCount, 0) ?? 0;
  const last = status.containerStatuses?.findLast((each) => each.lastState.terminated)?.lastState.terminated;
  return restarts > 0 && last ? `${restarts} (${since(last.finishedAt, now)} ago)` : `${restarts}`;
}

function targetsOf({ spec, status }: Autoscaler): string {
  const goal = spec.metrics[0]?.resource?.target.averageUtilization;
  const told = /"averageUtilization":(\d+)/.exec(JSON.stringify(status["currentMetrics"] ?? []))?.[1];
  return `cpu: ${told === undefined ? "<unknown>" : `${told}%`}/${goal ?? 80}%`;
}

function both(large: string, small: number, unit: string): string {
  return small === 0 ? large : `${large}${small}${unit}`;
}

/** How long ago, as kubectl writes it: `45s`, `3m20s`, `4h`, `2d`. */
function since(moment: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(moment)) / 1_000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return both(`${minutes}m`, seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return both(`${hours}h`, minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  return days < 8 ? both(`${days}d`, hours % 24, "h") : `${days}d`;
}
