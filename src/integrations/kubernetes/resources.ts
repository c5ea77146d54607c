/**
 * Everything that is asked of a cluster, and for what: nothing else is ever asked. `docs/kubernetes-rbac.yaml` gives exactly
 * this, and a test holds them together.
 */
export const kubeResources = {
  namespaces: { group: "", version: "v1", verbs: ["get"] },
  pods: { group: "", version: "v1", verbs: ["get", "list", "delete"] },
  "pods/log": { group: "", version: "v1", verbs: ["get"] },
  events: { group: "", version: "v1", verbs: ["list"] },
  deployments: { group: "apps", version: "v1", verbs: ["get", "list", "patch"] },
  "deployments/scale": { group: "apps", version: "v1", verbs: ["get", "update"] },
  statefulsets: { group: "apps", version: "v1", verbs: ["get", "list", "patch"] },
  "statefulsets/scale": { group: "apps", version: "v1", verbs: ["get", "update"] },
  replicasets: { group: "apps", version: "v1", verbs: ["list"] },
  horizontalpodautoscalers: { group: "autoscaling", version: "v2", verbs: ["list"] },
  "pods.metrics": { group: "metrics.k8s.io", version: "v1beta1", verbs: ["list"] },
  /** Whether something is allowed, which every user may ask of itself. */
  selfsubjectaccessreviews: { group: "authorization.k8s.io", version: "v1", verbs: ["create"] },
} as const satisfies Readonly<Record<string, KubeResourceRule>>;

interface KubeResourceRule {
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly ("get" | "list" | "patch" | "update" | "delete" | "create")[];
}

export type KubeResource = keyof typeof kubeResources;
/** What a resource may be asked for. */
export type KubeVerb<Resource extends KubeResource = KubeResource> = (typeof kubeResources)[Resource]["verbs"][number];

/** Of the cluster's own API where it is in no namespace. */
export function pathOf(
  resource: KubeResource,
  { namespace, name }: { readonly namespace: string; readonly name?: string | undefined },
): string {
  const { group, version } = kubeResources[resource];
  const [plain = "", sub] = resource.split(".")[0]?.split("/") ?? [];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within =
    plain === "namespaces" || plain === "selfsubjectaccessreviews"
      ? ""
      : `/namespaces/${encodeURIComponent(namespace)}`;
  const one = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${root}${within}/${plain}${one}${sub === undefined ? "" : `/${sub}`}`;
}

/** The rule of a Role that a refusal misses, as it is written there. */
export function ruleWords(verb: KubeVerb, resource: KubeResource): string {
  const name = resource.split(".")[0] ?? resource;
  return `{ apiGroups: ["${kubeResources[resource].group}"], resources: ["${name}"], verbs: ["${verb}"] }`;
}
