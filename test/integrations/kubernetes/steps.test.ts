import { describe, expect, it } from "vitest";
import { type Handler, hang, json, page } from "../backend.ts";
import { accounted, core, deployment, group, list, serving, set } from "./cluster.ts";
import { type Sent, scale, scaleAt, step, taking } from "./step-bench.ts";

describe("scaling", () => {
  it("sends back the scale that was read, with its version", async () => {
    const sent: Sent[] = [];
    const { says, run } = await step(taking(sent, { [scaleAt]: scale(2) }), {
      scale: { deployment: "{service}", replicas: "{n}", from: 2 },
    });
    expect(says).toBe("scale deployment api of shop from 2 to 5 replicas");
    expect(await run()).toEqual({ outcome: "done", detail: "from 2 to 5 replicas" });
    expect(sent).toEqual([{ line: `PUT ${scaleAt}`, type: "application/json", body: scale(5) }]);
  });

  it.each<[string, object, object, [string, RegExp]]>([
    ["it is at that scale", scale(5), {}, ["refused", /already has 5 replicas, so nothing was sent/]],
    [
      "it is so already, as after half a run",
      scale(5),
      { from: 2 },
      ["done", /has 5 replicas already, so nothing was/],
    ],
    ["it was changed meanwhile", scale(3), { from: 2 }, ["refused", /has 3 replicas now, not 2 as planned/]],
  ])("sends nothing where %s", async (_what, now, from, [outcome, says]) => {
    const sent: Sent[] = [];
    const { run } = await step(taking(sent, { [scaleAt]: now }), {
      scale: { deployment: "api", replicas: 5, ...from },
    });
    expect(await run()).toEqual({ outcome, detail: expect.stringMatching(says) });
    expect(sent).toEqual([]);
  });

  it("is read and sent again where its controller wrote its status meanwhile", async () => {
    const sent: Sent[] = [];
    const conflict = json({ kind: "Status", reason: "Conflict", message: "the object has been modified" }, 409);
    const handler = taking(sent, { [scaleAt]: scale(2) }, (request, response) => {
      (sent.length === 1 ? conflict : json(scale(5)))(request, response);
    });
    const { run } = await step(handler, { scale: { deployment: "{service}", replicas: "{n}", from: 2 } });
    expect(await run()).toEqual({ outcome: "done", detail: "from 2 to 5 replicas" });
    expect(sent).toHaveLength(2);
  });

  it.each<[string, Handler, string, RegExp]>([
    [
      "a conflict that does not end",
      json({ kind: "Status", message: "the object has been modified" }, 409),
      "refused",
      /Nobody changed how many pods it is to have: ask again/,
    ],
    [
      "a missing right",
      json({ kind: "Status" }, 403),
      "refused",
      /may not update deployments\/scale .* verbs: \["update"\]/,
    ],
    [
      "a webhook's no",
      json({ kind: "Status", message: 'admission webhook "freeze.shop" denied the request: frozen' }, 403),
      "refused",
      /did not take the change of .*: admission webhook "freeze\.shop" denied the request: frozen \(403\)/,
    ],
    ["a broken API", json({ kind: "Status", message: "etcd" }, 500), "unknown", /500/],
    ["a lost answer", hang, "unknown", /may have taken effect/],
  ])("tells %s", async (_what, handler, outcome, says) => {
    const { run } = await step(taking([], { [scaleAt]: scale(2) }, handler), {
      timeoutMs: 500,
      scale: { deployment: "api", replicas: 5 },
    });
    expect(await run()).toEqual({ outcome, detail: expect.stringMatching(says) });
  });

  it("that was not begun because nothing could be read has no effect", async () => {
    const { run } = await step(json({ kind: "Status" }, 500), { scale: { deployment: "api", replicas: 5 } });
    expect(await run()).toMatchObject({ outcome: "refused" });
  });

  it("is looked up by how many there are to be", async () => {
    const { server, probe } = await step(serving({ [scaleAt]: scale(5) }), {
      scale: { deployment: "api", replicas: 5, from: 2 },
    });
    expect(await probe()).toMatchObject({ outcome: "done" });
    // As many as before: somebody may have set it back.
    server.answer(serving({ [scaleAt]: scale(2) }));
    expect(await probe()).toMatchObject({ outcome: "unknown", detail: /as before or again/ });
    server.answer(serving({ [scaleAt]: scale(2), [`${group}/deployments/api`]: accounted(deployment()) }));
    expect(await probe()).toMatchObject({ outcome: "refused" });
    for (const unsure of [serving({ [scaleAt]: scale(7) }), json({}, 403), json({}, 404), page()]) {
      server.answer(unsure);
      expect(await probe()).toMatchObject({ outcome: "unknown" });
    }
  });
});

const undo = { undo: { deployment: "api", toRevision: 2, image: "api:good" } };

describe("undoing a rollout", () => {
  it("sends kubectl's patch, held to what was read", async () => {
    const sent: Sent[] = [];
    const { says, run } = await step(taking(sent), undo);
    expect(says).toBe("rollout undo of deployment api of shop to revision 2: api:good");
    expect(await run()).toMatchObject({ outcome: "done" });
    const { template } = set(2, "api:good").spec;
    const annotations = {
      "deployment.kubernetes.io/revision": "4",
      "kubernetes.io/change-cause": "rev 2",
      "wardroom.dev/step": "key-1",
    };
    expect(sent).toEqual([
      {
        line: `PATCH ${group}/deployments/api?fieldManager=wardroom`,
        type: "application/json-patch+json",
        body: [
          { op: "test", path: "/metadata/uid", value: "u-api" },
          { op: "test", path: "/metadata/generation", value: 7 },
          { op: "replace", path: "/spec/template", value: template },
          { op: "replace", path: "/metadata/annotations", value: annotations },
        ],
      },
    ]);
  });

  it.each([
    [
      "paused",
      { [`${group}/deployments/api`]: deployment({ spec: { paused: true } }) },
      undo,
      /is paused: resume it first/,
    ],
    ["of a revision that is gone", { [`${group}/replicasets`]: list() }, undo, /revision 2 is no longer kept/],
    ["of another image", {}, { undo: { ...undo.undo, image: "api:other" } }, /revision 2 ran api:good, not api:other/],
    [
      "of the same image",
      {},
      { undo: { deployment: "api", toRevision: 3, image: "api:bad" } },
      /is to run api:bad already/,
    ],
  ])("%s is refused", async (_what, changed, spec, says) => {
    const sent: Sent[] = [];
    const { run } = await step(taking(sent, changed), spec);
    expect(await run()).toEqual({ outcome: "refused", detail: expect.stringMatching(says) });
    expect(sent).toEqual([]);
  });

  it("is looked up by its key", async () => {
    const { server, probe } = await step(serving(), undo);
    expect(await probe()).toMatchObject({ outcome: "unknown", detail: /somebody else may have taken it back/ });
    const carries = deployment();
    Object.assign(carries.metadata.annotations, { "wardroom.dev/step": "key-1" });
    server.answer(serving({ [`${group}/deployments/api`]: carries }));
    expect(await probe()).toMatchObject({ outcome: "done" });
  });
});

it.each([
  ["pause", {}, { spec: { paused: true } }],
  [
    "restart",
    {},
    { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": expect.any(String) } } } } },
  ],
  ["resume", { spec: { paused: true } }, { spec: { paused: null } }],
])("%s sends kubectl's strategic merge patch", async (verb, now, body) => {
  const sent: Sent[] = [];
  const changed = { [`${group}/deployments/api`]: deployment(now), [`${core}/pods`]: list() };
  const { run } = await step(taking(sent, changed), { [verb]: { deployment: "api" } });
  expect(await run()).toMatchObject({ outcome: "done" });
  expect(sent).toMatchObject([{ type: "application/strategic-merge-patch+json", body }]);
});

describe("a change whose key another has dropped, as rollout undo and replace do", () => {
  const at = `${group}/deployments/api`;
  const steps = [
    ["an undo", undo],
    ["a restart", { restart: { deployment: "api" } }],
    ["a pause", { pause: { deployment: "api" } }],
    [
      "an image",
      { setImage: { deployment: "api", container: "api", image: `api@sha256:${"a".repeat(64)}`, uid: "u-api" } },
    ],
    ["a scale", { scale: { deployment: "api", replicas: 5, from: 2 } }],
  ] as const;
  const known = { [scaleAt]: scale(2) };

  it.each(steps)(
    "is not told as one that never came, but where nobody has changed it since: %s",
    async (_what, spec) => {
      const { server, probe } = await step(serving({ ...known, [at]: accounted(deployment()) }), spec);
      expect(await probe()).toMatchObject({ outcome: "refused" });
      // It was begun before the last that was written.
      expect(await probe(Date.now() - Date.parse("2026-01-02T03:00:00Z"))).toMatchObject({ outcome: "unknown" });
      const [justNow, unseen] = [{ at: new Date().toISOString() }, { observedGeneration: 6 }];
      for (const now of [accounted(deployment(), justNow), accounted(deployment(), unseen), deployment()]) {
        server.answer(serving({ ...known, [at]: now }));
        expect(await probe()).toMatchObject({ outcome: "unknown" });
      }
    },
  );

  it.each([
    ["a scale", { scale: { deployment: "api", replicas: 5, from: 2, generation: "{now.api.generation}" } }],
    ["a restart", { restart: { deployment: "api", generation: "{now.api.generation}" } }],
  ])("is told as one that never came by the generation it was planned on, amid a rollout: %s", async (_what, spec) => {
    // Its controller has written of a rollout since, and does so still.
    const rolling = accounted(deployment(), { at: new Date().toISOString(), observedGeneration: 6 });
    const later = { ...rolling, metadata: { ...rolling.metadata, generation: 8 } };
    const madeAnew = { ...rolling, metadata: { ...rolling.metadata, creationTimestamp: new Date().toISOString() } };
    const planned = { api: { generation: 7 } };
    const { server, probe } = await step(serving({ ...known, [at]: rolling }), spec, { now: planned });
    expect(await probe()).toMatchObject({ outcome: "refused" });
    for (const now of [later, madeAnew]) {
      server.answer(serving({ ...known, [at]: now }));
      expect(await probe()).toMatchObject({ outcome: "unknown" });
    }
  });
});
