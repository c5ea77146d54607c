import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createBackends } from "../../../src/compose/world.ts";
import type { QueryTable } from "../../../src/domain/systems/queries.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createQueries } from "../../../src/integrations/queries.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { type RedisProcess, startRedis } from "../../fakes/redis-process.ts";
import { openHttp } from "../backend.ts";
import { systemWith } from "../systems.ts";

let real: RedisProcess;
let owner: Redis;
beforeAll(async () => {
  real = await startRedis(["--requirepass", "tulip-Value-0123456789", "--slowlog-log-slower-than", "0"]);
  owner = new Redis({ port: real.port, password: "tulip-Value-0123456789" });
  await owner.set("environment", "prsm-production");
  await owner.acl("SETUSER", "blind", "on", ">daffodil-Value-0123456789", "+ping", "~*");
});
afterAll(async () => {
  owner.disconnect();
  await real.stop();
});
beforeEach(async () => {
  await owner.config("RESETSTAT");
  await owner.call("SLOWLOG", "RESET");
});

const variables: Readonly<Record<string, string>> = {
  PASSWORD: "tulip-Value-0123456789",
  WRONG: "daffodil-Value-0123456789",
};
type Connection = Readonly<Record<string, unknown>>;
const cache = (changed: Connection = {}): Connection => ({
  url: `redis://127.0.0.1:${real.port}`,
  password: "env:PASSWORD",
  ...changed,
});
const open = () => createBackends({ http: openHttp(), secrets: createSecrets((name) => variables[name]) });
const plain = (said: unknown): string => String(said).replaceAll(/127\.0\.0\.1:\d+/g, "server");

/** The answer of a query, or what was said instead. */
async function query(asked: Connection, timeout = "5s"): Promise<QueryTable | string> {
  const system = systemWith({ queries: [{ id: "it", title: "It", rows: 3, timeout, redis: asked }] });
  const [only] = system.queries;
  try {
    if (!only) throw new Error("it has no query");
    return (await createQueries(open()).read(system, only, {})).value;
  } catch (error) {
    return plain(error);
  }
}

async function metric(value: unknown, changed: Connection = {}): Promise<unknown> {
  const system = systemWith({
    metrics: [{ id: "it", title: "It", unit: "%", source: { redis: { ...cache(changed), value } } }],
  });
  const [read] = await createMetrics({ backends: open() }).read(system, ["it"]);
  const reading = read?.reading;
  return reading?.ok ? reading.value : plain(reading?.detail);
}

async function health(changed: Connection = {}): Promise<string> {
  const { password, ...others } = cache(changed);
  const redis = password === "none" ? others : cache(changed);
  const system = systemWith({ health: [{ id: "cache", redis }] });
  const { components } = await createHealthChecks({ backends: open() }).check(system);
  const reading = components[0]?.reading;
  return plain(reading?.ok ? reading.value.detail : reading?.detail);
}

/** Something that listens and answers whatever comes with these bytes. */
async function listener(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => answer(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `redis://127.0.0.1:${address.port}`;
}

describe("a real Redis", () => {
  it("is asked for what INFO says, in a table", async () => {
    await owner.get("environment");
    await owner.get("missing");
    const values = {
      "Memory used": "used_memory_human",
      "Hit rate": { share: "keyspace_hits", of: ["keyspace_hits", "keyspace_misses"] },
      Keys: "db0.keys",
    };
    expect(await query(cache({ values }))).toEqual({
      columns: [{ name: "What" }, { name: "Value" }],
      rows: [
        ["Memory used", expect.stringMatching(/^[\d.]+[KM]$/)],
        ["Hit rate", "50.0 %"],
        ["Keys", 1],
      ],
      more: false,
    });
    const rare = { "Master link": "master_link_status", Latency: { ping: true }, Wrong: "no_such_field", More: "role" };
    expect(await query(cache({ values: rare }))).toEqual({
      columns: [{ name: "What" }, { name: "Value" }],
      rows: [
        ["Master link", null],
        ["Latency", expect.stringMatching(/^\d+\.\d\d ms$/)],
        ["Wrong", null],
      ],
      more: true,
    });
  });

  it("tells its slow log, without the secrets in it", async () => {
    await owner.set("session", "password=hunter2-Value-0123456789");
    expect(await query(cache({ slowlog: 2 }))).toEqual({
      columns: [{ name: "At" }, { name: "Took", unit: "ms" }, { name: "Command" }, { name: "Asked by" }],
      rows: [
        [expect.stringMatching(/^\d{4}-\d\d-\d\dT/), expect.any(Number), expect.any(String), expect.any(String)],
        [
          expect.any(String),
          expect.any(Number),
          expect.stringMatching(/^set session password=\[redacted\]$/),
          expect.any(String),
        ],
      ],
      more: true,
    });
  });

  it("gives metrics, and no rate of nothing", async () => {
    expect(await metric("connected_clients")).toBeGreaterThan(0);
    expect(await metric({ ping: true })).toBeGreaterThan(0);
    const hitRate = { share: "keyspace_hits", of: ["keyspace_hits", "keyspace_misses"] };
    expect(await metric(hitRate)).toBe("server: keyspace_hits + keyspace_misses is 0 as yet");
    await owner.get("environment");
    expect(await metric(hitRate)).toBe(100);
    expect(await metric("used_memory_human")).toMatch(/used_memory_human of its INFO is ".*", which is no number$/);
    expect(await metric("no_such_field")).toBe("server: its INFO says no no_such_field");
  });

  it("proves that it is the one that is expected, before anything is read", async () => {
    expect(await health()).toMatch(/^Redis \d+\.\d+\.\d+, a primary$/);
    const key = { name: "environment", value: "prsm-production" };
    expect(await health({ expect: { role: "primary", key } })).toMatch(/^Redis/);
    expect(await health({ expect: { role: "replica" } })).toContain("not the server that is expected: it is a primary");
    expect(await health({ expect: { key: { ...key, value: "prsm-staging" } } })).toContain(
      "it holds another value in environment; nothing was read",
    );
    expect(await health({ expect: { key: { name: "other", value: "x" } } })).toContain("it has no key other");
  });

  it.each([
    ["no password", { password: "none" }, "it wants a password: name one as password"],
    ["a wrong one", { password: "env:WRONG" }, "it refused the user or the password"],
    ["a variable that is not set", { password: "env:NONE" }, "nothing was sent: "],
    ["TLS where none is spoken", { url: "rediss" }, "gave no answer within 2 s: TLS was begun and not answered"],
    ["a user who may not", { url: "blind", password: "env:WRONG" }, "let the user do it there, as with ACL SETUSER"],
    ["a database that is none", { url: "seventeen" }, "DB index is out of range"],
    ["nobody there", { url: "redis://127.0.0.1:1" }, "could not connect: connection refused"],
  ])("says what was wrong: %s", async (_what, changed, words) => {
    const urls: Readonly<Record<string, string>> = {
      rediss: `rediss://127.0.0.1:${real.port}`,
      blind: `redis://blind@127.0.0.1:${real.port}`,
      seventeen: `redis://127.0.0.1:${real.port}/17`,
    };
    const url = "url" in changed ? { url: urls[changed.url] ?? changed.url } : {};
    expect(await health({ ...changed, ...url })).toContain(words);
  });
});

describe("what listens where Redis should", () => {
  const asked = (url: string): Connection => ({ url, values: { Version: "redis_version" } });

  it("is a web server", async () => {
    const url = await listener((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await query(asked(url))).toContain("does not speak Redis's protocol");
  });

  it("says nothing, and is given up by the deadline", async () => {
    expect(await query(asked(await listener(() => undefined)), "300ms")).toContain("gave no answer within 300 ms");
  });

  it("ends the connection", async () => {
    expect(await query(asked(await listener((socket) => socket.destroy())))).toContain("ended the connection");
  });

  it("has no end", async () => {
    const url = await listener((socket) => socket.write(`$20000000\r\n${"x".repeat(3_000_000)}`));
    expect(await query(asked(url))).toContain("it sent more than 1 MiB");
  });

  it("answers INFO with something else", async () => {
    expect(await query(asked(await listener((socket) => socket.write("+OK\r\n"))))).toContain("names no redis_version");
  });

  it("takes no questions yet", async () => {
    const url = await listener((socket) => socket.write("-LOADING Redis is loading the dataset in memory\r\n"));
    expect(await query(asked(url))).toContain("it takes no questions yet: LOADING");
  });
});
