import type { Cluster } from "./cluster.ts";
import type { Pod, Thing } from "./kinds.ts";
import { headOf, stamp } from "./store.ts";

export const hashLabel = "pod-template-hash";
const letters = "bcdfghjklmnpqrstvwxz2456789";

type Template = Pick<Pod, "spec"> & { readonly metadata: { readonly labels?: Record<string, string> | undefined } };

/** An owner reference to the controller of what is made. */
export function controllerOf(owner: Thing): NonNullable<Thing["metadata"]["ownerReferences"]>[number] {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/** A pod as its controller makes it, before anything has placed it. */
export function makePod(owner: Thing, name: string, template: Template): Pod {
  const { labels = {}, ...rest } = template.metadata;
  const { namespace } = owner.metadata;
  return {
    ...headOf("pods"),
    metadata: {
      ...rest,
      name,
      ...(owner.kind === "ReplicaSet" && { generateName: `${owner.metadata.name}-` }),
      ...(namespace !== undefined && { namespace }),
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      labels,
      ownerReferences: [controllerOf(owner)],
    },
    spec: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      serviceAccountName: "default",
      ...template.spec,
    },
    status: { phase: "Pending", qosClass: "Burstable" },
  };
}

/** Asks a pod to end; it is gone a little later. */
export function endPod(cluster: Cluster, pod: Pod): Pod {
  if (pod.metadata.deletionTimestamp !== undefined) return pod;
  const deletionTimestamp = stamp(cluster.at + 30_000);
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 };
  return cluster.put("pods", { ...pod, metadata });
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

/** So many characters out of those that make no words. */
export function suffix(cluster: Cluster, length: number): string {
  const pick = (): string => letters[Math.floor(cluster.random.next() * letters.length)] ?? "b";
  return Array.from({ length }, pick).join("");
}

/** A short name for a template: the same template, the same name. */
export function hashOf(template: unknown, salt = 0): string {
  let value = 0x811c9dc5 + salt;
  for (const character of JSON.stringify(template))
    value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return Array.from(
    { length: 9 },
    (_, index) => letters[(value * (index + 7) + (value >>> index)) % letters.length],
  ).join("");
}

/** Sets one condition; it keeps the moment its status began, and all of it when nothing but the time is new. */
export function conditionSet(
  known: readonly Condition[],
  wanted: { type: string; status: string; reason: string; message: string },
  now: string,
): Condition[] {
  const before = known.find(({ type }) => type === wanted.type);
  const others = known.filter(({ type }) => type !== wanted.type);
  if (before?.status === wanted.status && before.reason === wanted.reason && before.message === wanted.message) {
    return [...known];
  }
  const lastTransitionTime = before?.status === wanted.status ? (before.lastTransitionTime ?? now) : now;
  return [...others, { ...wanted, lastUpdateTime: now, lastTransitionTime }];
}

export type Condition = NonNullable<Pod["status"]["conditions"]>[number];
