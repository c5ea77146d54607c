import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type KubernetesDemo, startKubernetes } from "../../demo/kubernetes/start.ts";
import { createRandom } from "../../demo/random.ts";
import { type Kubectl, kubectlWith } from "./kubectl.ts";
import { startedAt, temporaryFolder } from "./rig.ts";

interface Cluster {
  readonly demo: KubernetesDemo;
  readonly kubectl: Kubectl;
  readonly as: (user: "viewer") => Kubectl;
  /** So many seconds go by in the cluster. */
  readonly pass: (seconds: number) => void;
}

async function cluster(): Promise<Cluster> {
  const folder = await temporaryFolder();
  let now = startedAt;
  const demo = await startKubernetes({
    port: 0,
    doorPort: 0,
    now: () => now,
    random: createRandom(7),
    isTicking: false,
  });
  onTestFinished(() => demo.stop());
  demo.writeConfig(join(folder, "admin"), "admin");
  demo.writeConfig(join(folder, "viewer"), "viewer");
  const kubectlOf = (config: string) => kubectlWith(join(folder, config));
  return {
    demo,
    kubectl: kubectlOf("admin"),
    as: kubectlOf,
    pass(seconds) {
      now += seconds * 1_000;
      demo.live();
    },
  };
}

test("kubectl lists what runs, what became of it, what it uses and what it says", async () => {
  const { kubectl, pass } = await cluster();
  pass(30);
  const pods = await kubectl("get", "pods", "-l", "app=prsm-api");
  expect(pods.match(/^prsm-api-\S+ +1\/1 +Running/gm)).toHaveLength(3);
  expect(await kubectl("rollout", "history", "deployment/prsm-api")).toMatch(/3 +deploy v1\.4\.2\n4 +restart/);
  expect(await kubectl("top", "pods", "-l", "app=prsm-api")).toMatch(/prsm-api-\S+ +\d+m +\d+Mi/);
  expect((await kubectl("logs", "-l", "app=prsm-api", "--tail=2", "--prefix")).trim().split("\n")).toHaveLength(6);
  expect(await kubectl("get", "hpa")).toContain("Deployment/prsm-worker");
  expect(await kubectl("describe", "deployment", "prsm-api")).toContain("NewReplicaSetAvailable");
});

test("a bad deploy is seen, and is undone to the revision that is named", async () => {
  const { demo, kubectl, pass } = await cluster();
  demo.release("v1.5.0");
  pass(60);
  expect(await kubectl("get", "pods", "-l", "app=prsm-api")).toMatch(/CrashLoopBackOff/);
  const events = await kubectl("get", "events", "--field-selector", "involvedObject.name=prsm-api");
  expect(events).toContain("ScalingReplicaSet");
  const [crashed = ""] = /prsm-api-\S+(?= +0\/1)/.exec(await kubectl("get", "pods")) ?? [];
  expect(await kubectl("logs", crashed, "--previous", "--tail=5")).not.toContain("error:");
  pass(120);
  expect(await kubectl("rollout", "status", "deployment/prsm-api")).toContain("exceeded its progress deadline");
  expect(await kubectl("rollout", "undo", "deployment/prsm-api", "--to-revision=3")).toContain("rolled back");
  pass(60);
  expect(await kubectl("rollout", "status", "deployment/prsm-api")).toContain("successfully rolled out");
  const image = await kubectl(
    "get",
    "deployment",
    "prsm-api",
    "-o",
    "jsonpath={.spec.template.spec.containers[0].image}",
  );
  expect(image).toMatch(/^registry\.prsm\.org\/prsm@sha256:[0-9a-f]{64}$/);
});

test("a scale counts from what it was asked on, a paused rollout is not undone, and an autoscaler sets its own count", async () => {
  const { kubectl, pass } = await cluster();
  expect(await kubectl("scale", "deployment/prsm-api", "--replicas=5", "--current-replicas=2")).toMatch(
    /error: .*replicas/i,
  );
  expect(await kubectl("scale", "deployment/prsm-api", "--replicas=5", "--current-replicas=3")).toContain("scaled");
  pass(30);
  expect(await kubectl("get", "deployment", "prsm-api")).toContain("5/5");
  await kubectl("rollout", "pause", "deployment/prsm-api");
  expect(await kubectl("rollout", "undo", "deployment/prsm-api")).toContain("paused");
  await kubectl("rollout", "resume", "deployment/prsm-api");
  expect(await kubectl("rollout", "restart", "deployment/prsm-api")).toContain("restarted");
  await kubectl("scale", "deployment/prsm-worker", "--replicas=9");
  pass(60);
  expect(await kubectl("get", "deployment", "prsm-worker")).not.toContain("/9");
});

test("who may only look is refused in the server's words", async () => {
  const { as } = await cluster();
  const viewer = as("viewer");
  expect(await viewer("get", "deployments")).toContain("prsm-api");
  expect(await viewer("scale", "deployment/prsm-api", "--replicas=0")).toMatch(
    /cannot (patch|update) resource "deployments\/scale" in API group "apps" in the namespace "prsm-production"/,
  );
  expect(await viewer("auth", "can-i", "get", "pods", "--subresource=log")).toBe("yes\n");
  expect(await viewer("auth", "can-i", "patch", "deployments", "--subresource=scale")).not.toContain("yes");
  expect(await viewer("auth", "whoami")).toContain("system:serviceaccount:prsm-production:viewer");
});

test("a patch that does not hold is refused in the server's words, and changes nothing", async () => {
  const { kubectl, pass } = await cluster();
  const patch = (type: string, body: object): Promise<string> =>
    kubectl("patch", "deployment", "prsm-api", `--type=${type}`, "-p", JSON.stringify(body));
  expect(await patch("merge", { metadata: { resourceVersion: "1" }, spec: { replicas: 4 } })).toContain(
    'Operation cannot be fulfilled on deployments.apps "prsm-api": the object has been modified',
  );
  expect(await patch("strategic", { spec: { replicas: "4" } })).toContain(
    "json: cannot unmarshal string into Go struct field",
  );
  expect(await patch("strategic", { spec: { replicas: -1 } })).toContain("must be greater than or equal to 0");
  expect(await kubectl("scale", "deployment/prsm-api", "--replicas=1", "--dry-run=server")).toContain("server dry run");
  pass(30);
  expect(await kubectl("get", "deployment", "prsm-api")).toContain("3/3");
});

test("an image that is not there is told by its pod, while the pods before go on; a load that stays leaves the count alone", async () => {
  const { kubectl, pass } = await cluster();
  const none = `registry.prsm.org/prsm@sha256:${"a".repeat(64)}`;
  await kubectl("set", "image", "deployment/prsm-api", `prsm-api=${none}`);
  pass(60);
  const pods = await kubectl("get", "pods", "-l", "app=prsm-api");
  expect(pods).toMatch(/0\/1 +(ErrImagePull|ImagePullBackOff)/);
  expect(pods.match(/1\/1 +Running/g)).toHaveLength(3);
  const [waiting = ""] = /prsm-api-\S+(?= +0\/1)/.exec(pods) ?? [];
  expect(await kubectl("logs", waiting)).toContain("is waiting to start: trying and failing to pull image");
  expect(await kubectl("describe", "pod", waiting)).toContain("Failed to pull image");
  pass(3_000);
  expect(await kubectl("get", "events", "--field-selector", "reason=SuccessfulRescale")).not.toContain("New size");
});
