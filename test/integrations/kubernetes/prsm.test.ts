import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { startKubernetes } from "../../../demo/kubernetes/start.ts";
import { createRandom } from "../../../demo/random.ts";
import { demoVariables } from "../../../demo/variables.ts";
import { plan } from "../../../src/acts/approvals/plan.ts";
import { createBackends } from "../../../src/compose/world.ts";
import { withConnections } from "../../../src/domain/systems/connections.ts";
import type { ArgumentValues } from "../../../src/domain/systems/placeholders.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createLists } from "../../../src/integrations/lists.ts";
import { createPortfolios } from "../../../src/integrations/portfolios.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { createRehearsals, createStepRunner } from "../../../src/integrations/steps.ts";
import { createHttp } from "../../../src/integrations/wire/http.ts";
import { temporaryFolder } from "../../demo/rig.ts";
import { planner, SystemFile } from "../../fakes/backends.ts";

const digest = `sha256:${"a".repeat(64)}`;
const shipped = readFileSync(join(import.meta.dirname, "../../../systems/prsm.yaml"), "utf8");

/** PRSM as it is shipped, on the demo's cluster, where time goes by as a test lets it. */
async function prsm(user: "wardroom" | "viewer" = "wardroom") {
  let now = Date.parse("2026-11-28T03:00:00Z");
  const demo = await startKubernetes({
    port: 0,
    doorPort: 0,
    now: () => now,
    random: createRandom(7),
    isTicking: false,
  });
  onTestFinished(() => demo.stop());
  const kubeconfig = join(await temporaryFolder(), "config");
  demo.writeConfig(kubeconfig, user);
  const variables: Readonly<Record<string, string>> = { ...demoVariables, PRSM_KUBECONFIG: kubeconfig };
  const text = shipped.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => variables[name] ?? name);
  const system = withConnections(SystemFile.parse(parse(text)));
  const backends = createBackends({ http: createHttp() });
  onTestFinished(async () => void (await Promise.all(backends.map(async (each) => each.close?.()))));
  const ports = {
    health: { ...createHealthChecks({ backends }), identify: async () => ({ is: "proven" as const }) },
    lists: createLists(backends),
    portfolios: createPortfolios(backends),
    reads: createReads(backends),
    planner,
    rehearsals: createRehearsals(backends),
  };
  const steps = createStepRunner(backends);
  const planned = async (name: string, values: ArgumentValues) => {
    const operation = system.operations[name];
    if (!operation) throw new Error(`no operation ${name}`);
    return plan(ports, { system, name, operation, arguments: values });
  };
  return {
    demo,
    system,
    backends,
    planned,
    /** Plans it and carries its steps out. */
    done: async (name: string, values: ArgumentValues) => {
      const outcomes: string[] = [];
      for (const step of (await planned(name, values)).plan.steps)
        outcomes.push((await steps.run(step, { key: `key-${name}-${step.id}`, elapsedMs: 0 })).outcome);
      return outcomes;
    },
    /** What its first check says now. */
    checked: async (name: string, values: ArgumentValues) => {
      const [check] = (await planned(name, values)).plan.verify;
      if (!check) throw new Error(`nothing verifies ${name}`);
      return (await steps.run(check, { key: "key-check", elapsedMs: 0 })).detail;
    },
    pass: (seconds: number) => {
      now += seconds * 1_000;
      demo.live();
    },
  };
}

describe("what would go wrong is told while it is planned, and nobody is asked", () => {
  it.each([
    ["an image by its tag", "deploy", { digest: "latest" }, /An image has to be given by its digest, as name@sha256:/],
    ["the scale that it has", "scale", { service: "api", n: 3 }, /prsm-api has 3 replicas already/],
    ["a pod that is not there", "delete-pod", { pod: "prsm-api-none" }, /has no pod prsm-api-none/],
    ["an amount that is none", "resources", { service: "api", cpu: "a lot", memory: "1Gi" }, /Write an amount as 250m/],
  ])("%s", async (_what, name, values, words) => {
    const { planned } = await prsm();
    await expect(planned(name, values)).rejects.toThrow(words);
  });

  it.each([
    [
      "deploy",
      { digest },
      /The API runs it: .* may not patch deployments .*resources: \["deployments"\], verbs: \["patch"\]/,
    ],
    [
      "scale",
      { service: "api", n: 4 },
      /Scale it: .* its Role lacks .*resources: \["deployments\/scale"\], verbs: \["update"\]/,
    ],
    ["pause", { service: "api" }, /Pause it: .* its Role lacks .*verbs: \["patch"\]/],
  ])("a right that is missing for %s", async (name, values, words) => {
    const { planned } = await prsm("viewer");
    await expect(planned(name, values)).rejects.toThrow(words);
  });

  it("a rollout that is paused", async () => {
    const { planned, done } = await prsm();
    expect(await done("pause", { service: "api" })).toEqual(["done"]);
    const services = { services: "api,worker" };
    await expect(planned("rollback", services)).rejects.toThrow(/a rollout is paused: resume it first/);
    await expect(planned("deploy", { digest })).rejects.toThrow(/a rollout is paused: resume it first/);
    await expect(planned("pause", { service: "api" })).rejects.toThrow(/prsm-api is paused already/);
  });
});

it("a scale that an autoscaler would undo says so in what changes", async () => {
  const { planned } = await prsm();
  const { plan: made } = await planned("scale", { service: "worker", n: 5 });
  expect(made.effect).toBe("prsm-worker: 3 to 5 replicas; its autoscaler may set another number");
});

it("an image is rolled out by digest to both, and what changed between yes and run is found", async () => {
  const { done, planned, pass, demo } = await prsm();
  const { plan: made, risk } = await planned("deploy", { digest });
  expect(risk).toBe("destructive");
  expect(made.effect).toMatch(
    /^prsm-api: registry\.prsm\.org\/prsm@sha256:[0-9a-f]{64} to …@sha256:a{64}; prsm-worker: /,
  );
  expect(made.inverse).toEqual({ operation: "rollback", arguments: { services: "api,worker" } });
  demo.release("v1.5.2");
  pass(60);
  const later = await planned("deploy", { digest });
  expect(later.plan.effect).not.toBe(made.effect);
  expect(await done("deploy", { digest })).toEqual(["done", "done"]);
  await expect(planned("deploy", { digest })).rejects.toThrow(/is to be so already/);
});

it("a pod is deleted and another takes its place; what each pod asks for is changed", async () => {
  const { done, planned, pass, backends, system } = await prsm();
  const pods = async () => {
    const read = await createLists(backends).read(system, "pods");
    return read.ok ? read.value.map(({ value }) => value) : [];
  };
  const before = await pods();
  const pod = before.find((name) => name.startsWith("prsm-api-")) ?? "";
  expect((await planned("delete-pod", { pod })).risk).toBe("change");
  const store = before.find((name) => name.startsWith("postgres-")) ?? "";
  expect((await planned("delete-pod", { pod: store })).risk).toBe("destructive");
  expect(await done("delete-pod", { pod })).toEqual(["done"]);
  pass(60);
  expect(await pods()).not.toContain(pod);
  expect(await pods()).toHaveLength(before.length);
  const values = { service: "api", cpu: "250m", memory: "1Gi" };
  const { plan: made } = await planned("resources", values);
  expect(made.effect).toBe("prsm-api: 500m to 250m of processor, 512Mi to 1Gi of memory");
  expect(await done("resources", values)).toEqual(["done"]);
});

it("the rights that its file needs are asked of the cluster, and each that is missing is named", async () => {
  const rights = async (user: "wardroom" | "viewer") => {
    const { backends, system } = await prsm(user);
    const found = await Promise.all(backends.map(async (each) => (await each.examineRights?.(system, 5_000)) ?? []));
    return found.flat();
  };
  expect(await rights("wardroom")).toEqual([{ where: "namespace prsm-production", needed: 15, missing: [] }]);
  expect(await rights("viewer")).toMatchObject([
    {
      missing: [
        '{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }',
        '{ apiGroups: [""], resources: ["pods"], verbs: ["delete"] }',
        '{ apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["update"] }',
      ],
    },
  ]);
});

it("a rollout is followed in words", async () => {
  const { done, checked, pass } = await prsm();
  const services = { services: "api,worker" };
  expect(await checked("rollback", services)).toBe("prsm-api, prsm-worker rolled out, read once");
  expect(await done("deploy", { digest })).toEqual(["done", "done"]);
  pass(60);
  expect(await checked("rollback", services)).toMatch(
    /^prsm-api: prsm-api-\S+ is in (?:ErrImagePull|ImagePullBackOff), \d of 3 new, \d available, \d old left; prsm-worker: /,
  );
});
