import { createServer as createTcpServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { UserError } from "../../src/domain/failure.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { createServer, type ServerOptions } from "../../src/ops/server.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

function serverWith(options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: "debug", stream: { write: (line: string) => void lines.push(line) } });
  const server = createServer({
    host: "127.0.0.1",
    port: 0,
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
  const { server } = serverWith({ health: { alive: [well], ready: [well] } });
  const { url } = await server.listen();
  const alive = await fetch(`${url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { ok: true, checks: { store: "ok" } }]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const page = await fetch(`${url}/metrics`);
  expect(page.headers.get("content-type")).toContain("text/plain");
  expect(await page.text()).toContain("# HELP wardroom_commands_total");
});

test("alive and ready are different questions", async () => {
  const ready = [{ name: "policy", run: async () => "no policy is in force" }];
  const { server } = serverWith({ health: { alive: [], ready } });
  const { url } = await server.listen();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { ok: false, checks: { policy: "no policy is in force" } },
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
  const { server } = serverWith({ health: { alive: [hangs, throws], ready: [] }, checkMs: 20 });
  const { url } = await server.listen();
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { ok: false, checks: { store: "no answer within 20 ms", surface: "the check itself failed" } },
  ]);
});

test("a taken port is an error that names it and the way out", async () => {
  const other = createTcpServer();
  await new Promise<void>((resolve) => {
    other.listen(0, "127.0.0.1", resolve);
  });
  closers.push(() => new Promise((resolve) => void other.close(resolve)));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { server } = serverWith({ port });
  const problem = await server.listen().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(UserError);
  expect(problem).toMatchObject({
    message: `Port ${port} on 127.0.0.1 is taken by another program.`,
    remedy: expect.stringMatching(/PORT=\d+ npm start/),
  });
});

test("an address that is not this machine's is an error that names it", async () => {
  const { server } = serverWith({ host: "203.0.113.7" });
  await expect(server.listen()).rejects.toThrow("203.0.113.7 is no address of this machine.");
});

test("a request under way is answered before the server is gone, a new one is not taken", async () => {
  const { server } = serverWith();
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  server.app.get("/slow", async () => {
    entered.resolve();
    await released.promise;
    return { done: true };
  });
  const { url } = await server.listen();
  const slow = fetch(`${url}/slow`);
  await entered.promise;
  const closed = server.close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
  released.resolve();
  expect(await (await slow).json()).toEqual({ done: true });
  await closed;
});

test("a request that never ends does not keep the process", async () => {
  const { server } = serverWith({ drainMs: 20 });
  const entered = new Promise<void>((enter) => {
    server.app.get("/forever", () => {
      enter();
      return new Promise(() => {});
    });
  });
  const { url } = await server.listen();
  const hung = fetch(`${url}/forever`).catch((error: unknown) => error);
  await entered;
  await server.close();
  expect(await hung).toBeInstanceOf(Error);
  await expect(server.close()).resolves.toBeUndefined();
});

test("an error inside is logged and not shown", async () => {
  const { server, lines } = serverWith();
  server.app.get("/broken", async () => {
    throw new Error("open /srv/private/file failed");
  });
  const { url } = await server.listen();
  const answer = await fetch(`${url}/broken?code=s3cret`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("private");
  expect(lines.join("")).toContain("open /srv/private/file failed");
  expect(lines.join("")).not.toContain("s3cret");
});

test("a body too large is refused with its own status", async () => {
  const { server } = serverWith();
  server.app.post("/take", async () => ({ ok: true }));
  const { url } = await server.listen();
  const answer = await fetch(`${url}/take`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "x".repeat(2_000_000) }),
  });
  expect(answer.status).toBe(413);
});
