import { createServer as createTcpServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { UserError } from "../../src/domain/failure.ts";
import { takeAddress } from "../../src/ops/address.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { createServer, type ServerOptions } from "../../src/ops/server.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serverWith(options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: "debug", stream: { write: (line: string) => void lines.push(line) } });
  const server = createServer({
    address: await takeAddress({ host: "127.0.0.1", port: 0 }),
    log,
    health: { alive: [], ready: [] },
    metrics: createMeasurements(),
    ...options,
  });
  closers.push(() => server.close());
  return { server, lines };
}

test("a well process answers its three pages", async () => {
  const well = { name: "store", run: async () => undefined };
  const { server } = await serverWith({ health: { alive: [well], ready: [well] } });
  await server.serve();
  const { url } = server;
  const alive = await fetch(`${url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { program: "wardroom", ok: true, checks: { store: "ok" } }]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const page = await fetch(`${url}/metrics`);
  expect(page.headers.get("content-type")).toContain("text/plain");
  expect(await page.text()).toContain("# HELP wardroom_commands_total");
});

test("alive and ready are different questions", async () => {
  const ready = [{ name: "policy", run: async () => "no policy is in force" }];
  const { server } = await serverWith({ health: { alive: [], ready } });
  await server.serve();
  const { url } = server;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { program: "wardroom", ok: false, checks: { policy: "no policy is in force" } },
  ]);
});

test("a check that hangs or throws is not well, and its error's text stays inside", async () => {
  const hangs = { name: "store", run: () => new Promise<undefined>(() => {}) };
  const throws = {
    name: "surface",
    run: async () => {
      throw new Error("redis://:hunter2@127.0.0.1 refused");
    },
  };
  const { server } = await serverWith({ health: { alive: [hangs, throws], ready: [] }, checkMs: 20 });
  await server.serve();
  const { url } = server;
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { program: "wardroom", ok: false, checks: { store: "no answer within 20 ms", surface: "the check itself failed" } },
  ]);
});

test("a taken port is an error that names it and the way out", async () => {
  const other = createTcpServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    other.listen(0, "127.0.0.1", resolve);
  });
  closers.push(() => new Promise((resolve) => void other.close(resolve)));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const problem = await takeAddress({ host: "127.0.0.1", port }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(UserError);
  expect(problem).toMatchObject({
    message: `Port ${port} on 127.0.0.1 is taken by another program.`,
    remedy: expect.stringMatching(/PORT=\d+ npm start/),
  });
});

test("a port that another Wardroom has is an error that names it, also while that one is starting", async () => {
  const { server } = await serverWith();
  const again = () => takeAddress({ host: "127.0.0.1", port: server.port });
  await expect(again()).rejects.toThrow(`is taken by another Wardroom: ${server.url}`);
  await server.serve();
  await expect(again()).rejects.toThrow(`is taken by another Wardroom: ${server.url}`);
});

test("whoever asks before it serves is told to come again", async () => {
  const { server } = await serverWith();
  const early = await fetch(`${server.url}/readyz`);
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
  await server.serve();
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test("an address that is not this machine's is an error that names it", async () => {
  await expect(takeAddress({ host: "203.0.113.7", port: 0 })).rejects.toThrow(
    "203.0.113.7 is no address of this machine.",
  );
});

test("a request under way is answered before the server is gone, a new one is not taken", async () => {
  const { server } = await serverWith();
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  server.app.get("/slow", async () => {
    entered.resolve();
    await released.promise;
    return { done: true };
  });
  await server.serve();
  const { url } = server;
  const slow = fetch(`${url}/slow`);
  await entered.promise;
  const closed = server.close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
  released.resolve();
  expect(await (await slow).json()).toEqual({ done: true });
  await closed;
});

test("a request that never ends does not keep the process", async () => {
  const { server } = await serverWith({ drainMs: 20 });
  const entered = new Promise<void>((enter) => {
    server.app.get("/forever", () => {
      enter();
      return new Promise(() => {});
    });
  });
  await server.serve();
  const { url } = server;
  const hung = fetch(`${url}/forever`).catch((error: unknown) => error);
  await entered;
  await server.close();
  expect(await hung).toBeInstanceOf(Error);
  await expect(server.close()).resolves.toBeUndefined();
});

test("an error inside is logged and not shown", async () => {
  const { server, lines } = await serverWith();
  server.app.get("/broken", async () => {
    throw new Error("open /srv/private/file failed");
  });
  await server.serve();
  const { url } = server;
  const answer = await fetch(`${url}/broken?code=s3cret`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("private");
  expect(lines.join("")).toContain("open /srv/private/file failed");
  expect(lines.join("")).not.toContain("s3cret");
});

test("a body too large is refused with its own status", async () => {
  const { server } = await serverWith();
  server.app.post("/take", async () => ({ ok: true }));
  await server.serve();
  const { url } = server;
  const answer = await fetch(`${url}/take`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "x".repeat(2_000_000) }),
  });
  expect(answer.status).toBe(413);
});
