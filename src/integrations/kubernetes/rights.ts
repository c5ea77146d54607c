import { z } from "zod";
import { inTurns } from "../../domain/in-turns.ts";
import type { RightsFound } from "../../domain/systems/backend.ts";
import { proofsOf } from "../../domain/systems/identities.ts";
import type { System } from "../../domain/systems/system.ts";
import type { Kube } from "./api.ts";
import { connectionIn, type KubernetesConnection, type NamespaceSpec, type WorkloadKind } from "./connection.ts";
import { KubernetesHealth, workloadIn } from "./health.ts";
import { KubernetesLog } from "./logs.ts";
import { KubernetesQuery } from "./query.ts";
import { type KubeResource, type KubeVerb, kubeResources, ruleWords } from "./resources.ts";
import { StateRead } from "./state-read.ts";
import { KubernetesStep } from "./step-spec.ts";
import { KubernetesFact, KubernetesIdentity, KubernetesList, KubernetesMetric } from "./values.ts";

/** One thing that has to be allowed. `name`: of what is allowed by its name alone. */
interface Right {
  readonly verb: KubeVerb;
  readonly resource: KubeResource;
  readonly name?: string;
}

interface Need {
  readonly spec: NamespaceSpec;
  readonly rights: readonly Right[];
}

function right(verb: KubeVerb, resource: KubeResource): Right {
  return { verb, resource };
}

type OfWorkload = Readonly<Partial<Record<WorkloadKind, string | undefined>>>;

function getOf(spec: OfWorkload): Right {
  return right("get", `${workloadIn(spec).kind}s`);
}

interface OfBackend {
  readonly backend: string;
  readonly spec: unknown;
}

function specs(sources: readonly OfBackend[]): unknown[] {
  return sources.flatMap(({ backend, spec }) => (backend === "kubernetes" ? [spec] : []));
}

function source({ source: of }: { readonly source: OfBackend }): OfBackend {
  return of;
}

/** Every namespace that a system's file asks anything of, some more than once. */
export function namespacesOf(system: System): KubernetesConnection[] {
  return needsOf(system).map(({ spec }) => connectionIn(spec));
}

/** Everything that a system's file has asked of clusters, each with what has to be allowed for it. */
function needsOf(system: System): Need[] {
  const { health, facts, metrics, logs, lists, queries, operations } = system;
  return [
    ...specs(health.map(source)).map((spec) => healthNeed(KubernetesHealth.parse(spec))),
    ...specs(facts.map(source)).map((spec) => factNeed(KubernetesFact.parse(spec))),
    ...specs(metrics.map(source)).map((spec) => metricNeed(KubernetesMetric.parse(spec))),
    ...specs(logs.map(source)).map((spec) => logNeed(KubernetesLog.parse(spec))),
    ...specs(Object.values(lists).map(source)).map((spec) => listNeed(KubernetesList.parse(spec))),
    ...specs(queries.map(source)).map((spec) => queryNeed(KubernetesQuery.parse(spec))),
    ...specs(proofsOf(system).map(source)).map((spec) => identityNeed(KubernetesIdentity.parse(spec))),
    ...Object.values(operations).flatMap(operationNeeds),
  ];
}

function healthNeed({ kubernetes }: z.output<typeof KubernetesHealth>): Need {
  return { spec: kubernetes, rights: [getOf(kubernetes), right("list", "pods")] };
}

function factNeed({ kubernetes }: z.output<typeof KubernetesFact>): Need {
  if ("oneRelease" in kubernetes) return { spec: kubernetes, rights: [right("get", "deployments")] };
  return { spec: kubernetes, rights: [getOf(kubernetes)] };
}

function metricNeed({ kubernetes }: z.output<typeof KubernetesMetric>): Need {
  const more = {
    restarts: [right("list", "pods")],
    cpu: [right("list", "pods.metrics")],
    memory: [right("list", "pods.metrics")],
    replicas: [],
    available: [],
    unavailable: [],
  };
  return { spec: kubernetes, rights: [getOf(kubernetes), ...more[kubernetes.value]] };
}

function logNeed({ kubernetes }: z.output<typeof KubernetesLog>): Need {
  return { spec: kubernetes, rights: [getOf(kubernetes), right("list", "pods"), right("get", "pods/log")] };
}

function listNeed({ kubernetes }: z.output<typeof KubernetesList>): Need {
  const rights = kubernetes.revisions
    ? [right("get", "deployments"), right("list", "replicasets")]
    : [right("list", kubernetes.list ?? "deployments")];
  return { spec: kubernetes, rights };
}

function queryNeed({ kubernetes }: z.output<typeof KubernetesQuery>): Need {
  const { pods, statefulsets, events, top, history } = kubernetes;
  const within = pods ?? top ?? {};
  const rights = [
    ...(Object.keys(within).length > 0 ? [getOf(within)] : []),
    ...(pods ? [right("list", "pods")] : []),
    ...(top ? [right("list", "pods.metrics")] : []),
    ...(events ? [right("list", "events")] : []),
    ...(history ? [right("get", "deployments"), right("list", "replicasets")] : []),
    ...(statefulsets ? [right("list", "statefulsets")] : []),
    ...(kubernetes.deployments ? [right("list", "deployments")] : []),
  ];
  return { spec: kubernetes, rights };
}

function identityNeed({ kubernetes }: z.output<typeof KubernetesIdentity>): Need {
  const { namespace, cluster } = kubernetes.expect;
  const names = [
    ...(namespace === undefined ? [] : [connectionIn(kubernetes).namespace]),
    ...(cluster === undefined ? [] : ["kube-system"]),
  ];
  return { spec: kubernetes, rights: names.map((name) => ({ ...right("get", "namespaces"), name })) };
}

/** A watch has what it reads below the key of its kind. */
const Watched = z.looseObject({ kubernetes: z.unknown() });

function operationNeeds({ read, steps, verify }: System["operations"][string]): Need[] {
  const reads = Object.values(read).flatMap(({ kind, spec }) => (kind === "kubernetes" ? [spec] : []));
  return [
    ...reads.map((spec) => readNeed(StateRead.parse(spec))),
    ...[...steps, ...verify].flatMap(({ kind, spec }): Need[] => {
      if (kind === "kubernetes") return [stepNeed(KubernetesStep.parse(spec))];
      const watched = kind === "watch" ? Watched.safeParse(spec).data?.kubernetes : undefined;
      return watched === undefined ? [] : [readNeed(StateRead.parse(watched))];
    }),
  ];
}

function readNeed(spec: StateRead): Need {
  const rights = [
    ...(spec.deployments
      ? [right("get", "deployments"), right("list", "replicasets"), right("list", "horizontalpodautoscalers")]
      : []),
    ...(spec.statefulsets ? [right("get", "statefulsets"), right("list", "horizontalpodautoscalers")] : []),
    ...(spec.releases ? [right("get", "deployments"), right("list", "replicasets")] : []),
    ...(spec.templates ? [right("get", "deployments")] : []),
    ...(spec.rollout ? [right("get", "deployments"), right("list", "pods")] : []),
    ...(spec.pods ? [right("get", "pods")] : []),
  ];
  return { spec, rights };
}

function stepNeed(spec: KubernetesStep): Need {
  const { scale, setImage, setResources, deletePod, undo } = spec;
  if (deletePod) return { spec, rights: [right("get", "pods"), right("delete", "pods")] };
  if (scale) {
    const of = `${workloadIn(scale).kind}s/scale` as const;
    return { spec, rights: [getOf(scale), right("get", of), right("update", of)] };
  }
  const workload = setImage ?? setResources;
  const kind = workload ? workloadIn(workload).kind : "deployment";
  return {
    spec,
    rights: [right("get", `${kind}s`), right("patch", `${kind}s`), ...(undo ? [right("list", "replicasets")] : [])],
  };
}

const Review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });
/** So that they do not come down on the cluster together. */
const atOnce = 6;

/**
 * Asks each cluster that a system's file names whether what the file needs is allowed, by what every user may ask of itself.
 * Throws BackendError.
 */
export async function examineRights(kube: Kube, system: System, deadlineMs: number): Promise<readonly RightsFound[]> {
  const needs = Map.groupBy(needsOf(system), ({ spec }) => keyOf(connectionIn(spec)));
  const asked = [...needs.values()].flatMap((all) => {
    const [first] = all;
    const rights = all.flatMap((each) => each.rights);
    return first ? [rightsOn(kube, connectionIn(first.spec), { rights, deadlineMs })] : [];
  });
  return Promise.all(asked);
}

function keyOf({ namespace, context, kubeconfig }: KubernetesConnection): string {
  return JSON.stringify([namespace, context, kubeconfig]);
}

async function rightsOn(
  kube: Kube,
  connection: KubernetesConnection,
  { rights, deadlineMs }: { readonly rights: readonly Right[]; readonly deadlineMs: number },
): Promise<RightsFound> {
  const once = [...new Map(rights.map((each) => [JSON.stringify(each), each])).values()];
  const told = await inTurns(once, atOnce, async (each) => {
    const json = reviewOf(each, connection.namespace);
    const body = { type: "application/json", json };
    const at = { connection, deadlineMs };
    const { status } = await kube.json(at, { verb: "create", resource: "selfsubjectaccessreviews", body }, Review);
    return status.allowed ? [] : [ruleWords(each.verb, each.resource)];
  });
  return { where: `namespace ${connection.namespace}`, needed: once.length, missing: told.flat() };
}

function reviewOf({ verb, resource, name }: Right, namespace: string): unknown {
  const [plain = "", subresource] = (resource.split(".")[0] ?? "").split("/");
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        namespace: name ?? namespace,
        verb,
        group: kubeResources[resource].group,
        resource: plain,
        ...(subresource !== undefined && { subresource }),
        ...(name !== undefined && { name }),
      },
    },
  };
}
