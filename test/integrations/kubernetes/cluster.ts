import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Handler, json, openBackend } from "../backend.ts";

const template = (image: string) => ({
  metadata: { labels: { app: "api" } },
  spec: { containers: [{ name: "api", image }] },
});
export const condition = (type: string, status: string, reason = "") => ({
  type,
  status,
  reason,
  message: `said of ${type}`,
});

export function deployment(parts: { readonly spec?: object; readonly status?: object } = {}) {
  return {
    metadata: {
      name: "api",
      uid: "u-api",
      generation: 7,
      resourceVersion: "700",
      annotations: { "deployment.kubernetes.io/revision": "4" },
    },
    spec: { replicas: 2, selector: { matchLabels: { app: "api" } }, template: template("api:bad"), ...parts.spec },
    status: {
      observedGeneration: 7,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      ...parts.status,
    },
  };
}

/** As the server has it that keeps account of who wrote what, and since when nobody has written into it. */
export function accounted(
  of: ReturnType<typeof deployment>,
  { at = "2026-01-02T03:04:05Z", ...more }: { readonly at?: string; readonly observedGeneration?: number } = {},
) {
  const managedFields = [
    { manager: "kubectl-create", operation: "Update", time: "2026-01-01T00:00:00Z" },
    { manager: "kube-controller-manager", operation: "Update", subresource: "status", time: at },
  ];
  const metadata = { ...of.metadata, creationTimestamp: "2026-01-01T00:00:00Z", managedFields };
  return { ...of, metadata, status: { ...of.status, ...more } };
}

export function pod(name: string, state: object = { running: {} }, restartCount = 0) {
  const ready = "running" in state;
  return {
    metadata: { name, uid: `u-${name}`, creationTimestamp: "2026-11-28T03:00:00Z" },
    spec: { nodeName: "node-1", containers: [{ name: "api", image: "api:bad" }] },
    status: { phase: "Running", containerStatuses: [{ name: "api", ready, restartCount, state }] },
  };
}

export function set(revision: number, image: string, owner = "u-api") {
  const annotations = {
    "deployment.kubernetes.io/revision": String(revision),
    "kubernetes.io/change-cause": `rev ${revision}`,
  };
  return {
    metadata: {
      name: `api-${revision}`,
      uid: `u-${revision}`,
      annotations,
      ownerReferences: [{ uid: owner, kind: "Deployment", name: "api" }],
    },
    spec: { replicas: 0, template: template(image) },
  };
}

export const list = (...items: unknown[]) => ({ metadata: {}, items });
export const group = "/apis/apps/v1/namespaces/shop";
export const core = "/api/v1/namespaces/shop";
const hpa = {
  metadata: { name: "api", uid: "u-hpa" },
  spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas: 2, maxReplicas: 9 },
};

const answers: Readonly<Record<string, unknown>> = {
  [`${group}/deployments/api`]: deployment(),
  [`${group}/deployments`]: list(deployment()),
  [`${group}/replicasets`]: list(set(2, "api:good"), set(3, "api:bad"), set(4, "api:bad"), set(9, "other:1", "u-else")),
  [`${core}/pods`]: list(pod("api-a"), pod("api-b")),
  [`/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers`]: list(hpa),
};

export function serving(changed: Readonly<Record<string, unknown>> = {}): Handler {
  const known = { ...answers, ...changed };
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://x");
    const found = known[pathname];
    if (typeof found === "string") {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(found);
    } else json(found ?? { kind: "Status", message: "not found" }, found === undefined ? 404 : 200)(request, response);
  };
}

export function kubeconfig(server: string, extra: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "kube-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "config");
  const file = {
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "bot", user: { token: "kube-token-4711" } }],
    contexts: [{ name: "prod", context: { cluster: "c", user: "bot" } }],
    "current-context": "prod",
    ...extra,
  };
  writeFileSync(path, JSON.stringify(file));
  return path;
}

export async function cluster(handler: Handler = serving()) {
  const server = await openBackend(handler);
  return { server, at: { namespace: "shop", kubeconfig: kubeconfig(server.url) } };
}
