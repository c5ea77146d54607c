import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { startKubernetes } from "../../../demo/kubernetes/start.ts";
import { createRandom } from "../../../demo/random.ts";
import { createKube, type Kube, type KubeAsked } from "../../../src/integrations/kubernetes/api.ts";
import { readPodLogs } from "../../../src/integrations/kubernetes/logs.ts";
import { pathOf } from "../../../src/integrations/kubernetes/resources.ts";
import { kubernetesStep } from "../../../src/integrations/kubernetes/step.ts";
import { temporaryFolder } from "../../demo/rig.ts";

/**
 * What kubectl v1.32.4 sent to the demo's API (its seed 7, at the time below), as its own `-v=8` tells it: one entry a command,
 * with what it read first.
 */
const Recorded = z.array(
  z.strictObject({
    kubectl: z.string(),
    reads: z.array(z.string()),
    sends: z.array(z.strictObject({ request: z.string(), type: z.string().optional(), body: z.unknown() })),
  }),
);
type Request = z.output<typeof Recorded>[number]["sends"][number];
const recorded = Recorded.parse(JSON.parse(readFileSync(join(import.meta.dirname, "kubectl-requests.json"), "utf8")));
const recordedAt = Date.parse("2026-11-28T03:00:00Z");
const namespace = "prsm-production";
const image = `registry.prsm.org/prsm@sha256:${"a".repeat(64)}`;
const before = "registry.prsm.org/prsm@sha256:4dacbb0fe592921a8f774006b4980c8344450046d50be5c9257ec28a84a7362b";
const api = { deployment: "prsm-api" };
const worker = "prsm-worker-dzgr4tv2q-5f4sd";

const verbs = { get: "GET", list: "GET", patch: "PATCH", update: "PUT", delete: "DELETE", create: "POST" } as const;

/** Notes what is asked, in the form of the record. */
function recording(kube: Kube, reads: string[], sends: Request[]): Kube {
  const note = ({ verb, resource, name, parameters, body }: KubeAsked): void => {
    const query = new URLSearchParams(parameters).toString();
    const request = `${verbs[verb]} ${pathOf(resource, { namespace, name })}${query === "" ? "" : `?${query}`}`;
    if (body) sends.push({ request, type: body.type, body: body.json });
    else reads.push(request);
  };
  return {
    ...kube,
    json(at, asked, schema) {
      note(asked);
      return kube.json(at, asked, schema);
    },
    text(at, asked, take) {
      note(asked);
      return kube.text(at, asked, take);
    },
  };
}

const Merge = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.strictObject({ "wardroom.dev/step": z.string() }),
  }),
});
const Operations = z.array(z.looseObject({ op: z.string(), path: z.string(), value: z.unknown() }));

/**
 * Ours without what is more in it on purpose: who manages the fields is `wardroom`; a patch holds only for what was read (its
 * uid and version, or two tests); the step's key is kept beside the change; a pod is deleted by its uid.
 */
function plain({ request, type = "", body }: Request): Request {
  const path = request.replace(/[?&]fieldManager=[\w-]+/, "");
  // kubectl names no type of a scale.
  const named = path.startsWith("PUT") ? {} : { type };
  const at = (json: unknown): Request => ({ request: path, ...named, body: json });
  const operations = Operations.safeParse(body).data;
  if (operations) return at(operations.filter(({ op }) => op !== "test").map(withoutKey));
  const merge = Merge.safeParse(body).data;
  if (merge && path.startsWith("PATCH")) {
    const { metadata: _, ...rest } = merge;
    return at(rest);
  }
  const { preconditions: _, ...rest } = z.record(z.string(), z.unknown()).parse(body);
  return at(rest);
}

function withoutKey(operation: z.output<typeof Operations>[number]) {
  const value = z.record(z.string(), z.unknown()).parse(operation.value);
  const { "wardroom.dev/step": _, ...rest } = value;
  return { ...operation, value: rest };
}

/** What of the record hangs on the moment or on the language that kubectl is written in. */
function steady(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/"restartedAt":"[^"]+"|("kubectl.kubernetes.io\/restartedAt"):"[^"]+"/g, '$1:"then"')
    .replaceAll('"creationTimestamp":null,', "")
    .replaceAll(/"(uid|resourceVersion)":"[^"]+"/g, '"$1":"as read"');
  return JSON.parse(text);
}

async function ours() {
  const demo = await startKubernetes({
    port: 0,
    doorPort: 0,
    now: () => recordedAt,
    random: createRandom(7),
    isTicking: false,
  });
  onTestFinished(() => demo.stop());
  const kubeconfig = join(await temporaryFolder(), "config");
  demo.writeConfig(kubeconfig, "admin");
  const kube = createKube();
  onTestFinished(() => kube.close());
  const at = { namespace, kubeconfig };
  const uid = async (pod: string): Promise<string> => {
    const schema = z.object({ metadata: z.object({ uid: z.string() }) });
    const call = { connection: at, deadlineMs: 5_000 };
    return (await kube.json(call, { verb: "get", resource: "pods", name: pod }, schema)).metadata.uid;
  };
  const step = async (spec: object, how: "run" | "rehearse" = "run") => {
    const [reads, sends]: [string[], Request[]] = [[], []];
    const kind = kubernetesStep(recording(kube, reads, sends));
    const whole = kind.resolve({ ...at, ...spec }, {});
    const ran = async () => (await kind.run(whole, { key: "key-1", elapsedMs: 0 })).outcome;
    expect(how === "run" ? await ran() : ((await kind.rehearsal?.refusal(whole)) ?? "done")).toBe("done");
    return sends;
  };
  return { kube, at, uid, step };
}

it("each change is the request that kubectl makes for it, and what is more in it is there on purpose", async () => {
  const { step, uid } = await ours();
  const setImage = { setImage: { ...api, container: "prsm-api", image } };
  const requests = { cpu: "200m", memory: "256Mi" };
  const deletePod = { deletePod: { pod: worker, uid: await uid(worker) } };
  const sent = [
    await step({ scale: { ...api, replicas: 5, from: 3 } }),
    await step({ scale: { ...api, replicas: 6, from: 5 } }, "rehearse"),
    await step(setImage, "rehearse"),
    await step(setImage),
    await step({ setResources: { ...api, container: "prsm-api", requests, limits: { memory: "1Gi" } } }),
    await step({ pause: api }),
    await step({ resume: api }),
    await step({ restart: api }),
    await step({ undo: { ...api, toRevision: 3, image: before } }),
    await step(deletePod, "rehearse"),
    await step(deletePod),
  ];
  const theirs = recorded.filter(({ sends }) => sends.length > 0);
  // Recorded with the deletion before its trial.
  const order = [...theirs.slice(0, -2), ...theirs.slice(-2).toReversed()];
  expect(sent.map((all) => steady(all.map(plain)))).toEqual(
    order.map(({ sends }) =>
      steady(sends.map((each) => ({ ...each, request: each.request.replace(/[?&]fieldManager=[\w-]+/, "") }))),
    ),
  );
});

it("the logs of a workload are the reads of kubectl, after the workload itself whose pods they are", async () => {
  const { kube, at } = await ours();
  const [reads, sends]: [string[], Request[]] = [[], []];
  const query = {
    source: "api",
    from: Date.parse("2026-11-28T02:00:00Z"),
    to: recordedAt,
    limit: 10,
    deadlineMs: 5_000,
  };
  await readPodLogs(
    recording(kube, reads, sends),
    { kubernetes: { ...at, ...api, tail: 20 } },
    { log: { id: "api", show: [], hide: [] }, query },
  );
  expect(sends).toEqual([]);
  const [workload, ...rest] = reads;
  expect(workload).toBe(`GET /apis/apps/v1/namespaces/${namespace}/deployments/prsm-api`);
  expect(rest.map((each) => each.replace("limit=500&", "")).toSorted()).toEqual(recorded.at(-1)?.reads.toSorted());
});
