import type { Cluster } from "./cluster.ts";
import type { Deployment, ReplicaSet } from "./kinds.ts";
import { hashLabel } from "./owned.ts";

export const revisionKey = "deployment.kubernetes.io/revision";

type Template = ReplicaSet["spec"]["template"];

/** The ReplicaSets of a deployment: the one of its present template, if there is one yet, and the others. */
export interface Generations {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export function revisionOf(object: { readonly metadata: ReplicaSet["metadata"] }): number {
  return Number(object.metadata.annotations?.[revisionKey] ?? 0);
}

/** How many pods there may be beyond those asked for, and how many of those may be missing. */
export function roomOf({ spec }: Deployment): { surge: number; unavailable: number } {
  if (spec.strategy.type === "Recreate") return { surge: 0, unavailable: spec.replicas };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy.rollingUpdate ?? {};
  const share = (value: string | number, round: (exact: number) => number): number =>
    typeof value === "number" ? value : round((Number.parseInt(value, 10) / 100) * spec.replicas);
  const surge = share(maxSurge, Math.ceil);
  const unavailable = share(maxUnavailable, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function generationsOf(cluster: Cluster, deployment: Deployment): Generations {
  const sets = cluster.store.ownedBy("replicasets", deployment.metadata.uid);
  const wanted = textOf(deployment.spec.template);
  const isCurrent = (set: ReplicaSet): boolean => textOf(set.spec.template) === wanted;
  const current = sets.filter(isCurrent).toSorted((one, other) => revisionOf(one) - revisionOf(other))[0];
  return { current, old: sets.filter((set) => set !== current) };
}

const texts = new WeakMap<Template, string>();

/** What a template says beside its hash. It is written once and compared at every look at its deployment. */
function textOf(template: Template): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const text = JSON.stringify(sorted(withoutHash(template)));
  texts.set(template, text);
  return text;
}

function withoutHash(template: Template): Template {
  const { [hashLabel]: _hash, ...labels } = template.metadata.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The same value with its keys in order, so that equal things are equal as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.flatMap(([key, each]) => (each === null ? [] : [[key, sorted(each)]])));
}
