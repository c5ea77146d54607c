import { describe, expect, it } from "vitest";
import { createLists } from "../../../src/integrations/lists.ts";
import { prsm } from "./prsm-rig.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("what would go wrong is told while it is planned, and nobody is asked", () => {
  it.each([
    ["half a digest", "deploy", { digest: "sha256:e5eb5f423f74" }, /A digest is sha256: with 64 digits/],
    [
      "an image named twice",
      "deploy",
      { digest: `registry.prsm.org/prsm@sha256:${"a".repeat(64)}` },
      /An image is named twice: give the digest alone/,
    ],
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

it("a pause is undone by one where every pod is of what is set, and by two where a rollout would go on", async () => {
  const { planned, carriedOut, undoing, looked, demo, pass } = await prsm();
  const held = await planned("pause", { service: "worker" });
  expect(await carriedOut(held)).toEqual(["done"]);
  expect(await looked(held.plan.verify[0])).toMatchObject({ outcome: "done" });
  // Its controller has seen it.
  pass(60);
  const back = await undoing(held);
  expect(back).toMatchObject({ operation: "resume", risk: "change" });
  expect(back.plan.effect).toContain("nothing starts");
  expect(await carriedOut(back)).toEqual(["done"]);
  await expect(planned("resume", { service: "worker" })).rejects.toThrow(/prsm-worker is not paused/);
  pass(60);
  demo.release("v1.5.0");
  const amid = await planned("pause", { service: "api" });
  expect(await carriedOut(amid)).toEqual(["done"]);
  const on = await undoing(amid);
  expect(on).toMatchObject({ operation: "resume", risk: "destructive" });
  expect(on.plan.effect).toMatch(/goes on to what is set: \S*@sha256:/);
});

it("a rollback with no revision of another image kept is refused, also where a restart has made one of the same image", async () => {
  const { planned, done, demo, pass } = await prsm();
  const rollback = () => planned("rollback", { services: "api,worker" });
  const words = /no kept revision of prsm-api ran another image/;
  demo.forget("prsm-api");
  pass(60);
  await expect(rollback()).rejects.toThrow(words);
  expect(await done("restart", { service: "api" })).toEqual(["done"]);
  pass(300);
  await expect(rollback()).rejects.toThrow(words);
  await expect(planned("rollback-one", { service: "api" })).rejects.toThrow(words);
});

it("a rollout that is stuck is waited for until the cluster gives it up, and no longer, with what keeps it", async () => {
  const { planned, carriedOut, verified, pass } = await prsm();
  const deploy = await planned("deploy", { digest });
  expect(await carriedOut(deploy)).toEqual(["done", "done"]);
  pass(60);
  expect((await verified(deploy)).outcome).toBe("waiting");
  // Kubernetes' own deadline for progress is ten minutes.
  pass(700);
  expect(await verified(deploy)).toMatchObject({
    outcome: "refused",
    detail: expect.stringMatching(/prsm-api: .*(?:ImagePullBackOff|ErrImagePull|deadline)/),
  });
});

it("a scale that an autoscaler would undo says so in what changes", async () => {
  const { planned } = await prsm();
  const { plan: made } = await planned("scale", { service: "worker", n: 5 });
  expect(made.effect).toBe("prsm-worker: 3 to 5 replicas; its autoscaler may set another number");
  // Of none it makes none: that would be a false comfort, or a false fright.
  const { plan: none } = await planned("scale", { service: "worker", n: 0 });
  expect(none.effect).toBe(
    "prsm-worker: 3 to 0 replicas; its autoscaler leaves none at none until somebody scales it up",
  );
});

it("an image is rolled out by digest to both, and what changed between yes and run is found", async () => {
  const { done, planned, pass, demo } = await prsm();
  const { plan: made, risk } = await planned("deploy", { digest });
  expect(risk).toBe("destructive");
  expect(made.effect).toMatch(
    /^prsm-api: registry\.prsm\.org\/prsm@sha256:[0-9a-f]{64} to …@sha256:a{64}; prsm-worker: /,
  );
  demo.release("v1.5.2");
  pass(60);
  const later = await planned("deploy", { digest });
  expect(later.plan.effect).not.toBe(made.effect);
  expect(await done("deploy", { digest })).toEqual(["done", "done"]);
  await expect(planned("deploy", { digest })).rejects.toThrow(/run …@sha256:a{64} already: there is nothing to deploy/);
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
  const { planned, carriedOut, verified, at, checked, pass } = await prsm();
  const image = await at("api");
  expect(await checked("watch-release", { image }, "steps")).toMatch(
    /^prsm-api rolled out: registry\.prsm\.org\/prsm@sha256:[0-9a-f]{12}…, revision 4; prsm-worker rolled out: /,
  );
  const deploy = await planned("deploy", { digest });
  expect(await carriedOut(deploy)).toEqual(["done", "done"]);
  pass(60);
  expect((await verified(deploy)).detail).toMatch(
    /^prsm-api: prsm-api-\S+ is in (?:ErrImagePull|ImagePullBackOff), \d of 3 new, \d available, \d old left; prsm-worker: /,
  );
});
