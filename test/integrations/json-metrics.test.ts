import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { MetricReading, Metrics } from "../../src/domain/systems/metrics.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { json, openBackend, openBackends, text } from "./backend.ts";
import { systemWith } from "./systems.ts";

function open(): Metrics {
  return createMetrics({ backends: openBackends() });
}

function systemOf(sources: Readonly<Record<string, object>>): System {
  return systemWith({ metrics: Object.entries(sources).map(([id, source]) => ({ id, title: id, source })) });
}

async function readOne(metrics: Metrics, source: object): Promise<MetricReading> {
  const [only] = await metrics.read(systemOf({ it: source }));
  if (!only) throw new Error("nothing was read");
  return only;
}

function value(read: MetricReading): number | string {
  return read.reading.ok ? read.reading.value : read.reading.detail;
}

describe("a metric in JSON", () => {
  it.each([
    { what: "null", body: { lag: null } },
    { what: "nothing", body: {} },
    { what: '"3 s"', body: { lag: "3 s" } },
    { what: '""', body: { lag: "" } },
    { what: "true", body: { lag: true } },
    { what: "1 entry: 3", body: { lag: [3] } },
  ])("that is $what is no number, and never zero", async ({ what, body }) => {
    const backend = await openBackend(json(body));
    const read = await readOne(open(), { json: { url: `${backend.url}/metrics`, path: "/lag" } });
    expect(value(read)).toBe(`${backend.host}: GET /metrics answered with ${what} at /lag, not a number`);
  });

  it.each(["2048.5", " -3 ", "1.25e-7"])("that is the text %j is that number", async (written) => {
    const backend = await openBackend(json({ lag: written }));
    expect(value(await readOne(open(), { json: { url: backend.url, path: "/lag" } }))).toBe(Number(written));
  });

  it("beside one that Python writes as NaN is read all the same", async () => {
    const backend = await openBackend(
      text('{"equity": 10250.5, "sharpe": NaN, "low": -Infinity, "note": "NaN of \\"x\\""}'),
    );
    const at = (path: string): object => ({ json: { url: backend.url, path } });
    const read = await open().read(systemOf({ equity: at("/equity"), sharpe: at("/sharpe"), low: at("/low") }));
    expect(read.map(value)).toEqual([
      10_250.5,
      `${backend.host}: GET / answered with null at /sharpe, not a number`,
      `${backend.host}: GET / answered with null at /low, not a number`,
    ]);
  });

  it.each([
    ["labelled as a page", "text/html; charset=UTF-8", Buffer.from('{"v": 42}')],
    [
      "in the character set that it says",
      "application/json; charset=ISO-8859-1",
      Buffer.from('{"v": 42, "o": "M\u00fcnchen"}', "latin1"),
    ],
  ])("%s is read", async (_what, type, body) => {
    const backend = await openBackend((_request, response) =>
      response.writeHead(200, { "content-type": type }).end(body),
    );
    expect(value(await readOne(open(), { json: { url: backend.url, path: "/v" } }))).toBe(42);
  });

  it("compressed although nobody asked is read; what is not gzip after all is not", async () => {
    let body = gzipSync('{"v": 42}');
    const backend = await openBackend((_request, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(body),
    );
    const source = { json: { url: backend.url, path: "/v" } };
    expect(value(await readOne(open(), source))).toBe(42);
    body = gzipSync(Buffer.alloc(9 * 1_024 * 1_024));
    expect(value(await readOne(open(), source))).toContain("compressed form");
  });

  it("of zero is zero", async () => {
    const backend = await openBackend(json({ lag: 0 }));
    expect(value(await readOne(open(), { json: { url: backend.url, path: "/lag" } }))).toBe(0);
  });

  it("shares one call with the others of its address", async () => {
    const backend = await openBackend(json({ a: 1, b: 2 }));
    const sources = { a: { json: { url: backend.url, path: "/a" } }, b: { json: { url: backend.url, path: "/b" } } };
    expect((await open().read(systemOf(sources))).map(value)).toEqual([1, 2]);
    expect(backend.calls).toHaveLength(1);
  });

  it("has no course of its own", async () => {
    const system = systemOf({ lag: { json: { url: "http://127.0.0.1:1/", path: "/lag" } } });
    expect(await open().course(system, "lag", 0)).toBeUndefined();
    expect(await open().course(system, "other", 0)).toBeUndefined();
  });

  it("is read alone when only it is asked for", async () => {
    const [one, other] = [await openBackend(json({ v: 1 })), await openBackend(json({ v: 2 }))];
    const sources = { one: { json: { url: one.url, path: "/v" } }, other: { json: { url: other.url, path: "/v" } } };
    expect((await open().read(systemOf(sources), ["other"])).map(({ id }) => id)).toEqual(["other"]);
    expect(one.calls).toEqual([]);
  });
});
