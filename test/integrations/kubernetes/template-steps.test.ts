import { describe, expect, it } from "vitest";
import { createReads } from "../../../src/integrations/reads.ts";
import { type Handler, hang, json, openBackends } from "../backend.ts";
import { cluster, core, deployment, group, pod, serving } from "./cluster.ts";
import { type Sent, step, taking } from "./step-bench.ts";

const image = `registry.shop.org/api@sha256:${"a".repeat(64)}`;
const at = `${group}/deployments/api`;
const setImage = { setImage: { deployment: "{service}", container: "api", image: "{image}", uid: "u-api" } };
const given = { service: "api", image, cpu: "250m" };
const setResources = {
  setResources: { deployment: "api", container: "api", requests: { cpu: "{cpu}" }, limits: { memory: "{most}" } },
};
const deletePod = { deletePod: { pod: "api-a", uid: "u-api-a" } };
const conflict = json({ kind: "Status", message: "the object has been modified" }, 409);

describe("an image by its digest, and resources", () => {
  it("are set by kubectl's patch, which applies only to what was read", async () => {
    const sent: Sent[] = [];
    const { says, run } = await step(taking(sent), setImage, given);
    expect(says).toBe(`set image of api in deployment api of shop to ${image}`);
    expect(await run()).toMatchObject({ outcome: "done" });
    const metadata = { uid: "u-api", resourceVersion: "700", annotations: { "wardroom.dev/step": "key-1" } };
    const containers = { "$setElementOrder/containers": [{ name: "api" }], containers: [{ name: "api", image }] };
    expect(sent).toEqual([
      {
        line: `PATCH ${at}?fieldManager=wardroom`,
        type: "application/strategic-merge-patch+json",
        body: { metadata, spec: { template: { spec: containers } } },
      },
    ]);
  });

  it("leave what is not given as it is", async () => {
    const sent: Sent[] = [];
    const { says, run } = await step(taking(sent), setResources, given);
    expect(says).toBe("set resources of api in deployment api of shop: requests.cpu 250m");
    await run();
    const containers = [{ name: "api", resources: { requests: { cpu: "250m" } } }];
    expect(sent).toMatchObject([{ body: { spec: { template: { spec: { containers } } } } }]);
  });

  it.each([
    ["a tag", setImage, { ...given, image: "registry.shop.org/api:latest" }, /by its digest, as name@sha256:/],
    ["no amount", setResources, { ...given, cpu: "much" }, /Write an amount as 250m or 512Mi/],
    ["nothing at all", setResources, { service: "api" }, /Say requests or limits/],
  ])("with %s are not planned", async (_what, spec, values, words) => {
    await expect(step(taking([]), spec, values)).rejects.toThrow(words);
  });

  it.each([
    ["is paused", deployment({ spec: { paused: true } }), {}, /api is paused: resume it first, so nothing was sent/],
    ["is another", deployment(), { uid: "u-old" }, /another deployment than was planned for/],
    ["has no such container", deployment(), { container: "web" }, /has no container web: it has api/],
  ])("are refused where the deployment %s", async (_what, now, other, words) => {
    const sent: Sent[] = [];
    const spec = { setImage: { ...setImage.setImage, ...other } };
    const { run } = await step(taking(sent, { [at]: now }), spec, given);
    expect(await run()).toEqual({ outcome: "refused", detail: expect.stringMatching(words) });
    expect(sent).toEqual([]);
  });

  it("are refused where they are so already", async () => {
    const containers = [{ name: "api", image, resources: { requests: { cpu: "250m" } } }];
    const template = { metadata: { labels: { app: "api" } }, spec: { containers } };
    for (const spec of [setImage, setResources]) {
      const { run } = await step(taking([], { [at]: deployment({ spec: { template } }) }), spec, given);
      expect(await run()).toMatchObject({ outcome: "refused", detail: /is to be so already/ });
    }
  });

  it("are judged anew where somebody wrote in between", async () => {
    const sent: Sent[] = [];
    const once: Handler = (request, response) =>
      sent.length === 1 ? conflict(request, response) : json(deployment())(request, response);
    const { run } = await step(taking(sent, {}, once), setImage, given);
    expect(await run()).toMatchObject({ outcome: "done" });
    expect(sent).toHaveLength(2);
  });

  it("are looked up by their key; without it nobody knows who brought what is there", async () => {
    const { server, probe } = await step(taking([]), setImage, given);
    expect(await probe()).toMatchObject({ outcome: "unknown", detail: /somebody else may have taken it back/ });
    const template = { metadata: {}, spec: { containers: [{ name: "api", image }] } };
    const there = deployment({ spec: { template } });
    server.answer(taking([], { [at]: there }));
    expect(await probe()).toMatchObject({ outcome: "unknown", detail: /somebody else may have done it/ });
    Object.assign(there.metadata.annotations, { "wardroom.dev/step": "key-1" });
    expect(await probe()).toMatchObject({ outcome: "done" });
  });
});

describe("a pod that is deleted", () => {
  const there = { [`${core}/pods/api-a`]: pod("api-a") };

  it("is the one that was read, by its uid", async () => {
    const sent: Sent[] = [];
    const { says, run } = await step(taking(sent, there), deletePod);
    expect(says).toBe("delete pod api-a of shop");
    expect(await run()).toMatchObject({ outcome: "done" });
    const body = { propagationPolicy: "Background", preconditions: { uid: "u-api-a" } };
    expect(sent).toEqual([{ line: `DELETE ${core}/pods/api-a`, type: "application/json", body }]);
  });

  it.each([
    ["is gone", {}, /is gone already/],
    ["was made anew", { [`${core}/pods/api-a`]: pod("api-b") }, /is gone already/],
  ])("that %s stays", async (_what, now, words) => {
    const sent: Sent[] = [];
    const { run, probe } = await step(taking(sent, now), deletePod);
    expect(await run()).toEqual({ outcome: "refused", detail: expect.stringMatching(words) });
    expect(sent).toEqual([]);
    expect(await probe()).toMatchObject({ outcome: "done" });
  });

  it("is looked up where its answer was lost", async () => {
    const { run, probe } = await step(taking([], there, hang), { timeoutMs: 500, ...deletePod });
    expect(await run()).toMatchObject({ outcome: "unknown", detail: /may have taken effect/ });
    expect(await probe()).toMatchObject({ outcome: "refused", detail: "api-a is still there" });
  });
});

describe("a change that is only tried", () => {
  const changes = [
    ["an image", setImage, `PATCH ${at}?dryRun=All&fieldManager=wardroom`],
    ["a restart", { restart: { deployment: "api" } }, `PATCH ${at}?dryRun=All&fieldManager=wardroom`],
    ["a scale", { scale: { deployment: "api", replicas: 5 } }, `PUT ${at}/scale?dryRun=All`],
    ["a pod", deletePod, `DELETE ${core}/pods/api-a`],
  ] as const;
  const there = {
    [`${core}/pods/api-a`]: pod("api-a"),
    [`${at}/scale`]: { metadata: { resourceVersion: "700" }, spec: { replicas: 2 } },
  };

  it.each(changes)("is asked of the server without effect: %s", async (_what, spec, line) => {
    const sent: Sent[] = [];
    const { rehearse } = await step(taking(sent, there), spec, given);
    expect(await rehearse()).toBeUndefined();
    expect(sent).toMatchObject([{ line }]);
    expect(JSON.stringify(sent)).toMatch(/dryRun(?:=All|":\["All"\])/);
  });

  it.each(changes)("tells the right that is missing: %s", async (_what, spec) => {
    const { rehearse } = await step(taking([], there, json({ kind: "Status" }, 403)), spec, given);
    expect(await rehearse()).toMatch(
      /its Role lacks \{ apiGroups: .*, verbs: \["(?:patch|update|delete)"\] \} \(403\)/,
    );
  });

  it("tells what the server finds invalid, and what is not as it has to be", async () => {
    const message = 'Deployment.apps "api" is invalid: spec.template.spec.containers[0].image: Required value';
    const { server, rehearse } = await step(taking([], {}, json({ kind: "Status", message }, 422)), setImage, given);
    expect(await rehearse()).toMatch(/422 Unprocessable Entity: .*Required value/);
    server.answer(taking([], { [at]: deployment({ spec: { paused: true } }) }));
    expect(await rehearse()).toMatch(/is paused: resume it first/);
  });
});

describe("a pod of several containers", () => {
  const other = `registry.shop.org/proxy@sha256:${"b".repeat(64)}`;
  const old = `registry.shop.org/api@sha256:${"c".repeat(64)}`;
  const with2 = (api: string) => {
    // The one that is meant is not the first.
    const containers = [
      { name: "proxy", image: other },
      { name: "api", image: api },
    ];
    return deployment({ spec: { template: { metadata: { labels: { app: "api" } }, spec: { containers } } } });
  };
  const both = (api: string) => `api=${api}, proxy=${other}`;
  const toImage = (from: string) => ({ setImage: { ...setImage.setImage, from } });

  it.each([
    ["all of what ran", both(old)],
    ["the image of the one", old],
  ])("has one of them set, planned on %s", async (_what, from) => {
    const sent: Sent[] = [];
    const { server, run, probe } = await step(taking(sent, { [at]: with2(old) }), toImage(from), given);
    expect(await run()).toMatchObject({ outcome: "done" });
    expect(sent).toMatchObject([{ body: { spec: { template: { spec: { containers: [{ name: "api", image }] } } } } }]);
    server.answer(taking(sent, { [at]: with2(image) }));
    expect(await run()).toMatchObject({ outcome: "done", detail: /already, so nothing was sent/ });
    expect(await probe()).toMatchObject({ outcome: "done" });
    server.answer(taking(sent, { [at]: with2("api:third") }));
    expect(await run()).toMatchObject({ outcome: "refused", detail: /is to run api:third, which is neither/ });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["named alone", `api=${image}`, true],
    ["named with the others, in any order", `proxy=${other}, api=${image}`, true],
    ["not named", image, false],
    ["that of another", `api=${other}`, false],
  ])("runs an image that is %s", async (_what, to, runs) => {
    const { at: connection } = await cluster(serving({ [at]: with2(image) }));
    const spec = JSON.parse(JSON.stringify({ ...connection, rollout: ["api"], to: { api: to } }));
    const read = await createReads(openBackends()).read("shop", { kind: "kubernetes", spec });
    expect(read).toMatchObject({ ok: true, value: { complete: runs, other: !runs } });
  });

  it("is told which of them has to be said", async () => {
    const { at: connection } = await cluster(serving({ [at]: with2(image) }));
    const spec = JSON.parse(JSON.stringify({ ...connection, rollout: ["api"], to: { api: image } }));
    const read = await createReads(openBackends()).read("shop", { kind: "kubernetes", spec });
    expect(read).toMatchObject({
      value: { why: expect.stringMatching(/several containers \(api, proxy\): say which of them is to run/) },
    });
  });
});
