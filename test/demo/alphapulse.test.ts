import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import type { Demo } from "../../demo/start.ts";
import { at, getJson, post, standDemo, tokenOf } from "./rig.ts";

const Position = z.object({
  symbol: z.string(),
  side: z.enum(["long", "short"]),
  quantity: z.number().positive(),
  price: z.number().positive(),
  entry_price: z.number().positive(),
  unrealized_pnl: z.number(),
});
const Portfolio = z.object({
  value: z.number(),
  cash: z.number(),
  opening_value: z.number(),
  daily_pnl: z.number(),
  daily_pnl_percent: z.number(),
  realized_pnl_today: z.number(),
  fees_today: z.number(),
  unrealized_pnl: z.number(),
  drawdown_percent: z.number(),
  positions: z.array(Position),
});

async function portfolio(demo: Demo): Promise<z.output<typeof Portfolio>> {
  return Portfolio.parse(at(await getJson(`${demo.env["ALPHAPULSE_URL"]}/metrics`), "/portfolio"));
}

function change(...[demo, operation, key, body]: [Demo, string, string?, object?]): Promise<Response> {
  return post(`${demo.env["ALPHAPULSE_URL"]}/${operation}`, body, {
    ...tokenOf(demo),
    ...(key !== undefined && { "Idempotency-Key": key }),
  });
}

async function waitUntilFlat(demo: Demo): Promise<void> {
  await vi.waitFor(async () => expect((await portfolio(demo)).positions).toEqual([]), { timeout: 60_000 });
}

const log = (demo: Demo, name: string): Promise<string> => readFile(join(demo.alphapulse.home, "logs", name), "utf8");

test("both services say which system they are", async () => {
  const { demo } = await standDemo();
  const trading = await getJson(`${demo.env["ALPHAPULSE_URL"]}/health`);
  expect(trading).toMatchObject({ status: "healthy", system: "alphapulse-rl", service: "trading", mode: "live" });
  const monitor = await getJson(`${demo.env["ALPHAPULSE_MONITOR"]}/health`);
  expect(monitor).toMatchObject({ status: "healthy", system: "alphapulse-rl", service: "monitor" });
});

test("the portfolio's sums agree with its positions", async () => {
  const { demo } = await standDemo();
  await demo.advance(900);
  const now = await portfolio(demo);
  const gains = now.positions.map((each) => {
    const direction = each.side === "long" ? 1 : -1;
    expect(each.unrealized_pnl).toBeCloseTo(each.quantity * (each.price - each.entry_price) * direction, -1);
    return each.unrealized_pnl;
  });
  expect(now.unrealized_pnl).toBeCloseTo(
    gains.reduce((sum, each) => sum + each, 0),
    1,
  );
  expect(now.value).toBeCloseTo(now.cash + now.unrealized_pnl, 1);
  expect(now.daily_pnl).toBeCloseTo(now.value - now.opening_value, 1);
});

test("the day's realized result is the sum that trades.csv gives for today", async () => {
  const { demo } = await standDemo();
  await demo.advance(1_800);
  const rows = z
    .array(z.object({ timestamp: z.string(), symbol: z.string(), side: z.string(), pnl: z.string(), fee: z.string() }))
    .parse(parseCsv(await log(demo, "trades.csv"), { columns: true }));
  const today = rows.filter((row) => row.timestamp.startsWith("2026-11-21"));
  expect(today.length).toBeGreaterThan(0);
  expect(rows.length).toBeGreaterThan(today.length);
  const now = await portfolio(demo);
  expect(now.realized_pnl_today).toBeCloseTo(
    today.reduce((sum, row) => sum + Number(row.pnl), 0),
    1,
  );
  expect(now.fees_today).toBeCloseTo(
    today.reduce((sum, row) => sum + Number(row.fee), 0),
    1,
  );
  expect(rows.some((row) => row.pnl === "")).toBe(true);
  expect(new Set(rows.map((row) => row.side))).toEqual(new Set(["buy", "sell"]));
});

test("prices, value and now and then quantities move; a frozen market stands still", async () => {
  const { demo } = await standDemo();
  const first = await portfolio(demo);
  await demo.advance(3_600);
  const second = await portfolio(demo);
  expect(second.value).not.toBe(first.value);
  expect(second.positions.map((each) => each.quantity)).not.toEqual(first.positions.map((each) => each.quantity));
  demo.alphapulse.freezeMarket();
  await demo.advance(3_600);
  expect((await portfolio(demo)).positions).toEqual(second.positions);
});

test("flattening closes one position after the other and ends in an empty array", async () => {
  const { demo } = await standDemo();
  const answer = await change(demo, "flatten_positions", "k1");
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: "flattening", positions: 3 });
  expect((await portfolio(demo)).positions.length).toBeGreaterThan(0);
  await waitUntilFlat(demo);
  expect(await log(demo, "trades.csv")).toMatch(/,flatten\n/);
});

test("one key has one effect and gets the recorded answer, however often it comes", async () => {
  const { demo } = await standDemo();
  const answers = await Promise.all(["a", "a", "a"].map((key) => change(demo, "flatten_positions", key)));
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  await waitUntilFlat(demo);
  demo.alphapulse.setPositions([{ symbol: "BTCUSDT", side: "long", quantity: 1 }]);
  expect(await (await change(demo, "flatten_positions", "a")).json()).toEqual(bodies[0]);
  expect((await portfolio(demo)).positions).toHaveLength(1);
  expect(demo.alphapulse.effects("flatten_positions").map((effect) => effect.key)).toEqual(["a"]);
});

test("calls without a key each have their effect, as the manual's curl does", async () => {
  const { demo } = await standDemo();
  await change(demo, "flatten_positions");
  await waitUntilFlat(demo);
  demo.alphapulse.setPositions([{ symbol: "ETHUSDT", side: "short", quantity: 2 }]);
  await change(demo, "flatten_positions");
  await waitUntilFlat(demo);
  expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(2);
});

test("a second flatten while one runs changes nothing", async () => {
  const { demo } = await standDemo();
  await change(demo, "flatten_positions", "one");
  const second = await change(demo, "flatten_positions", "two");
  expect(await second.json()).toMatchObject({ status: "already flattening" });
  await waitUntilFlat(demo);
  expect(demo.alphapulse.effects("flatten_positions").map((effect) => effect.key)).toEqual(["one"]);
});

test("a key tells afterwards whether it was carried out, in the path or in the header", async () => {
  const { demo } = await standDemo();
  const url = `${demo.env["ALPHAPULSE_URL"]}/operations`;
  expect((await fetch(`${url}/r1%2Fflatten`)).status).toBe(404);
  await change(demo, "flatten_positions", "r1/flatten");
  const found = await fetch(`${url}/r1%2Fflatten`);
  expect(found.status).toBe(200);
  expect(await found.json()).toMatchObject({ key: "r1/flatten", operation: "flatten_positions" });
  expect((await fetch(url, { headers: { "Idempotency-Key": "r1/flatten" } })).status).toBe(200);
  expect((await fetch(url, { headers: { "Idempotency-Key": "another" } })).status).toBe(404);
  expect((await fetch(url)).status).toBe(404);
});

test("a key of one operation is not taken for another", async () => {
  const { demo } = await standDemo();
  await change(demo, "flatten_positions", "k");
  expect((await change(demo, "emergency_stop", "k")).status).toBe(422);
  expect(demo.alphapulse.effects("emergency_stop")).toEqual([]);
});

test("an emergency stop latches: resume is refused until the latch is reset by name", async () => {
  const { demo } = await standDemo();
  expect((await change(demo, "emergency_stop", "s")).status).toBe(200);
  const metrics = await getJson(`${demo.env["ALPHAPULSE_URL"]}/metrics`);
  expect(at(metrics, "/trading")).toMatchObject({ emergency_stopped: true, active: false, open_orders: 0 });
  const refused = await change(demo, "resume_trading", "r");
  expect(refused.status).toBe(409);
  expect((await fetch(`${demo.env["ALPHAPULSE_URL"]}/operations/r`)).status).toBe(404);
  const reset = await change(demo, "resume_trading", "r", { reset_stop: true });
  expect(await reset.json()).toMatchObject({ active: true, emergency_stopped: false });
  expect(demo.alphapulse.effects().map((effect) => effect.operation)).toEqual(["emergency_stop", "resume_trading"]);
});

test("stopping keeps the positions and ends the trading", async () => {
  const { demo } = await standDemo();
  await change(demo, "emergency_stop");
  const before = (await portfolio(demo)).positions.map((each) => each.quantity);
  await demo.advance(7_200);
  expect((await portfolio(demo)).positions.map((each) => each.quantity)).toEqual(before);
});

test("maintenance is switched on once and ended by resume", async () => {
  const { demo } = await standDemo();
  expect(await (await change(demo, "maintenance_mode", "m1")).json()).toMatchObject({ status: "maintenance" });
  expect(await (await change(demo, "maintenance_mode", "m2")).json()).toMatchObject({
    status: "already in maintenance",
  });
  expect(await (await change(demo, "resume_trading", "m3")).json()).toMatchObject({ maintenance: false, active: true });
  expect(demo.alphapulse.effects("maintenance_mode")).toHaveLength(1);
});

test("resuming is refused while positions are being closed", async () => {
  const { demo } = await standDemo();
  await change(demo, "flatten_positions");
  expect((await change(demo, "resume_trading")).status).toBe(409);
});

test("alerts appear at the manual's limits, keep their start, and go", async () => {
  const { demo, clock } = await standDemo();
  demo.alphapulse.freezeMarket();
  const read = async (): Promise<unknown> =>
    at(await getJson(`${demo.env["ALPHAPULSE_MONITOR"]}/api/alerts`), "/active_alerts");
  demo.alphapulse.setResult({ dailyPnlPercent: -1, drawdownPercent: 2 });
  await demo.advance(1);
  expect(await read()).toEqual([]);
  demo.alphapulse.setResult({ dailyPnlPercent: -2.5 });
  await demo.advance(1);
  const since = new Date(clock.now).toISOString();
  expect(await read()).toMatchObject([{ id: "daily-loss", severity: "warning", threshold: 2.4, since }]);
  clock.now += 60_000;
  demo.alphapulse.setResult({ dailyPnlPercent: -3.1, drawdownPercent: 12.5 });
  demo.alphapulse.pinFigures({ cpu_percent: 95, confidence_percent: 51 });
  await demo.advance(1);
  expect(await read()).toMatchObject([
    { id: "daily-loss", severity: "critical", threshold: 3, since },
    { id: "drawdown", severity: "critical" },
    { id: "cpu", severity: "critical" },
    { id: "confidence", severity: "warning" },
  ]);
  expect(await log(demo, "risk_alerts.json")).toContain('"type":"RISK_LIMIT_EXCEEDED","check":"drawdown"');
  demo.alphapulse.setResult({ dailyPnlPercent: 0.5, drawdownPercent: 1 });
  demo.alphapulse.pinFigures({ cpu_percent: 30, confidence_percent: 70 });
  await demo.advance(1);
  expect(await read()).toEqual([]);
});

test("the monitor says when the trading service is down", async () => {
  const { demo } = await standDemo();
  await demo.alphapulse.trading.fail({ kind: "down" });
  await demo.advance(1);
  expect(demo.alphapulse.alerts()).toMatchObject([{ id: "trading-system-down", severity: "critical" }]);
  await demo.alphapulse.trading.heal();
  await demo.advance(1);
  expect(demo.alphapulse.alerts()).toEqual([]);
});

test("the daily log is written as Python writes it, errors with their traceback, and changes its file at midnight UTC", async () => {
  const { demo, clock } = await standDemo();
  const yesterday = await log(demo, "alphapulse_20261120.log");
  const stamped = yesterday.split("\n").filter((line) => /^\d{4}/.test(line));
  expect(stamped.length).toBeGreaterThan(300);
  for (const line of stamped)
    expect(line).toMatch(/^2026-11-20 \d\d:\d\d:\d\d,\d{3} - alphapulse - (INFO|WARNING|ERROR) - ./);
  expect(yesterday).toContain("\nTraceback (most recent call last):\n");
  expect(await log(demo, "alphapulse_20261121.log")).toMatch(/^2026-11-21 /);
  clock.now = Date.parse("2026-11-22T00:00:30Z");
  await demo.advance(1_200);
  expect(await log(demo, "alphapulse_20261122.log")).toMatch(/^2026-11-22 00:/);
});

test("decisions and risk alerts are JSON lines; incidents start with an ISO time", async () => {
  const { demo } = await standDemo();
  const decisions = (await log(demo, "ai_decisions.json")).trimEnd().split("\n");
  const Decision = z.object({ timestamp: z.iso.datetime(), symbol: z.string(), confidence: z.number().max(1) });
  expect(decisions.map((line) => Decision.parse(JSON.parse(line))).length).toBeGreaterThan(200);
  for (const line of (await log(demo, "incidents.log")).trimEnd().split("\n"))
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z: ./);
});

test("a new day starts with a result of zero", async () => {
  const { demo, clock } = await standDemo();
  demo.alphapulse.freezeMarket();
  demo.alphapulse.setResult({ dailyPnlPercent: -2 });
  clock.now = Date.parse("2026-11-22T00:00:00Z");
  await demo.advance(1);
  expect(await portfolio(demo)).toMatchObject({ daily_pnl: 0, realized_pnl_today: 0 });
});

test("the market of days neither empties the book nor lets it grow for ever", async () => {
  const { demo } = await standDemo();
  for (let day = 0; day < 5; day += 1) await demo.alphapulse.advance(86_400);
  const { positions, value } = await portfolio(demo);
  expect(positions.length).toBeGreaterThanOrEqual(2);
  for (const each of positions) {
    expect(each.quantity * each.price).toBeGreaterThan(8_000);
    expect(each.quantity * each.price).toBeLessThan(160_000);
  }
  expect(value).toBeGreaterThan(150_000);
  expect(value).toBeLessThan(400_000);
});
