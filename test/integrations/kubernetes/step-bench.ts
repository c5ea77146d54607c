import { stepKindsOf } from "../../../src/domain/systems/backend.ts";
import type { PlanValues } from "../../../src/domain/systems/placeholders.ts";
import { createRehearsals, createStepRunner } from "../../../src/integrations/steps.ts";
import { type Handler, json, openBackends } from "../backend.ts";
import { cluster, deployment, group, serving } from "./cluster.ts";

export interface Sent {
  readonly line: string;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** Answers reads as told, and takes every change, which it keeps. */
export function taking(sent: Sent[], changed: Readonly<Record<string, unknown>> = {}, change?: Handler): Handler {
  return (request, response) => {
    if (request.method === "GET") return serving(changed)(request, response);
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      const body: unknown = JSON.parse(text);
      sent.push({ line: `${request.method} ${request.url}`, type: request.headers["content-type"], body });
      if (change) change(request, response);
      else json(request.url?.includes("/scale") ? body : deployment())(request, response);
    });
  };
}

export const scaleAt = `${group}/deployments/api/scale`;
export const scale = (replicas: number) => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: "api", uid: "u-api", resourceVersion: "700" },
  spec: { replicas },
});

export async function step(handler: Handler, spec: object, values: PlanValues = { n: 5, service: "api" }) {
  const { server, at } = await cluster(handler);
  const backends = openBackends();
  const kind = stepKindsOf(backends).get("kubernetes");
  if (!kind) throw new Error("no kind");
  const resolved = kind.resolve({ ...at, ...spec }, values);
  const planned = {
    id: "it",
    title: "It",
    kind: "kubernetes",
    backend: "kubernetes",
    spec: JSON.parse(JSON.stringify(resolved)),
    description: kind.describe(resolved),
    budgetMs: kind.budgetMs(resolved),
  };
  const runner = createStepRunner(backends);
  return {
    server,
    says: planned.description,
    run: () => runner.run(planned, { key: "key-1", elapsedMs: 0 }),
    probe: (elapsedMs = 20_000) => runner.probe(planned, "key-1", elapsedMs),
    rehearse: async () => (await createRehearsals(backends).refusalOf([planned]))?.why,
  };
}
