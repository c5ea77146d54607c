import { expect, test, vi } from "vitest";
import type { Demo } from "../../demo/start.ts";
import { at, getJson, post, standDemo, tokenOf } from "./rig.ts";

const flatten = (demo: Demo, key: string): Promise<Response> =>
  post(`${demo.env["ALPHAPULSE_URL"]}/flatten_positions`, undefined, { ...tokenOf(demo), "Idempotency-Key": key });

const lookUp = async (demo: Demo, key: string): Promise<number> =>
  (await fetch(`${demo.env["ALPHAPULSE_URL"]}/operations/${key}`)).status;

async function causeOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? at(error.cause, "/code") : undefined;
}

test("down: the connection is refused, and healing opens the same port with the same state", async () => {
  const { demo } = await standDemo();
  const { trading } = demo.alphapulse;
  const url = trading.url;
  await post(`${url}/emergency_stop`, undefined, tokenOf(demo));
  await trading.fail({ kind: "down" });
  expect(trading.isListening).toBe(false);
  expect(await causeOf(fetch(`${url}/health`))).toBe("ECONNREFUSED");
  await trading.heal();
  expect(trading.url).toBe(url);
  expect(at(await getJson(`${url}/metrics`), "/trading/emergency_stopped")).toBe(true);
});

test("lost answer: the change happens once, the connection breaks, and the key tells", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "lost-answer", times: 1 });
  await expect(flatten(demo, "k")).rejects.toThrow(TypeError);
  expect(await lookUp(demo, "k")).toBe(200);
  expect((await flatten(demo, "k")).status).toBe(200);
  expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
});

test("lost request: the connection breaks, nothing happens, and the key tells", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "lost-request", times: 1 });
  await expect(flatten(demo, "k")).rejects.toThrow(TypeError);
  expect(await lookUp(demo, "k")).toBe(404);
  expect(demo.alphapulse.effects()).toEqual([]);
});

test("refuse: changes are refused before any effect, reads go on", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "refuse", status: 403 });
  expect((await flatten(demo, "k")).status).toBe(403);
  expect(await lookUp(demo, "k")).toBe(404);
  expect((await fetch(`${demo.env["ALPHAPULSE_URL"]}/health`)).status).toBe(200);
  expect(demo.alphapulse.effects()).toEqual([]);
});

test("error: 5xx on what it is about, nothing happens", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "error", status: 503, only: "changes" });
  expect((await flatten(demo, "k")).status).toBe(503);
  expect((await fetch(`${demo.env["ALPHAPULSE_URL"]}/metrics`)).status).toBe(200);
  await demo.alphapulse.trading.fail({ kind: "error" });
  expect((await fetch(`${demo.env["ALPHAPULSE_URL"]}/metrics`)).status).toBe(500);
  expect(demo.alphapulse.effects()).toEqual([]);
});

test("slow: the change is made at once, the answer comes late", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "slow", ms: 60_000, only: "changes" });
  const giveUp = new AbortController();
  const url = `${demo.env["ALPHAPULSE_URL"]}/emergency_stop`;
  const call = fetch(url, {
    method: "POST",
    signal: giveUp.signal,
    headers: { ...tokenOf(demo), "Idempotency-Key": "s" },
  });
  const outcome = expect(call).rejects.toThrow("aborted");
  await vi.waitFor(() => expect(demo.alphapulse.effects("emergency_stop")).toHaveLength(1), { timeout: 60_000 });
  giveUp.abort();
  await outcome;
});

test("hang: no answer and no effect, and stopping the demo ends the call", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "hang" });
  const call = expect(flatten(demo, "k")).rejects.toThrow(TypeError);
  expect(demo.alphapulse.effects()).toEqual([]);
  await demo.stop();
  await call;
});

test.each([
  ["missing", undefined],
  ["null", null],
  ["text", "none"],
] as const)("lying (%s): status 200 and positions that are no array", async (lie, expected) => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "lying", lie });
  const response = await fetch(`${demo.env["ALPHAPULSE_URL"]}/metrics`);
  expect(response.status).toBe(200);
  const document: unknown = await response.json();
  expect(at(document, "/portfolio/positions")).toBe(expected);
  expect(at(document, "/portfolio/value")).toBeTypeOf("number");
});

test("lying (html): status 200 and a web page", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "lying", lie: "html" });
  const response = await fetch(`${demo.env["ALPHAPULSE_URL"]}/metrics`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("<!doctype html>");
});

test("lying: another system on the same address, a monitor without its list, metrics that are no numbers", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "lying", lie: "imposter" });
  expect(at(await getJson(`${demo.env["ALPHAPULSE_URL"]}/health`), "/system")).toBe("market-ml");
  await demo.alphapulse.monitor.fail({ kind: "lying", lie: "missing" });
  expect(await getJson(`${demo.env["ALPHAPULSE_MONITOR"]}/api/alerts`)).not.toHaveProperty("active_alerts");
  const [first] = demo.pulseguard.nodes;
  await first.service.fail({ kind: "lying", lie: "null" });
  expect(await (await fetch(`${first.service.url}/metrics`)).text()).toMatch(/^pg_queue_lag NaN$/m);
  await first.service.fail({ kind: "lying", lie: "missing" });
  expect(await (await fetch(`${first.service.url}/metrics`)).text()).not.toContain("pg_");
});

test("a visitor switches a service off and on over HTTP, through its neighbour", async () => {
  const { demo } = await standDemo();
  const { trading, monitor } = demo.alphapulse;
  expect((await post(`${trading.url}/_demo`, { fault: { kind: "down" } })).status).toBe(200);
  await vi.waitFor(() => expect(trading.isListening).toBe(false), { timeout: 60_000 });
  expect((await post(`${monitor.url}/_demo`, { service: "trading", fault: null })).status).toBe(200);
  expect((await fetch(`${trading.url}/health`)).status).toBe(200);
  expect((await post(`${monitor.url}/_demo`, { service: "treasury", fault: null })).status).toBe(404);
  expect((await post(`${monitor.url}/_demo`, { fault: { kind: "sulk" } })).status).toBe(400);
});

test("a switch with a time heals by itself", async () => {
  const { demo } = await standDemo();
  const [first] = demo.pulseguard.nodes;
  await post(`${first.service.url}/_demo`, { fault: { kind: "down" }, forSeconds: 0.2 });
  await vi.waitFor(() => expect(first.service.isListening).toBe(false), { timeout: 60_000 });
  await vi.waitFor(() => expect(first.service.isListening).toBe(true), { timeout: 60_000 });
  expect(first.service.fault).toBeUndefined();
});

test("a visitor sets positions, result and figures over HTTP", async () => {
  const { demo } = await standDemo();
  const url = `${demo.env["ALPHAPULSE_URL"]}/_demo`;
  await post(url, { market: "frozen" });
  await post(url, { positions: [{ symbol: "BTCUSDT", side: "long", quantity: 2, price: 90_000 }] });
  await post(url, { result: { dailyPnlPercent: -3.1 } });
  await post(url, { figures: { cpu_percent: 95 } });
  await post(url, { mode: "paper" });
  const metrics = await getJson(`${demo.env["ALPHAPULSE_URL"]}/metrics`);
  expect(at(metrics, "/portfolio/positions")).toMatchObject([{ symbol: "BTCUSDT", quantity: 2, price: 90_000 }]);
  expect(at(metrics, "/portfolio/daily_pnl_percent")).toBeCloseTo(-3.1, 2);
  expect(at(metrics, "/host/cpu_percent")).toBe(95);
  expect(at(metrics, "/mode")).toBe("paper");
  expect((await post(url, { positions: [{ symbol: "BTCUSDT", side: "up", quantity: 2 }] })).status).toBe(400);
});

test("a page in the visitor's browser can change nothing", async () => {
  const { demo } = await standDemo();
  const origin = { ...tokenOf(demo), origin: "https://elsewhere.example" };
  expect((await post(`${demo.env["ALPHAPULSE_URL"]}/flatten_positions`, undefined, origin)).status).toBe(403);
  expect((await post(`${demo.env["ALPHAPULSE_URL"]}/_demo`, { fault: { kind: "down" } }, origin)).status).toBe(403);
  expect(demo.alphapulse.effects()).toEqual([]);
});

test("what it does not know is 404, what is no JSON is 400", async () => {
  const { demo } = await standDemo();
  expect((await fetch(`${demo.env["ALPHAPULSE_URL"]}/nothing`)).status).toBe(404);
  expect((await fetch(`${demo.env["PULSEGUARD_1"]}/metrics`, { method: "POST" })).status).toBe(404);
  const broken = await fetch(`${demo.env["ALPHAPULSE_URL"]}/resume_trading`, {
    method: "POST",
    body: "{",
    headers: tokenOf(demo),
  });
  expect(broken.status).toBe(400);
});

test("a change of the trader without its token, or with another, is refused and does nothing; reading needs none", async () => {
  const { demo } = await standDemo();
  const url = demo.env["ALPHAPULSE_URL"];
  const change = (headers: Record<string, string>) => post(`${url}/emergency_stop`, undefined, headers);
  for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "Bearer " }])
    expect((await change(headers)).status).toBe(401);
  expect(demo.alphapulse.effects()).toEqual([]);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await change(tokenOf(demo))).status).toBe(200);
  const { demo: other } = await standDemo();
  expect(tokenOf(other)).not.toEqual(tokenOf(demo));
});
