import { describe, expect, it } from "vitest";
import { createBackends } from "../../src/compose/world.ts";
import { withConnections } from "../../src/domain/systems/connections.ts";
import { componentHealth } from "../../src/domain/systems/health.ts";
import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createSecrets } from "../../src/integrations/wire/secrets.ts";
import { closedUrl, hang, json, openBackend, openBackends, openHttp, page, text } from "./backend.ts";
import { systemWith } from "./systems.ts";

describe("health checks", () => {
  it("are all asked at once, and one that hangs is no reason for another to be late", async () => {
    const [well, stuck] = [await openBackend(json({ status: "ok" })), await openBackend(hang)];
    const gone = await closedUrl();
    const health = [
      { id: "stuck", http: stuck.url, timeout: "600ms" },
      { id: "well", title: "API", http: well.url, expect: { "/status": "ok" }, weight: "important" as const },
      { id: "gone", http: gone },
    ];
    const { components } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ health }));
    expect(components).toMatchObject([
      { id: "stuck", title: "stuck", weight: "critical", reading: { ok: false, fault: "timeout" } },
      { id: "well", title: "API", weight: "important", reading: { ok: true, value: { detail: "answered 200" } } },
      { id: "gone", reading: { ok: false, fault: "unreachable" } },
    ]);
    expect(components[1]?.reading.latencyMs).toBeLessThan(components[0]?.reading.latencyMs ?? 0);
  });

  it("say what is not as it should be", async () => {
    const backend = await openBackend(json({ status: "degraded" }));
    const health = [{ id: "api", http: `${backend.url}/health`, expect: { "/status": "ok", "/database/up": true } }];
    const { components } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ health }));
    expect(components[0]?.reading).toMatchObject({
      ok: false,
      fault: "unwell",
      detail: `${backend.host}: GET /health: /status is "degraded", not "ok", /database/up is nothing, not true`,
    });
  });

  it("that expect nothing take any 2xx", async () => {
    const backend = await openBackend((_request, response) => response.writeHead(204).end());
    const { components } = await createHealthChecks({ backends: openBackends() }).check(
      systemWith({ health: [{ id: "api", http: backend.url }] }),
    );
    expect(components[0]?.reading).toMatchObject({ ok: true, value: { detail: "answered 204" } });
  });

  it("and facts of one address and deadline are one call", async () => {
    const backend = await openBackend(json({ status: "ok", mode: "live", version: 3 }));
    const health = [{ id: "api", http: backend.url, expect: { "/status": "ok" } }];
    const facts = [
      { id: "mode", title: "Mode", json: { url: backend.url, path: "/mode" } },
      { id: "version", title: "Version", json: { url: backend.url, path: "/version" } },
    ];
    const probed = await createHealthChecks({ backends: openBackends() }).check(systemWith({ health, facts }));
    expect(probed.facts.map(({ reading }) => reading.ok && reading.value)).toEqual(["live", 3]);
    expect(backend.calls).toHaveLength(1);
  });

  it("are counted by system and outcome", async () => {
    const counted: unknown[] = [];
    const backend = await openBackend(json({}, 503));
    const meter = {
      count: (...said: unknown[]) => void counted.push(said),
      observe: () => undefined,
      gauge: () => undefined,
    };
    await createHealthChecks({ backends: openBackends(), meter }).check(
      systemWith({ health: [{ id: "api", http: backend.url }] }),
    );
    expect(counted).toEqual([["wardroom_probes_total", { system: "trader", outcome: "overloaded" }]]);
  });
});

type Health = NonNullable<Parameters<typeof systemWith>[0]["health"]>;

describe("a part seen through another", () => {
  async function seen(redis: object): Promise<string[]> {
    const backend = await openBackend(json(redis, "status" in redis ? 200 : 503));
    return rated([
      { id: "trader", title: "Trader", http: backend.url, expect: { "/status": "ok" } },
      { id: "redis", http: backend.url, expect: { "/redis": "connected" }, through: "trader", weight: "important" },
    ]);
  }

  async function rated(health: Health): Promise<string[]> {
    const checks = createHealthChecks({ backends: openBackends() });
    const { components } = await checks.check(systemWith({ health }));
    return components.map(componentHealth);
  }

  it("is down when that says so, and unknown when that cannot be read", async () => {
    expect(await seen({ status: "ok", redis: "connected" })).toEqual(["up", "up"]);
    expect(await seen({ status: "ok", redis: "gone" })).toEqual(["up", "down"]);
    expect(await seen({})).toEqual(["down", "unknown"]);
  });

  it("is unknown where nothing listens, also when nobody said through what it is seen", async () => {
    const url = await closedUrl();
    const redis = { id: "redis", http: `${url}/health`, expect: { "/redis": "connected" }, weight: "important" };
    expect(await rated([redis, { id: "trader", http: `${url}/live` }])).toEqual(["unknown", "down"]);
  });
});

describe("a 200 without an expectation", () => {
  it.each([
    ["a word that says otherwise", text("Degraded"), 'it says "Degraded"'],
    ["a status that says otherwise", json({ status: "DOWN" }), 'it says "DOWN"'],
    ["a word with more behind it", text("DEGRADED: redis is slow"), 'it says "DEGRADED: redis is slow"'],
    ["a word in a key of another name", json({ State: "Unhealthy" }), 'it says "Unhealthy"'],
    ["a word inside its status", json({ status: { indicator: "critical" } }), 'it says status: "critical"'],
    ["a no where a yes is wanted", json({ healthy: false }), "it says healthy: false"],
    ["a code of its own", json({ statusCode: 503, message: "" }), "it says statusCode: 503"],
    ["an error", json({ error: "no database" }), 'it says "no database"'],
    ["a web page", page(), "web page"],
  ] as const)("of %s is not well", async (_what, answer, said) => {
    const backend = await openBackend(answer);
    const checks = createHealthChecks({ backends: openBackends() });
    const { components } = await checks.check(systemWith({ health: [{ id: "api", http: backend.url }] }));
    expect(components).toMatchObject([{ reading: { ok: false, detail: expect.stringContaining(said) } }]);
  });

  it("that says it does not know is unknown, and neither up nor down", async () => {
    const backend = await openBackend(json({ status: "UNKNOWN" }));
    const checks = createHealthChecks({ backends: openBackends() });
    const { components } = await checks.check(systemWith({ health: [{ id: "api", http: backend.url }] }));
    expect(components.map(componentHealth)).toEqual(["unknown"]);
  });

  it.each([
    json({ status: "ok", error: null, errors: [], failures: 0, code: 200, updown: "down" }),
    json({ status: "UP", components: { disk: { status: "UP" } } }),
    json({ state: "downloading", ok: true, error: "" }),
    json([]),
    text("Errors: 0"),
    text("OK, nothing is down"),
  ])("that says nothing against itself is well: case %#", async (answer) => {
    const backend = await openBackend(answer);
    const checks = createHealthChecks({ backends: openBackends() });
    const { components } = await checks.check(systemWith({ health: [{ id: "api", http: backend.url }] }));
    expect(components.map(componentHealth)).toEqual(["up"]);
  });

  it("is well with a word that says so, with nothing at all, and with a page where one is wanted", async () => {
    const checks = createHealthChecks({ backends: openBackends() });
    const [word, nothing, wanted] = await Promise.all([
      openBackend(text("Healthy")),
      openBackend(text("")),
      openBackend(page(200)),
    ]);
    const health = [
      { id: "word", http: word.url, expect: { "": "Healthy" } },
      { id: "nothing", http: nothing.url },
      { id: "page", http: wanted.url, page: true as const },
    ];
    const { components } = await checks.check(systemWith({ health }));
    expect(components.map(componentHealth)).toEqual(["up", "up", "up"]);
  });
});

describe("facts", () => {
  it("that are not what is expected are told with what was", async () => {
    const backend = await openBackend(json({ mode: "synthetic", live: "true" }));
    const fact = (id: string, wanted: string | boolean): object => ({
      id,
      title: id,
      json: { url: backend.url, path: `/${id}` },
      expect: wanted,
      severity: "critical",
    });
    const facts = [fact("mode", "live"), fact("mode", "synthetic"), fact("live", true)].map((each) => Object(each));
    const { facts: read } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ facts }));
    expect(read.map(({ severity, expected }) => [severity, expected])).toEqual([
      ["critical", "live"],
      [undefined, undefined],
      ["critical", "true"],
    ]);
  });

  it.each([{}, { mode: null }, { mode: {} }, { mode: ["live"] }])("in %j are unread", async (body) => {
    const backend = await openBackend(json(body));
    const facts = [{ id: "mode", title: "Mode", json: { url: backend.url, path: "/mode" }, expect: "live" }];
    const { facts: read } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ facts }));
    expect(read).toMatchObject([{ reading: { ok: false, fault: "nonsense" } }]);
    expect(read[0]?.severity).toBeUndefined();
  });
});

describe("identity", () => {
  const expecting = { "/system": "trader" };

  it("is proven by the answer, asked anew each time", async () => {
    const backend = await openBackend(json({ system: "trader" }));
    const checks = createHealthChecks({ backends: openBackends() });
    const system = systemWith({ identity: { http: `${backend.url}/health`, expect: expecting } });
    expect(await checks.identify(system)).toEqual({ is: "proven" });
    backend.answer(json({ system: "grafana" }));
    expect(await checks.identify(system)).toEqual({
      is: "contradicted",
      why: `${backend.host} says /system is "grafana", not "trader"`,
    });
  });

  it.each([
    ["says nothing of it", {}],
    ["says null", { system: null }],
  ])("is neither proven nor contradicted by an answer that %s", async (_what, body) => {
    const backend = await openBackend(json(body));
    const identity = { http: backend.url, expect: expecting };
    const checks = createHealthChecks({ backends: openBackends() });
    expect(await checks.identify(systemWith({ identity }))).toMatchObject({ is: "unread" });
  });

  it("is not proven by an error, a page or nobody", async () => {
    const checks = createHealthChecks({ backends: openBackends() });
    const backend = await openBackend(page());
    const identity = { http: backend.url, expect: expecting };
    const unread = (words: string) => ({
      is: "unread",
      why: expect.stringContaining(words),
      fault: expect.any(String),
    });
    expect(await checks.identify(systemWith({ identity }))).toEqual(unread("web page"));
    backend.answer(json({ system: "trader" }, 500));
    expect(await checks.identify(systemWith({ identity }))).toEqual(unread("500"));
    expect(await checks.identify(systemWith({ identity: { ...identity, http: await closedUrl() } }))).toEqual(
      unread("connection refused"),
    );
  });

  it("is proven of each backend that is gone through, and of no other; what contradicts counts first", async () => {
    const checks = createHealthChecks({ backends: openBackends() });
    const [right, wrong] = [
      await openBackend(json({ system: "trader" })),
      await openBackend(json({ system: "other" })),
    ];
    const proof = (base: string) => ({ http: { base }, identity: { path: "/health", expect: expecting } });
    const backends = { right: proof(right.url), wrong: proof(wrong.url), gone: proof(await closedUrl()) };
    const said = { none: "its owner gives it no name" };
    const system = withConnections(
      systemWith({ backends: { ...backends, bare: { http: { base: right.url }, identity: said } } }),
    );
    expect(await checks.identify(system, { through: ["right", "bare"] })).toEqual({ is: "proven" });
    expect(await checks.identify(system, { through: ["right", "gone"] })).toMatchObject({ is: "unread" });
    expect(await checks.identify(system, { through: ["gone", "wrong"] })).toMatchObject({ is: "contradicted" });
    expect(await checks.identify(system)).toMatchObject({ is: "contradicted" });
  });

  it("is asked without the credential of a backend, unless its file says otherwise", async () => {
    const shown: (string | undefined)[] = [];
    const backend = await openBackend((request, response) => {
      shown.push(request.headers.authorization);
      json({ system: "trader" })(request, response);
    });
    const checks = createHealthChecks({
      backends: createBackends({ http: openHttp({ secrets: createSecrets(() => "tulip-Value-0123") }) }),
    });
    for (const credential of [false, true]) {
      const identity = { path: "/health", expect: expecting, credential };
      const http = { base: backend.url, auth: { bearer: "env:TOKEN" } };
      const system = withConnections(systemWith({ backends: { trader: { http, identity } } }));
      expect(await checks.identify(system)).toEqual({ is: "proven" });
    }
    expect(shown).toEqual([undefined, "Bearer tulip-Value-0123"]);
  });

  it("is not asked for where none is configured", async () => {
    expect(await createHealthChecks({ backends: openBackends() }).identify(systemWith({}))).toEqual({ is: "proven" });
  });
});
