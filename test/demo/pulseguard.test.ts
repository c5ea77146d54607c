import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { at, getJson, post, sample, standDemo, startedAt } from "./rig.ts";

const Line = z.object({
  timestamp: z.iso.datetime(),
  level: z.enum(["INFO", "WARNING", "ERROR"]),
  event: z.string(),
  instance: z.string(),
  latency_ms: z.number().optional(),
  reason_codes: z.array(z.string()).optional(),
  url: z.string().optional(),
});

function parseLines(text: string): z.output<typeof Line>[] {
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => Line.parse(JSON.parse(line)));
}

function buckets(text: string): number[] {
  return [...text.matchAll(/^pg_api_latency_seconds_bucket\{.*\} (\d+)$/gm)].map((match) => Number(match[1]));
}

test("each instance says which system and which instance it is, and its mode", async () => {
  const { demo } = await standDemo();
  const ids = await Promise.all(
    demo.pulseguard.nodes.map(async ({ service }) => {
      expect(await getJson(`${service.url}/healthz`)).toMatchObject({ status: "ok", system: "pulseguard" });
      const status = await getJson(`${service.url}/status`);
      expect(status).toMatchObject({ system: "pulseguard", mode: "live", model_version: "v0_1_0" });
      return at(status, "/instance");
    }),
  );
  expect(ids).toEqual(["pulseguard-1", "pulseguard-2", "pulseguard-3"]);
});

test("the status names the key and says whether it is the shipped one, never its value", async () => {
  const { demo } = await standDemo();
  demo.pulseguard.nodes[1].setDefaultKey(true);
  const key = at(await getJson(`${demo.env["PULSEGUARD_2"]}/status`), "/hmac_key");
  expect(key).toEqual({ name: "PG_HMAC_KEY", is_default: true, age_days: expect.any(Number) });
});

test("the metrics are a Prometheus exposition whose histogram adds up", async () => {
  const { demo } = await standDemo();
  const response = await fetch(`${demo.env["PULSEGUARD_1"]}/metrics`);
  const text = await response.text();
  expect(response.headers.get("content-type")).toContain("version=0.0.4");
  const counts = buckets(text);
  expect(counts).toEqual([...counts].toSorted((left, right) => left - right));
  const count = sample(text, 'pg_api_latency_seconds_count{endpoint="/score"}');
  expect(sample(text, 'pg_api_latency_seconds_bucket{endpoint="/score",le="+Inf"}')).toBe(count);
  expect(count).toBe(counts.at(-1));
  const answered = ["2xx", "4xx", "5xx"].map((status) =>
    sample(text, `pg_api_requests_total{endpoint="/score",status="${status}"}`),
  );
  expect(answered.reduce((sum, each) => sum + each, 0)).toBe(count);
  for (const name of new Set(
    [...text.matchAll(/^(pg_[a-z_]+?)(?:_bucket|_sum|_count)?[{ ]/gm)].map((each) => each[1]),
  )) {
    expect(text).toContain(`# TYPE ${name} `);
    expect(text).toContain(`# HELP ${name} `);
  }
});

test("counters grow with time and start again after a restart", async () => {
  const { demo } = await standDemo();
  const series = 'pg_api_latency_seconds_count{endpoint="/score"}';
  const read = async (): Promise<number> =>
    sample(await (await fetch(`${demo.env["PULSEGUARD_1"]}/metrics`)).text(), series);
  const before = await read();
  await demo.advance(60);
  const after = await read();
  expect(after).toBeGreaterThan(before + 100);
  demo.pulseguard.nodes[0].restart();
  expect(await read()).toBe(0);
});

test("each trouble shows in the figure it is about", async () => {
  const { demo } = await standDemo();
  const [first, second, third] = demo.pulseguard.nodes;
  const read = async (url: string | undefined): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const before = await read(demo.env["PULSEGUARD_1"]);
  first.strike("latency", 300);
  second.strike("queue", 300);
  third.strike("blocks", 300);
  await demo.advance(250);
  const slow = await read(demo.env["PULSEGUARD_1"]);
  const grown = buckets(slow).map((count, index) => count - (buckets(before)[index] ?? 0));
  const withinTenth = grown[5] ?? Number.NaN;
  expect(withinTenth / (grown.at(-1) ?? Number.NaN)).toBeLessThan(0.95);
  expect(sample(await read(demo.env["PULSEGUARD_2"]), "pg_queue_lag")).toBeGreaterThan(1_000);
  expect(sample(await read(demo.env["PULSEGUARD_3"]), "pg_block_gap")).toBeGreaterThan(50);
});

test("hours of history stand in a plain, a rotated and a gzipped log, in order of time", async () => {
  const { demo } = await standDemo();
  const read = (name: string): Promise<Buffer> => readFile(join(demo.pulseguard.logs, name));
  const lines = [
    ...parseLines(gunzipSync(await read("pulseguard.log.2.gz")).toString()),
    ...parseLines((await read("pulseguard.log.1")).toString()),
    ...parseLines((await read("pulseguard.log")).toString()),
  ];
  const times = lines.map((line) => Date.parse(line.timestamp));
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  expect(startedAt - (times[0] ?? startedAt)).toBeGreaterThan(5 * 3_600_000);
  expect(times.at(-1)).toBeLessThan(startedAt);
  expect(lines.some((line) => line.level === "ERROR")).toBe(true);
  expect(lines.some((line) => line.reason_codes?.includes("PG.FLASH"))).toBe(true);
  expect(lines.filter((line) => line.event === "score_request").every((line) => (line.latency_ms ?? 0) > 0)).toBe(true);
  // The material that a reader has to mask is really there.
  expect(lines.some((line) => line.url?.includes("/v2/demo"))).toBe(true);
});

test("the log goes on while the system lives", async () => {
  const { demo } = await standDemo();
  const path = join(demo.pulseguard.logs, "pulseguard.log");
  const before = parseLines((await readFile(path)).toString()).length;
  await demo.advance(600);
  expect(parseLines((await readFile(path)).toString()).length).toBeGreaterThan(before + 20);
});

test("with the clock running it moves by itself", async () => {
  const { demo } = await standDemo({ isTicking: true, now: Date.now });
  const read = async (): Promise<string> => (await fetch(`${demo.env["PULSEGUARD_1"]}/metrics`)).text();
  const before = buckets(await read()).at(-1) ?? 0;
  await vi.waitFor(async () => expect(buckets(await read()).at(-1)).toBeGreaterThan(before), { timeout: 60_000 });
});

test("a visitor makes trouble and changes the mode over HTTP, and is told what is wrong with nonsense", async () => {
  const { demo } = await standDemo();
  const url = `${demo.env["PULSEGUARD_1"]}/_demo`;
  expect((await post(url, { instance: 3, mode: "synthetic" })).status).toBe(200);
  expect(at(await getJson(`${demo.env["PULSEGUARD_3"]}/status`), "/mode")).toBe("synthetic");
  expect((await post(url, { instance: 1, trouble: "queue", seconds: 120 })).status).toBe(200);
  const wrong = await post(url, { instance: 9, mode: "synthetic" });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toHaveProperty("error");
});

test.each(["PULSEGUARD_1", "ALPHAPULSE_MONITOR"])(
  "every example that %s shows can be made and undone",
  async (name) => {
    const { demo } = await standDemo();
    const url = `${demo.env[name]}/_demo`;
    const { examples } = Described.parse(await getJson(url));
    for (const example of examples)
      for (const body of [example.post, example.undo])
        expect(await (await post(url, body)).json(), example.does).not.toHaveProperty("error");
    const { services } = Described.parse(await getJson(url));
    await expect.poll(() => services.map(({ fault }) => fault), { timeout: 60_000 }).toEqual(services.map(() => null));
  },
);

const Body = z.record(z.string(), z.unknown());
const Described = z.object({
  services: z.array(z.object({ fault: z.unknown() })),
  examples: z.array(z.object({ name: z.string(), does: z.string(), post: Body, undo: Body })).min(1),
});

test("days of life leave a bounded folder", async () => {
  const { demo } = await standDemo();
  for (let hour = 0; hour < 24; hour += 1) await demo.pulseguard.advance(3_600);
  const names = (await readdir(demo.pulseguard.logs)).toSorted();
  expect(names).toEqual(["pulseguard.log", "pulseguard.log.1", "pulseguard.log.2.gz"]);
  const newest = await readFile(join(demo.pulseguard.logs, "pulseguard.log"));
  expect(newest.length).toBeLessThan(2 * 1_024 * 1_024);
});
