import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { z } from "zod";
import { examineSystems } from "../../src/compose/examine-systems.ts";
import { createWorld } from "../../src/compose/world.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { IncidentsInFile } from "../../src/domain/incidents/incidents-file.ts";
import { postReader } from "../../src/intake/read-again.ts";
import type { SystemFile } from "../fakes/backends.ts";
import { scratchStore } from "../fakes/scratch-store.ts";
import { closedUrl, type Handler, json, openBackend, text } from "../integrations/backend.ts";
import { kubeconfig } from "../integrations/kubernetes/cluster.ts";
import { quiet, systemWith } from "../integrations/systems.ts";

const started = `process_start_time_seconds ${Math.floor(Date.now() / 1_000) - 60}\n`;
const routes: Readonly<Record<string, Handler>> = {
  "/health": json({ status: "ok", system: "trader" }),
  "/state": json({ mode: "live", lag: 3, positions: [], services: ["api", "worker"] }),
  "/alerts": json({ active: [] }),
  "/metrics": text(`${started}calls{status="ok"} 5\nqueue 4\n`),
  "/secret": json({ error: "no token" }, 401),
  "/done": (request, response) => json({ key: request.headers["idempotency-key"], status: "done" })(request, response),
  "/knows": (request, response) => json({ key: request.headers["idempotency-key"] }, 404)(request, response),
};

async function backendUrl(): Promise<string> {
  const backend = await openBackend((request, response) =>
    (routes[new URL(request.url ?? "", "http://x").pathname] ?? json({ error: "no such path" }, 404))(
      request,
      response,
    ),
  );
  return backend.url;
}

async function examined(parts: Parameters<typeof systemWith>[0]): Promise<readonly string[]> {
  const world = createWorld({
    store: scratchStore(),
    current: () => ({
      systems: { all: () => [], find: () => undefined },
      commands: [],
      catalogue: { entries: [] },
      routing: routingOf(AlertsInFile.parse({}), []),
      incidents: IncidentsInFile.parse({}),
      awaited: [],
      digests: [],
      posts: postReader([]),
      history: { everyMs: 1, keepMs: 1 },
    }),
    directory: { standing: async () => ({ ok: true, groups: [] }) },
    log: quiet,
    meter: { count() {}, gauge() {}, observe() {} },
  });
  onTestFinished(() => world.close());
  const findings = await examineSystems(world, [systemWith(parts)]);
  return findings.map(({ what, remedy }) => (remedy === undefined ? `✓ ${what}` : `✗ ${what} → ${remedy}`));
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-doctor-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type Operations = z.input<typeof SystemFile>["operations"];

const act = (url: string, probe?: string): Operations => ({
  flatten: {
    summary: "Close all",
    risk: "destructive",
    steps: [{ id: "go", title: "Go", http: { method: "POST", url, ...(probe !== undefined && { probe }) } }],
  },
});

it("reads everything that a system's file says how to read, and says what was got", async () => {
  const url = await backendUrl();
  const state = (path: string) => ({ url: `${url}/state`, path });
  const log = {
    id: "main",
    file: "main.log",
    root: folderWith({ "main.log": `${new Date().toISOString()} INFO up\n` }),
    format: "plain" as const,
    time: "iso" as const,
  };
  expect(
    await examined({
      identity: { http: `${url}/health`, expect: { "/system": "trader" } },
      health: [{ id: "api", title: "API", http: `${url}/health`, expect: { "/status": "ok" } }],
      facts: [{ id: "mode", title: "Mode", json: state("/mode"), expect: "live" }],
      metrics: [
        { id: "lag", title: "Lag", unit: "ms", source: { json: state("/lag") } },
        { id: "queue", title: "Queue", source: { prometheus: { urls: [`${url}/metrics`], name: "queue" } } },
      ],
      backends: { held: { http: { base: url }, identity: { none: "its owner gives it no name" } } },
      alerts: [
        {
          id: "monitor",
          poll: `${url}/alerts`,
          list: "/active",
          fields: { id: "i", severity: "s", summary: "m" },
          severities: {},
        },
      ],
      logs: [log],
      lists: { services: { title: "Services", json: state("/services") } },
      portfolio: {
        http: `${url}/state`,
        positions: "/positions",
        fields: { symbol: "s", side: "d", quantity: "q", price: "p" },
      },
    }),
  ).toEqual([
    "✓ Trader, identity of the system: it says that it is this system",
    "✓ Trader, identity of the backend held: nothing proves it: its owner gives it no name",
    "✓ Trader, API: answered 200",
    "✓ Trader, Mode: live",
    "✓ Trader, metric lag: 3 ms",
    "✓ Trader, metric queue: 4",
    "✓ Trader, alerts of monitor: 0 firing",
    "✓ Trader, log main: its newest line is just now",
    "✓ Trader, portfolio: 0 positions",
    "✓ Trader, list services: 2 entries",
  ]);
});

it("tells a wrong path, a missing file, a selector that fits nothing, and what it may not ask, each with what to do", async () => {
  const url = await backendUrl();
  const health = [{ id: "api", title: "API", http: `${url}/health` }];
  const root = folderWith({});
  const found = await examined({
    health,
    facts: [{ id: "mode", title: "Mode", json: { url: `${url}/state`, path: "/moed" } }],
    metrics: [
      { id: "lag", title: "Lag", source: { json: { url: `${url}/stat`, path: "/lag" } } },
      { id: "secret", title: "Secret", source: { json: { url: `${url}/secret`, path: "/x" } } },
      {
        id: "errors",
        title: "Errors",
        source: { prometheus: { urls: [`${url}/metrics`], name: "calls", ratio: { labels: { status: "5xx" } } } },
      },
    ],
    logs: [{ id: "main", file: "main.log", root, format: "plain", time: "iso" }],
  });
  expect(found[0]).toBe("✓ Trader, API: answered 200");
  const troubles = found.slice(1).join("\n");
  expect(found.slice(1).every((line) => line.startsWith("✗"))).toBe(true);
  expect(troubles).toContain("Mode: ");
  expect(troubles).toContain("/moed is nothing → Check its address and path in systems/trader.yaml");
  expect(troubles).toContain("metric lag: ");
  expect(troubles).toContain("404 Not Found: no such path → Check its path, file or selector in systems/trader.yaml");
  expect(troubles).toContain("401 Unauthorized: no token → Check what systems/trader.yaml says it is asked with");
  expect(troubles).toContain('metric errors: calls: has no series with status="5xx"; status is "ok"');
  expect(troubles).toContain("log main: log main: there is no file main.log → Check its path, file or selector");
});

it("tells one dead service once, with all that hangs on it", async () => {
  const gone = await closedUrl();
  const at = (path: string) => ({ url: `${gone}${path}`, path: "/x" });
  const found = await examined({
    health: [{ id: "api", title: "API", http: `${gone}/health` }],
    facts: [{ id: "mode", title: "Mode", json: at("/mode") }],
    metrics: [{ id: "lag", title: "Lag", source: { json: at("/lag") } }],
  });
  expect(found).toEqual([
    `✗ Trader, API, Mode, metric lag: ${new URL(gone).host} could not connect: connection refused → Check its address in systems/trader.yaml, and that it runs.`,
  ]);
});

it("asks each probe for what was never sent, and nothing where none is configured", async () => {
  const url = await backendUrl();
  const health = [{ id: "api", title: "API", http: `${url}/health` }];
  const probed = async (probe?: string): Promise<string> =>
    (await examined({ health, operations: act(`${url}/go`, probe) })).slice(1).join();
  expect(await probed()).toBe("");
  expect(await probed(`${url}/knows`)).toBe("✓ Trader, probe of flatten: it knows what never arrived");
  expect(await probed(`${url}/wrong`)).toContain("✗ Trader, probe of flatten: ");
  expect(await probed(`${url}/done`)).toContain(
    "✗ Trader, probe of flatten: it says that what was never sent took effect",
  );
  expect(await probed(await closedUrl())).toContain("connection refused");
});

it("asks the cluster whether what the file needs is allowed, and names what is missing", async () => {
  const review = (verb: string): Handler =>
    json({ kind: "SelfSubjectAccessReview", status: { allowed: verb !== "patch" } }, 201);
  const server = await openBackend((request, response) => {
    let sent = "";
    request.on("data", (chunk: Buffer) => (sent += chunk.toString("utf8")));
    request.on("end", () => review(/"verb":"(\w+)"/.exec(sent)?.[1] ?? "")(request, response));
  });
  const at = { namespace: "shop", kubeconfig: kubeconfig(server.url) };
  const pause = { id: "go", title: "Go", kubernetes: { ...at, pause: { deployment: "api" } } };
  const rights = async (parts: Parameters<typeof systemWith>[0]): Promise<string | undefined> =>
    (await examined(parts)).find((line) => line.includes("rights"));
  const health = [{ id: "api", title: "API", kubernetes: { ...at, deployment: "api" } }];
  expect(await rights({ health })).toBe("✓ Trader, rights in namespace shop: all 2 that its file needs are there");
  const operations = { pause: { summary: "Pause", risk: "change" as const, steps: [pause] } };
  expect(await rights({ health, operations })).toBe(
    '✗ Trader, rights in namespace shop: 1 of 3 are missing: { apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] } → Check what systems/trader.yaml says it is asked with, and its rights.',
  );
});

it("tells a certificate that is not there once, with what to do, however many entries need it", async () => {
  const url = await backendUrl();
  const http = (path: string) => ({ base: url, path, ca: "/gone/ca.pem" });
  const lines = await examined({
    health: [
      { id: "one", http: http("/health") },
      { id: "two", http: http("/state") },
    ],
  });
  expect(lines.filter((line) => line.includes("/gone/ca.pem cannot be read →"))).toEqual([
    expect.stringMatching(
      /^✗ .*: the file \/gone\/ca\.pem cannot be read → Check that it is there and that the bot may read it\.$/,
    ),
  ]);
});
