import { describe, expect, it } from "vitest";
import { imageOf, type Release } from "../../../demo/kubernetes/registry.ts";
import { riskierNow } from "../../../src/domain/approvals/readings.ts";
import { isInverse } from "../../../src/domain/approvals/undoing.ts";
import { prsm } from "./prsm-rig.ts";

const services = { services: "api,worker" };
const deployOf = (release: Release) => ({ digest: imageOf(release).split("@")[1] ?? "" });

/** What both are to run, as versions of PRSM. */
async function versions({ at }: Pick<Awaited<ReturnType<typeof prsm>>, "at">): Promise<string> {
  const known = (["v1.4.0", "v1.4.1", "v1.4.2", "v1.5.0", "v1.5.2"] as const).map(
    (tag) => [imageOf(tag), tag] as const,
  );
  const [api, worker] = [await at("api"), await at("worker")];
  return `${new Map<string, string>(known).get(api) ?? api} ${new Map<string, string>(known).get(worker) ?? worker}`;
}

describe.each([
  ["deploy", deployOf("v1.5.0"), "v1.5.0"],
  ["rollback", services, "v1.4.1"],
] as const)("the undo of %s", (name, values, to) => {
  it("goes back to what ran before, and from there to what it was", async () => {
    const rig = await prsm();
    const made = await rig.planned(name, values);
    await rig.carriedOut(made);
    rig.pass(60);
    expect(await versions(rig)).toBe(`${to} ${to}`);
    const undo = await rig.undoing(made);
    expect(undo.risk).toBe("destructive");
    // Both are to run one image, which is named once.
    expect(undo.plan.inverse?.arguments["undone"]).toBe(imageOf("v1.4.2"));
    expect(await rig.carriedOut(undo)).toEqual(["done", "done"]);
    expect(await versions(rig)).toBe("v1.4.2 v1.4.2");
    rig.pass(300);
    expect(await rig.verified(undo)).toMatchObject({ outcome: "done" });
    await rig.carriedOut(await rig.undoing(undo));
    expect(await versions(rig)).toBe(`${to} ${to}`);
  });

  it("that stopped half-way takes one back and leaves the other", async () => {
    const rig = await prsm();
    const made = await rig.planned(name, values);
    expect(await rig.carriedOut(made, 1)).toEqual(["done"]);
    expect(await versions(rig)).toBe(`${to} v1.4.2`);
    expect(await rig.carriedOut(await rig.undoing(made))).toEqual(["done", "done"]);
    expect(await versions(rig)).toBe("v1.4.2 v1.4.2");
  });

  it("that was not done says that there is nothing to undo", async () => {
    const rig = await prsm();
    const made = await rig.planned(name, values);
    await expect(rig.undoing(made)).rejects.toThrow(
      /there is nothing to undo: prsm-api and prsm-worker are as they were/,
    );
    expect(await versions(rig)).toBe("v1.4.2 v1.4.2");
  });

  it("is refused where somebody else has rolled out since, also between the yes and the step", async () => {
    const rig = await prsm();
    const made = await rig.planned(name, values);
    await rig.carriedOut(made);
    rig.pass(60);
    const undo = await rig.undoing(made);
    rig.demo.release("v1.5.2");
    rig.pass(60);
    await expect(rig.undoing(made)).rejects.toThrow(/prsm-api was changed since: it runs .*neither/);
    expect(await rig.carriedOut(undo)).toEqual(["refused", "refused"]);
    expect(await versions(rig)).toBe("v1.5.2 v1.5.2");
  });
});

it("the undo leads to the very revision that ran, with its limits, and is refused once that is gone", async () => {
  const rig = await prsm();
  const was = await rig.templates();
  const made = await rig.planned("deploy", deployOf("v1.5.0"));
  await rig.carriedOut(made);
  rig.pass(60);
  // A newer revision of the image from before, with other limits.
  await rig.done("set-image", { service: "api", ...deployOf("v1.4.2") });
  rig.pass(60);
  await rig.done("resources", { service: "api", cpu: "250m", memory: "1Gi" });
  rig.pass(60);
  await rig.done("set-image", { service: "api", ...deployOf("v1.5.0") });
  rig.pass(300);
  expect(await rig.carriedOut(await rig.undoing(made))).toEqual(["done", "done"]);
  expect(await rig.templates()).toEqual(was);
  rig.pass(300);
  const again = await rig.planned("deploy", deployOf("v1.5.2"));
  await rig.carriedOut(again);
  rig.pass(300);
  const undo = await rig.undoing(again);
  rig.demo.forget("prsm-worker");
  rig.pass(60);
  await expect(rig.undoing(again)).rejects.toThrow(
    /the revision of prsm-worker to go back to \(\w+\) is no longer kept/,
  );
  expect(await rig.carriedOut(undo)).toEqual(["done", "refused"]);
});

it("what is rolled out while nothing runs is told as that, and nothing is restarted that does not run", async () => {
  const rig = await prsm();
  await rig.done("shutdown", {});
  rig.pass(300);
  await expect(rig.planned("restart", { service: "api" })).rejects.toThrow(/nothing of prsm-api runs/);
  const made = await rig.planned("deploy", deployOf("v1.5.0"));
  expect(made.plan.effect).toContain("NOTHING RUNS of what is scaled to none");
  await rig.carriedOut(made);
  rig.pass(300);
  expect(await rig.verified(made)).toMatchObject({
    outcome: "done",
    unseen: true,
    detail: expect.stringMatching(
      /^prsm-api: NOTHING RUNS, it is scaled to none: \S+…, revision 5 is set, and was not seen/,
    ),
  });
});

it("whatever goes back to what was rolled back from says so, and whatever leaves it again does not", async () => {
  const rig = await prsm();
  const effects = async () => ({
    rollback: (await rig.planned("rollback", services)).plan.effect?.includes("ATTENTION"),
    one: (await rig.planned("rollback-one", { service: "api" })).plan.effect?.includes("ATTENTION"),
  });
  expect(await effects()).toEqual({ rollback: false, one: false });
  await rig.done("deploy", deployOf("v1.5.0"));
  rig.pass(300);
  const rollback = await rig.planned("rollback", services);
  await rig.carriedOut(rollback);
  rig.pass(300);
  expect(await versions(rig)).toBe("v1.4.2 v1.4.2");
  const attention = /ATTENTION: that was rolled back from before/;
  expect(await effects()).toEqual({ rollback: true, one: true });
  expect((await rig.planned("deploy", deployOf("v1.5.0"))).plan.effect).toMatch(attention);
  expect((await rig.planned("deploy", deployOf("v1.5.2"))).plan.effect).not.toMatch(attention);
  const one = { service: "api", ...deployOf("v1.5.0") };
  expect((await rig.planned("set-image", one)).plan.effect).toMatch(attention);
  const undo = await rig.undoing(rollback);
  expect(undo.plan.effect).toMatch(attention);
  await rig.carriedOut(undo);
  rig.pass(300);
  expect(await versions(rig)).toBe("v1.5.0 v1.5.0");
  expect(await effects()).toEqual({ rollback: false, one: false });
  const again = await rig.planned("rollback-one", { service: "api" });
  await rig.carriedOut(again);
  rig.pass(300);
  expect((await rig.undoing(again)).plan.effect).toMatch(attention);
  expect((await rig.undoing(rollback)).plan.effect).toMatch(attention);
});

it("a deploy of what one of the two runs says where its undo leads", async () => {
  const rig = await prsm();
  const half = await rig.planned("deploy", deployOf("v1.5.2"));
  expect(half.plan.effect).not.toContain("also at Undo");
  await rig.carriedOut(half, 1);
  rig.pass(300);
  expect((await rig.planned("deploy", deployOf("v1.5.2"))).plan.effect).toContain(
    "runs it already and stays, also at Undo: that leads to how it is now",
  );
});

it("an undo that would move by now what its card did not show is asked for anew", async () => {
  const rig = await prsm();
  const made = await rig.planned("deploy", deployOf("v1.5.2"));
  await rig.carriedOut(made);
  rig.pass(300);
  await rig.done("set-image", { service: "worker", ...deployOf("v1.4.2") });
  rig.pass(300);
  const shown = await rig.undoing(made);
  expect(shown.plan.effect).toMatch(/prsm-worker: (\S+) to \1/);
  expect(riskierNow(shown.readings, (await rig.undoing(made)).readings)).toEqual([]);
  await rig.done("set-image", { service: "worker", ...deployOf("v1.5.2") });
  rig.pass(300);
  const since = riskierNow(shown.readings, (await rig.undoing(made)).readings);
  expect(since).toHaveLength(1);
  expect(since[0]).toContain("prsm-worker");
});

it("the undo of one alone is pinned as well", async () => {
  const rig = await prsm();
  for (const [name, values, to] of [
    ["rollback-one", { service: "worker" }, "v1.4.1"],
    ["set-image", { service: "worker", ...deployOf("v1.5.2") }, "v1.5.2"],
  ] as const) {
    const made = await rig.planned(name, values);
    await expect(rig.undoing(made)).rejects.toThrow(/there is nothing to undo: prsm-worker is as it was before it/);
    await rig.carriedOut(made);
    rig.pass(300);
    expect(await versions(rig)).toBe(`v1.4.2 ${to}`);
    const undo = await rig.undoing(made);
    expect(await rig.carriedOut(undo)).toEqual(["done"]);
    rig.pass(300);
    expect(await rig.verified(undo)).toMatchObject({ outcome: "done" });
    expect(await versions(rig)).toBe("v1.4.2 v1.4.2");
    await rig.done("set-image", { service: "worker", ...deployOf("v1.4.0") });
    await expect(rig.undoing(made)).rejects.toThrow(/prsm-worker was changed since/);
    await rig.done("set-image", { service: "worker", ...deployOf("v1.4.2") });
    rig.pass(300);
  }
});

it("a rollback after half a rollback or half a release swaps nothing, and says what to do", async () => {
  const rig = await prsm();
  for (const [name, values] of [
    ["rollback", services],
    ["deploy", deployOf("v1.5.0")],
  ] as const) {
    const made = await rig.planned(name, values);
    await rig.carriedOut(made, 1);
    rig.pass(60);
    const before = await versions(rig);
    await expect(rig.planned("rollback", services)).rejects.toThrow(/run different images.*run prsm rollback-one/);
    expect(await versions(rig)).toBe(before);
    await rig.carriedOut(await rig.undoing(made));
    rig.pass(60);
  }
});

it("a deploy that stopped half-way can be asked for again, and one of what both run is not asked for", async () => {
  const rig = await prsm();
  await rig.carriedOut(await rig.planned("deploy", deployOf("v1.5.2")), 1);
  rig.pass(60);
  expect(await rig.done("deploy", deployOf("v1.5.2"))).toEqual(["done", "done"]);
  expect(await versions(rig)).toBe("v1.5.2 v1.5.2");
  await expect(rig.planned("deploy", deployOf("v1.5.2"))).rejects.toThrow(/already: there is nothing to deploy/);
  await expect(rig.planned("set-image", { service: "api", ...deployOf("v1.5.2") })).rejects.toThrow(
    /prsm-api runs …@sha256:[0-9a-f]{64} already: there is nothing to roll out/,
  );
});

describe("a shutdown that stopped half-way", () => {
  async function half() {
    const rig = await prsm();
    const made = await rig.planned("shutdown", {});
    expect(await rig.carriedOut(made, 1)).toEqual(["done"]);
    rig.pass(60);
    return { rig, made };
  }

  it("is taken back whole", async () => {
    const { rig, made } = await half();
    const undo = await rig.undoing(made);
    expect(await rig.carriedOut(undo)).toEqual(["done", "done"]);
    rig.pass(300);
    expect(await rig.verified(undo)).toMatchObject({ outcome: "done" });
    await expect(rig.undoing(made)).rejects.toThrow(
      /prsm-api has 3 .* prsm-worker 3 already: there is nothing to start/,
    );
  });

  it("is asked for again, and that is taken back to what it found", async () => {
    const { rig } = await half();
    const again = await rig.planned("shutdown", {});
    expect(await rig.carriedOut(again)).toEqual(["done", "done"]);
    rig.pass(60);
    await expect(rig.planned("shutdown", {})).rejects.toThrow(/scaled to none already: there is nothing to shut down/);
    expect(again.plan.inverse).toMatchObject({ operation: "start", arguments: { worker: 0 } });
    expect(await rig.carriedOut(await rig.undoing(again))).toEqual(["done", "done"]);
    await expect(rig.planned("start", { api: 0, worker: 3 })).rejects.toThrow(/start stops nothing that runs/);
  });
});

it.each([
  ["rollback", services],
  ["rollback-one", { service: "api" }],
  ["deploy", deployOf("v1.4.0")],
  ["set-image", { service: "api", ...deployOf("v1.4.0") }],
  ["restart", { service: "api" }],
  ["resources", { service: "api", cpu: "250m", memory: "1Gi" }],
  ["scale", { service: "api", n: 4 }],
] as const)("the end of somebody else's rollout is not that of %s", async (name, values) => {
  const rig = await prsm();
  const made = await rig.planned(name, values);
  await rig.carriedOut(made);
  rig.demo.release("v1.5.2");
  rig.pass(300);
  expect(await rig.verified(made)).toMatchObject({
    outcome: "refused",
    detail: expect.stringMatching(/^prsm-api: it is to run \S+…, not \S+…: it was changed meanwhile/),
  });
});

describe("amid a rollout, of which the controller writes all the time, a lost answer is settled", () => {
  it.each([
    ["rollback", services],
    ["rollback-one", { service: "api" }],
    ["deploy", deployOf("v1.4.0")],
    ["set-image", { service: "api", ...deployOf("v1.4.0") }],
    ["resources", { service: "api", cpu: "250m", memory: "1Gi" }],
    ["restart", { service: "api" }],
    ["pause", { service: "api" }],
    ["scale", { service: "api", n: 4 }],
  ] as const)("of %s that never came and of one that did", async (name, values) => {
    const rig = await prsm();
    rig.demo.release("v1.5.2");
    rig.pass(3);
    const made = await rig.planned(name, values);
    rig.pass(3);
    expect(await rig.lookedUp(made)).toMatchObject({ outcome: "refused" });
    expect(await rig.carriedOut(made, 1)).toEqual(["done"]);
    rig.pass(3);
    expect(await rig.lookedUp(made)).toMatchObject({ outcome: "done" });
  });

  it("of an undo that never came, and somebody else's change leaves it open", async () => {
    const rig = await prsm();
    const made = await rig.planned("deploy", deployOf("v1.5.0"));
    await rig.carriedOut(made);
    rig.pass(3);
    const undo = await rig.undoing(made);
    rig.pass(3);
    expect(await rig.lookedUp(undo)).toMatchObject({ outcome: "refused" });
    rig.demo.release("v1.5.2");
    expect(await rig.lookedUp(undo)).toMatchObject({ outcome: "unknown" });
  });
});

it("an autoscaler that scales while people agree holds up no rollback", async () => {
  const rig = await prsm();
  const before = await rig.planned("rollback", services);
  await rig.done("scale", { service: "api", n: 4 });
  const now = await rig.planned("rollback", services);
  expect(riskierNow(before.readings, now.readings)).toEqual([]);
});

it.each([
  ["restart", { service: "api" }],
  ["resources", { service: "api", cpu: "250m", memory: "1Gi" }],
] as const)("the revision from before is not that of %s", async (name, values) => {
  const rig = await prsm();
  const made = await rig.planned(name, values);
  expect(await rig.verified(made)).toMatchObject({
    outcome: "waiting",
    detail: expect.stringMatching(/^prsm-api: it is at revision 4 still/),
  });
  await rig.carriedOut(made);
  rig.pass(300);
  expect(await rig.verified(made)).toMatchObject({ outcome: "done" });
});

it("a watch of a release that does not run is not begun, and ends when another image is rolled out", async () => {
  const rig = await prsm();
  const image = imageOf("v1.4.2");
  await expect(rig.planned("watch-release", { image: imageOf("v1.4.1") })).rejects.toThrow(
    /that release is not what runs/,
  );
  const watch = await rig.planned("watch-release", { image });
  const look = async () => rig.looked(watch.plan.steps[0]);
  expect(await look()).toMatchObject({ outcome: "waiting", detail: expect.stringContaining("holding for") });
  await rig.done("rollback", services);
  expect(await look()).toMatchObject({
    outcome: "refused",
    detail: expect.stringMatching(/it is to run \S+…, not \S+…: it was changed meanwhile/),
  });
});

it("a watch of a release counts nothing while it is scaled to none, and is not done of that", async () => {
  const rig = await prsm();
  const watch = await rig.planned("watch-release", { image: await rig.at("api") });
  await rig.done("shutdown", {});
  rig.pass(60);
  // As one that has held for as long as it has to.
  const held = { inRow: 480, since: 1_000, at: 7_190_000 };
  const looked = await rig.looked(watch.plan.steps[0], { elapsedMs: 7_205_000, progress: held });
  expect(looked.outcome).toBe("waiting");
});

it.each([
  ["rollback", services, "deploy", deployOf("v1.5.0")],
  ["rollback-one", { service: "api" }, "set-image", { service: "api", ...deployOf("v1.5.0") }],
] as const)(
  "%s to what ran before is the undo of the release that went wrong, and to anything else it is not",
  async (name, values, made, given) => {
    const rig = await prsm();
    const asked = ({ system, ...planned }: Awaited<ReturnType<typeof rig.planned>>) => ({
      ...planned,
      system: system.id,
    });
    const release = asked(await rig.planned(made, given));
    await rig.done(made, given);
    rig.pass(60);
    expect(isInverse(asked(await rig.planned(name, values)), release)).toBe(true);
    // Another one since: back to the release that went wrong undoes nothing of it.
    await rig.done(made, { ...given, ...deployOf("v1.5.2") });
    rig.pass(60);
    expect(isInverse(asked(await rig.planned(name, values)), release)).toBe(false);
  },
);
