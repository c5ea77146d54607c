import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { healthOf } from "../../../src/domain/systems/health.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { StateRead } from "../../../src/integrations/kubernetes/state-read.ts";
import { createLists } from "../../../src/integrations/lists.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createQueries } from "../../../src/integrations/queries.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { closedUrl, cut, flood, type Handler, hang, json, openBackends, page } from "../backend.ts";
import { systemWith } from "../systems.ts";
import { cluster, condition, core, deployment, group, kubeconfig, list, pod, serving, set } from "./cluster.ts";

const said = (reading: Reading<unknown> | undefined): unknown => (reading?.ok ? reading.value : reading?.detail);

async function health(at: object): Promise<unknown> {
  const system = systemWith({ health: [{ id: "api", timeout: "2s", kubernetes: { ...at, deployment: "api" } }] });
  const { components } = await createHealthChecks({ backends: openBackends() }).check(system);
  return said(components[0]?.reading);
}

/** How the workload is, by what was read of it. */
async function standing(at: object): Promise<string> {
  const system = systemWith({ health: [{ id: "api", timeout: "2s", kubernetes: { ...at, deployment: "api" } }] });
  const { components, facts } = await createHealthChecks({ backends: openBackends() }).check(system);
  return healthOf(components, facts);
}

const read = async (spec: object): Promise<unknown> =>
  said(await createReads(openBackends()).read("shop", { kind: "kubernetes", spec: JSON.parse(JSON.stringify(spec)) }));

describe("the health of a workload", () => {
  it("is how many are available", async () => {
    expect(await health((await cluster()).at)).toEqual({ detail: "2 of 2 available" });
  });

  const crashing = list(pod("api-a"), pod("api-b", { waiting: { reason: "CrashLoopBackOff" } }, 6));
  const available = (count: number, is: string) =>
    deployment({ status: { availableReplicas: count, conditions: [condition("Available", is)] } });

  it.each([
    [
      "a crash beside enough others",
      { [`${core}/pods`]: crashing },
      /^2 of 2 available: api-b is in CrashLoopBackOff after 6 restarts$/,
    ],
    [
      "a crash where the deployment says that enough are available",
      { [`${core}/pods`]: crashing, [`${group}/deployments/api`]: available(1, "True") },
      /^1 of 2 available: api-b is in CrashLoopBackOff/,
    ],
    [
      "an image that is not there",
      { [`${core}/pods`]: list(pod("api-a", { waiting: { reason: "ImagePullBackOff" } })) },
      /api-a is in ImagePullBackOff/,
    ],
    [
      "a stuck rollout",
      {
        [`${group}/deployments/api`]: deployment({
          status: { conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded")] },
        }),
      },
      /stuck \(ProgressDeadlineExceeded\): said of Progressing/,
    ],
  ])("is impaired by %s", async (_what, changed, words) => {
    expect(await health((await cluster(serving(changed))).at)).toEqual({
      impaired: true,
      detail: expect.stringMatching(words),
    });
  });

  it("is impaired, and not gone, while more are on their way and none fails", async () => {
    const starting = list(pod("api-a"), pod("api-b", { waiting: { reason: "ContainerCreating" } }));
    const changed = { [`${core}/pods`]: starting, [`${group}/deployments/api`]: available(1, "False") };
    expect(await health((await cluster(serving(changed))).at)).toEqual({
      impaired: true,
      detail: "1 of 2 available: fewer are available than it has to have",
    });
  });

  it.each([
    ["zero", deployment({ spec: { replicas: 0 }, status: { availableReplicas: 0 } }), /0 of 0 .*scaled to zero$/],
    ["none", available(0, "False"), /0 of 2 available: api-b is in CrashLoopBackOff.*; none is available$/],
    ["too few", available(1, "False"), /1 of 2 available: api-b .*; fewer are available than it has to have$/],
    ["too few, and nobody judging", deployment({ spec: { replicas: 4 } }), /2 of 4 .*; fewer are available/],
  ])("is gone with %s", async (_what, now, words) => {
    const changed = { [`${core}/pods`]: crashing, [`${group}/deployments/api`]: now };
    expect(await health((await cluster(serving(changed))).at)).toMatch(words);
  });
});

describe("what plans and watches read of deployments", () => {
  it("is what each is to be, with the revision that a rollback goes to, chosen by image", async () => {
    const { at } = await cluster();
    expect(await read({ ...at, deployments: ["api"] })).toEqual({
      api: {
        uid: "u-api",
        generation: 7,
        replicas: 2,
        revision: 4,
        image: "api:bad",
        images: { api: "api:bad" },
        resources: { api: { requests: {}, limits: {} } },
        paused: false,
        hpa: { name: "api", min: 2, max: 9 },
        empty: false,
        pinned: false,
        template: expect.stringMatching(/^[0-9a-f]{16}$/),
        previous: {
          revision: 2,
          image: "api:good",
          images: { api: "api:good" },
          left: false,
          template: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        left: { api: [] },
      },
    });
  });

  it("is null where nothing that is kept ran another image", async () => {
    const { at } = await cluster(serving({ [`${group}/replicasets`]: list(set(3, "api:bad"), set(4, "api:bad")) }));
    expect(await read({ ...at, deployments: ["api"] })).toMatchObject({ api: { previous: null } });
  });

  it("says how far a rollout has come", async () => {
    const { server, at } = await cluster();
    expect(await read({ ...at, rollout: ["api"] })).toMatchObject({ complete: true, stuck: false, why: "" });
    server.answer(serving({ [`${group}/deployments/api`]: deployment({ status: { observedGeneration: 6 } }) }));
    expect(await read({ ...at, rollout: ["api"] })).toMatchObject({ complete: false, why: /not seen the change/ });
    server.answer(
      serving({
        [`${group}/deployments/api`]: deployment({ status: { replicas: 3, updatedReplicas: 1, availableReplicas: 1 } }),
      }),
    );
    expect(await read({ ...at, rollout: ["api"] })).toMatchObject({
      complete: false,
      why: "api: 1 of 2 new, 1 available, 2 old left",
    });
  });

  it("tells of a rollout that was scaled otherwise meanwhile, whether or not it has come to its end", async () => {
    const { at, server } = await cluster();
    const rollout = { ...at, rollout: ["api"] };
    expect(await read({ ...rollout, replicas: { api: 2 } })).toMatchObject({
      complete: true,
      rescaled: false,
      why: "",
    });
    expect(await read({ ...rollout, replicas: { api: 3 } })).toMatchObject({
      complete: true,
      rescaled: true,
      of: { api: { rescaled: true } },
      why: "api: it is to have 2 pods, not 3: it was scaled meanwhile",
    });
    server.answer(serving({ [`${group}/deployments/api`]: deployment({ status: { replicas: 0 } }) }));
    expect(await read({ ...rollout, replicas: { api: 0 } })).toMatchObject({ complete: false, rescaled: true });
    for (const wrong of [
      { namespace: "shop", rollout: ["api"], replicas: { worker: 1 } },
      { namespace: "shop", deployments: ["api"], replicas: { api: 1 } },
    ])
      expect(StateRead.safeParse(wrong).error?.message).toMatch(
        /name deployments that rollout names|say them with rollout/,
      );
  });

  it("names what ran until now as what a rollback goes to, also before the controller has seen what is to run", async () => {
    const { at, server } = await cluster();
    const next = deployment({ spec: { template: { spec: { containers: [{ name: "api", image: "api:next" }] } } } });
    const changed = { [`${group}/deployments/api`]: { ...next, metadata: { ...next.metadata, generation: 8 } } };
    const previous = { revision: 4, image: "api:bad" };
    server.answer(serving(changed));
    expect(await read({ ...at, releases: ["api"] })).toMatchObject({ api: { image: "api:next", previous } });
    let looks = 0;
    server.answer((request, response) => {
      if (request.url?.includes("/deployments/api")) looks += 1;
      const annotations = { "deployment.kubernetes.io/revision": "5" };
      const seen = { ...next, metadata: { ...next.metadata, annotations } };
      return serving(looks < 3 ? changed : { [`${group}/deployments/api`]: seen })(request, response);
    });
    expect(await read({ ...at, releases: ["api"] })).toMatchObject({ api: { revision: 5, previous } });
  });

  it("offers the name that was meant", async () => {
    const { at } = await cluster();
    expect(await read({ ...at, deployments: ["apo"] })).toMatch(
      /has no deployment apo in namespace shop: did you mean api\?/,
    );
  });
});

describe("numbers, facts, lists, identity", () => {
  it("are read of the workload", async () => {
    const usage = {
      metadata: { name: "api-a" },
      containers: [{ name: "api", usage: { cpu: "250m", memory: "64Mi" } }],
    };
    const { at } = await cluster(
      serving({
        "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods": list(usage, usage),
        [`${core}/pods`]: list(pod("api-a", { running: {} }, 3)),
        [`${group}/deployments/worker`]: deployment({
          spec: { template: { spec: { containers: [{ name: "worker", image: "api:good" }] } } },
        }),
        [`${group}/deployments/cron`]: deployment({
          spec: { template: { spec: { containers: [{ name: "cron", image: "api:bad" }] } } },
        }),
        "/api/v1/namespaces/kube-system": { metadata: { name: "kube-system", uid: "c-1" } },
      }),
    );
    const ids = ["replicas", "available", "unavailable", "restarts", "cpu", "memory"];
    const system = systemWith({
      metrics: ids.map((value) => ({
        id: value,
        title: value,
        source: { kubernetes: { ...at, deployment: "api", value } },
      })),
      facts: [
        { deployment: "api", value: "image" },
        { deployment: "api", value: "revision" },
        { oneRelease: ["api", "worker"] },
        { oneRelease: ["api", "cron"] },
      ].map((asked, index) => ({ id: `fact-${index}`, title: "It", kubernetes: { ...at, ...asked } })),
      lists: { revisions: { title: "Revisions", kubernetes: { ...at, revisions: { deployment: "api" } } } },
      identity: { kubernetes: { ...at, expect: { cluster: "c-2" } } },
    });
    const backends = openBackends();
    const metrics = await createMetrics({ backends }).read(system);
    expect(metrics.map(({ reading }) => said(reading))).toEqual([2, 2, 0, 3, 0.5, 134_217_728]);
    const { facts } = await createHealthChecks({ backends }).check(system);
    expect(facts.map(({ reading }) => said(reading))).toEqual([
      "api:bad",
      4,
      "api:bad in api, api:good in worker",
      "one for all",
    ]);
    expect(said(await createLists(backends).read(system, "revisions"))).toEqual([
      { value: "4", label: "api:bad, runs now" },
      { value: "3", label: "api:bad" },
      { value: "2", label: "api:good" },
    ]);
    expect(await createHealthChecks({ backends }).identify(system)).toMatchObject({
      is: "contradicted",
      why: "the namespace kube-system has the uid c-1, not c-2",
    });
  });
});

describe("questions", () => {
  const event = (name: string, reason: string, lastTimestamp: string) => ({
    metadata: { name },
    type: "Warning",
    reason,
    message: `${reason} of ${name}`,
    lastTimestamp,
    involvedObject: { kind: "Pod", name },
  });

  it("are answered as tables, events newest first", async () => {
    const { at } = await cluster(
      serving({
        [`${core}/events`]: list(
          event("old", "Pulled", "2026-11-28T01:00:00Z"),
          event("new", "BackOff", "2026-11-28T02:00:00Z"),
        ),
      }),
    );
    const ask = async (kubernetes: object) => {
      const system = systemWith({ queries: [{ id: "it", title: "It", kubernetes: { ...at, ...kubernetes } }] });
      const [query] = system.queries;
      if (!query) throw new Error("no query");
      return (await createQueries(openBackends()).read(system, query, {})).value;
    };
    expect((await ask({ pods: {} })).rows.map((row) => row.slice(0, 4))).toEqual([
      ["api-a", "1/1", "Running", 0],
      ["api-b", "1/1", "Running", 0],
    ]);
    expect((await ask({ events: {} })).rows.map((row) => row[2])).toEqual(["BackOff", "Pulled"]);
    expect((await ask({ deployments: {} })).rows).toMatchObject([["api", "2/2", 2, 2, 4, null, "api:bad"]]);
    expect((await ask({ history: { deployment: "api" } })).rows.map((row) => [row[0], row[2], row[4]])).toEqual([
      [4, "api:bad", "rev 4"],
      [3, "api:bad", "rev 3"],
      [2, "api:good", "rev 2"],
    ]);
    await expect(ask({ top: {} })).rejects.toThrow(/metrics-server is not there/);
  });

  /** As a server pages: by name, at most `limit` at a time, with `continue` to go on by. */
  const paged =
    (path: string, all: readonly unknown[]): Handler =>
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
      const from = Number(searchParams.get("continue") ?? 0);
      const to = from + Number(searchParams.get("limit") ?? all.length);
      const metadata = to < all.length ? { continue: String(to) } : {};
      if (pathname === path) json({ metadata, items: all.slice(from, to) })(request, response);
      else serving()(request, response);
    };
  const numbered = (most: number) => Array.from({ length: most }, (_, n) => `cron-${String(n).padStart(4, "0")}`);

  it("are answered from all pages of a list, or not at all", async () => {
    const path = `${core}/events`;
    const old = numbered(5_000).map((name) => event(name, "Pulled", "2026-11-28T01:00:00Z"));
    const last = event("worker", "BackOff", "2026-11-28T02:00:00Z");
    const { server, at } = await cluster(paged(path, [...old.slice(0, 600), last]));
    const system = systemWith({ queries: [{ id: "it", title: "It", kubernetes: { ...at, events: {} } }] });
    const [query] = system.queries;
    if (!query) throw new Error("no query");
    const ask = async () => (await createQueries(openBackends()).read(system, query, {})).value;
    const { rows, more } = await ask();
    expect(rows[0]).toContain("BackOff");
    expect(more).toBe(true);
    server.answer(paged(path, [...old, last]));
    await expect(ask()).rejects.toThrow(/namespace shop: has more than 5000 events, which is more than is read/);
  });

  it("a list of pods has those of every page", async () => {
    const { at } = await cluster(
      paged(
        `${core}/pods`,
        [...numbered(600), "worker"].map((name) => pod(name)),
      ),
    );
    const system = systemWith({ lists: { pods: { title: "Pods", kubernetes: { ...at, list: "pods" } } } });
    const pods = await createLists(openBackends()).read(system, "pods");
    expect(pods.ok && pods.value.length).toBe(601);
    expect(pods.ok && pods.value.at(-1)?.value).toBe("worker");
  });
});

describe("what goes wrong on the way is said in plain words", () => {
  const status = (code: number, message: string) => json({ kind: "Status", message }, code);
  it.each<[string, Handler, RegExp]>([
    [
      "an expired credential",
      status(401, "Unauthorized"),
      /did not take the credential of context prod in .*: it has expired or is not valid; renew it \(401\)/,
    ],
    [
      "a missing right",
      status(403, "forbidden"),
      /may not get deployments in namespace shop: its Role lacks \{ apiGroups: \["apps"\], resources: \["deployments"\], verbs: \["get"\] \}/,
    ],
    ["an overloaded API", status(429, "slow down"), /429 Too Many Requests: slow down/],
    ["a broken API", status(500, "etcd is away"), /500 Internal Server Error: etcd is away/],
    ["a page", page(), /web page instead of data/],
    ["no JSON", (_request, response) => response.end("hello"), /not JSON/],
    ["another JSON", json({ hello: 1 }), /something that Kubernetes does not answer with, at metadata/],
    ["half an answer", cut, /in the middle of the answer/],
    ["too much", flood, /answered more than may be read/],
    ["no answer", hang, /gave no answer within/],
  ])("%s", async (_what, handler, words) => {
    const { at } = await cluster(handler);
    expect(await health({ ...at, timeoutMs: 500 })).toMatch(words);
    // It says something of the way there, and nothing of what runs.
    expect(await standing({ ...at, timeoutMs: 500 })).toBe("unknown");
  });

  it("a cluster that is down, a line that is open, and TLS where there is none", async () => {
    const down = await closedUrl();
    expect(await health({ namespace: "shop", kubeconfig: kubeconfig(down) })).toMatch(/connection refused/);
    expect(await standing({ namespace: "shop", kubeconfig: kubeconfig(down) })).toBe("unknown");
    expect(await health({ namespace: "shop", kubeconfig: kubeconfig("http://10.0.0.1:6443") })).toMatch(
      /not reached over https, so no credential is sent/,
    );
    const { server } = await cluster();
    const secure = kubeconfig(server.url.replace("http:", "https:"));
    expect(await health({ namespace: "shop", kubeconfig: secure })).toMatch(/does not speak TLS/);
    expect(server.calls).toEqual([]);
  });

  it("a kubeconfig that is not there, is none, or lacks what it names", async () => {
    const path = kubeconfig("https://127.0.0.1:1");
    expect(await health({ namespace: "shop", kubeconfig: "/nowhere/config" })).toMatch(
      /^\/nowhere\/config: is not there: check the path/,
    );
    expect(await health({ namespace: "shop", kubeconfig: path, context: "prd" })).toMatch(
      /has no context prd: did you mean prod\?/,
    );
    const lost = kubeconfig("https://127.0.0.1:1", { users: [] });
    expect(await health({ namespace: "shop", kubeconfig: lost })).toMatch(/has no usable user bot/);
    const open = { server: "https://127.0.0.1:1", "insecure-skip-tls-verify": true };
    const unchecked = kubeconfig("https://127.0.0.1:1", { clusters: [{ name: "c", cluster: open }] });
    expect(await health({ namespace: "shop", kubeconfig: unchecked })).toMatch(
      /cluster c: says insecure-skip-tls-verify, which is not done: give its certificate-authority/,
    );
    writeFileSync(path, "token: kube-token-4711: : [");
    expect(await health({ namespace: "shop", kubeconfig: path })).toMatch(/is no kubeconfig/);
  });
});
