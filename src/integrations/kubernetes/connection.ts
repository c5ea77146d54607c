import { z } from "zod";

/** A name of Kubernetes (RFC 1123): nothing in it leads to another address. */
export const KubeName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a name of Kubernetes is small letters, digits, - and .");

/** One namespace of a cluster, and how the cluster is reached. */
export const KubernetesConnection = z.strictObject({
  namespace: KubeName,
  /** A context of the kubeconfig; its current one when left out. */
  context: z.string().min(1).optional(),
  /** A kubeconfig file. When left out, `~/.kube/config`, or the service account of the pod that this runs in. */
  kubeconfig: z
    .string()
    .regex(/^(?:\/|\$\{)/, "the path of a file starts with /")
    .optional(),
  /** The longest a call may take, in ms, where the entry itself leaves more. */
  timeoutMs: z.int().min(100).max(60_000).optional(),
});
export type KubernetesConnection = z.output<typeof KubernetesConnection>;

const NamedNamespace = z.strictObject({ backend: z.string() });

/** What is asked of a namespace: one of the system's backends by its name, or one that is described where it is asked. */
export function ofNamespace<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([NamedNamespace.extend(shape), KubernetesConnection.extend(shape)]);
}

export type NamespaceSpec = z.output<typeof NamedNamespace> | KubernetesConnection;

/** How it is reached. A name that the composition left is an exception: no file that says so is taken. */
export function connectionIn(spec: NamespaceSpec): KubernetesConnection {
  if ("backend" in spec) throw new Error(`the backend ${spec.backend} was not filled in`);
  return spec;
}

/** What controls pods and can be scaled and rolled out. */
export const workloadKinds = ["deployment", "statefulset"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Exactly one of these keys has to be there. */
export function saysOne(keys: readonly string[]): (value: object) => boolean {
  return (value) => keys.filter((key) => Object.hasOwn(value, key)).length === 1;
}
