import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkRedis } from "../../src/store/redis/check.ts";
import { openRedisStore, type RedisOptions } from "../../src/store/redis/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { type RedisProcess, startRedis } from "../fakes/redis-process.ts";
import { commit } from "./contract/context.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";

const undo: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function server(settings: readonly string[] = []): Promise<RedisProcess> {
  const started = await startRedis(settings);
  undo.push(() => started.stop());
  return started;
}

async function open(options: RedisOptions) {
  const store = await openRedisStore(options);
  undo.push(() => store.close());
  return store;
}

function admin(url: string): Redis {
  const redis = new Redis(url);
  undo.push(() => redis.disconnect());
  return redis;
}

describe("a lost reply", () => {
  it("is asked for again under the same id, so that nothing is written twice and nobody sees a conflict", async () => {
    const { port } = await server();
    const proxy = await startCuttingProxy(port);
    undo.push(() => proxy.stop());
    const store = await open({ url: proxy.url });
    const lost = commit({
      expect: { "note/a": null },
      put: [{ key: "note/a", value: "the one" }],
      journal: [{ kind: "written" }],
      notices: [{ queue: "out", id: "a", due: 0, body: 1 }],
    });
    proxy.cutAnswerTo(lost.id);
    const beside = Array.from({ length: 20 }, (_, at) => commit({ journal: [{ kind: "beside", at }] }));
    const results = await Promise.all([lost, ...beside].map((one) => store.commit(one)));
    expect(proxy.cuts()).toBe(1);
    expect(results.every(({ outcome }) => outcome === "committed")).toBe(true);
    expect(await store.owed("out")).toEqual({ count: 1, oldestDue: 0 });
    expect(await verifyJournal(store)).toEqual({ ok: true, links: 21, archived: 0, head: await store.head() });
  });

  it("that stays lost is told as an unknown outcome, and a commit never sent as one never sent", async () => {
    const redis = await server();
    const proxy = await startCuttingProxy(redis.port);
    undo.push(() => proxy.stop());
    const store = await open({ url: proxy.url, patienceMs: 300 });
    const lost = commit({ put: [{ key: "note/a", value: 1 }] });
    proxy.cutAnswerTo(lost.id);
    const outcome = store.commit(lost).catch((error: unknown) => error);
    while (proxy.cuts() === 0) await pause(1);
    await redis.kill();
    expect(await outcome).toMatchObject({
      fault: "lost",
      message: expect.stringContaining("outcome of the commit is unknown"),
    });
    await expect(store.commit(commit())).rejects.toMatchObject({ fault: "unreachable" });
  });
});

describe("a server that goes away", () => {
  it("comes back from SIGKILL with everything it acknowledged, and callers only wait", async () => {
    const redis = await server();
    const store = await open({ url: redis.url });
    const acknowledged: number[] = [];
    let next = 0;
    const stop = new AbortController();
    const committer = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        next += 1;
        const at = next;
        const parts = { put: [{ key: `note/${at}`, value: at }], journal: [{ kind: "n", at }] };
        expect((await store.commit(commit(parts))).outcome).toBe("committed");
        acknowledged.push(at);
      }
    };
    const committers = Array.from({ length: 8 }, committer);
    for (const until of [60, 120, 180]) {
      while (acknowledged.length < until) await pause(1);
      await redis.kill();
      await redis.restart();
    }
    const before = acknowledged.length;
    while (acknowledged.length < before + 50) await pause(1);
    stop.abort();
    await Promise.all(committers);
    const documents = await store.read(acknowledged.map((at) => `note/${at}`));
    expect(documents.map((document) => document?.value)).toEqual(acknowledged);
    expect(await verifyJournal(store)).toMatchObject({ ok: true, links: acknowledged.length });
  });

  it("is late for a commit whose time ran out on the way", async () => {
    const redis = await server();
    const store = await open({ url: redis.url });
    const pauser = admin(redis.url);
    const validUntil = (await store.now()) + 100;
    await pauser.call("CLIENT", "PAUSE", "250", "WRITE");
    const parts = { put: [{ key: "note/a", value: 1 }], journal: [{ kind: "late" }] };
    expect((await store.commit(commit({ ...parts, validUntil }))).outcome).toBe("late");
    expect(await store.read(["note/a"])).toEqual([undefined]);
  });
});

describe("replicas", () => {
  it("have a durable commit before it is answered, and a failover changes the epoch", async () => {
    const primary = await server(["--repl-diskless-sync-delay", "0"]);
    const replica = await server(["--replicaof", "127.0.0.1", String(primary.port), "--repl-diskless-sync-delay", "0"]);
    const store = await open({ url: primary.url, replicas: 1 });
    const watch = admin(replica.url);
    while (!(await watch.info("replication")).includes("master_link_status:up")) await pause(10);
    const epoch = await store.epoch();
    const durable = commit({ durable: true, put: [{ key: "note/a", value: 1 }], journal: [{ kind: "kept" }] });
    expect(await store.commit(durable)).toEqual({ outcome: "committed" });
    await primary.kill();
    await watch.replicaof("NO", "ONE");
    const promoted = await open({ url: replica.url });
    expect((await promoted.read(["note/a"]))[0]?.value).toBe(1);
    expect(await verifyJournal(promoted)).toMatchObject({ ok: true, links: 1 });
    expect(await promoted.epoch()).not.toBe(epoch);
  });

  it("that do not confirm leave a durable commit unknown, and the others committed", async () => {
    const { url } = await server();
    const store = await open({ url, replicas: 1 });
    const [durable, plain] = await Promise.allSettled([
      store.commit(commit({ durable: true })),
      store.commit(commit({ put: [{ key: "note/a", value: 1 }] })),
    ]);
    expect(durable).toMatchObject({ status: "rejected", reason: { fault: "lost" } });
    expect(plain).toMatchObject({ status: "fulfilled" });
  });

  it("are not waited for where there are none", async () => {
    const { url } = await server();
    expect(await (await open({ url })).commit(commit({ durable: true }))).toEqual({ outcome: "committed" });
  });
});

describe("a server unfit to keep state", () => {
  let shared: RedisProcess;
  beforeAll(async () => {
    shared = await startRedis();
  });
  afterAll(async () => {
    await shared.stop();
  });

  it.each([
    ["maxmemory-policy", "allkeys-lru", "noeviction"],
    ["appendonly", "no", "noeviction|appendonly is off"],
    ["appendfsync", "everysec", "appendfsync is everysec"],
  ])("is refused with %s %s", async (setting, value, words) => {
    const redis = admin(shared.url);
    await redis.call("CONFIG", "SET", "maxmemory-policy", "noeviction", "appendonly", "yes", "appendfsync", "always");
    expect(await checkRedis({ url: shared.url })).toMatchObject({ problems: [] });
    await redis.call("CONFIG", "SET", setting, value);
    const { problems } = await checkRedis({ url: shared.url });
    expect(problems).toEqual([expect.stringMatching(words)]);
    await expect(openRedisStore({ url: shared.url })).rejects.toThrow(new RegExp(words));
  });

  it("may sync every second when that is accepted by name, but never leave it to the system", async () => {
    const redis = admin(shared.url);
    await redis.call("CONFIG", "SET", "maxmemory-policy", "noeviction", "appendonly", "yes", "appendfsync", "everysec");
    expect(await checkRedis({ url: shared.url, acceptEverysec: true })).toMatchObject({ problems: [] });
    await redis.call("CONFIG", "SET", "appendfsync", "no");
    expect((await checkRedis({ url: shared.url, acceptEverysec: true })).problems).toHaveLength(1);
  });
});

describe("who else could use the server", () => {
  async function warningsOf(url: string): Promise<string[]> {
    const warnings: string[] = [];
    const store = await openRedisStore({ url, prefix: randomUUID(), onWarning: (what) => warnings.push(what) });
    await store.close();
    return warnings;
  }

  it("any program on the machine, while it asks for no password", async () => {
    const { url, port } = await server();
    expect(await warningsOf(url)).toEqual([expect.stringContaining("any program on this machine")]);
    await admin(url).call("CONFIG", "SET", "requirepass", "hunter2");
    expect(await warningsOf(`redis://:hunter2@127.0.0.1:${port}`)).toEqual([]);
  });

  it("anybody, where a named user has a password and the default one has none", async () => {
    const { url, port } = await server();
    await admin(url).call("ACL", "SETUSER", "bot", "on", ">hunter2", "~*", "&*", "+@all");
    const named = `redis://bot:hunter2@127.0.0.1:${port}`;
    expect(await warningsOf(named)).toEqual([expect.stringContaining("any program on this machine")]);
    await admin(url).call("ACL", "SETUSER", "default", "off");
    expect(await warningsOf(named)).toEqual([]);
  });

  it("anybody on the network, where it is not protected from there", async () => {
    const { url } = await server(["--bind", "127.0.0.1", "-192.0.2.1", "--protected-mode", "no"]);
    expect(await warningsOf(url)).toEqual([
      expect.stringContaining("any program on this machine"),
      expect.stringContaining("listens beyond this machine"),
    ]);
  });
});

describe("opening", () => {
  it("refuses a state of a newer format, and says who does not answer without the password", async () => {
    const started = await server();
    const { url, port } = started;
    const prefix = randomUUID();
    await admin(url).hset(`{${prefix}}:meta`, "format", 99);
    await expect(openRedisStore({ url, prefix })).rejects.toThrow(/newer release \(format 99/);
    await expect(openRedisStore({ url, prefix: "a}b" })).rejects.toThrow("prefix");
    await started.kill();
    const secret = `redis://:hunter2@127.0.0.1:${port}`;
    const error: unknown = await openRedisStore({ url: secret }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ fault: "unreachable" });
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    expect(String(error)).not.toContain("hunter2");
  });

  it("forgets ids after ten minutes and deliveries after a day", async () => {
    const { url } = await server();
    const store = await open({ url, prefix: "p" });
    const one = commit({ once: { key: "d", answer: 1 } });
    await store.commit(one);
    const redis = admin(url);
    const ttl = [await redis.ttl(`{p}:commit:${one.id}`), await redis.ttl("{p}:once:d")];
    expect(ttl[0]).toBeGreaterThan(590);
    expect(ttl[0]).toBeLessThanOrEqual(600);
    expect(ttl[1]).toBeGreaterThan(86_390);
    expect(ttl[1]).toBeLessThanOrEqual(86_400);
  });
});
