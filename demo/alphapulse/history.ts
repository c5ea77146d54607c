import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dailyRhythm, type Random, round } from "../random.ts";
import { type Legacy, openingValue, type Trade } from "./book.ts";
import { dailyLogName } from "./files.ts";
import {
  decisionLine,
  incidentLine,
  passingRemark,
  pythonLine,
  riskLine,
  tradeRow,
  tradesHeader,
} from "./log-lines.ts";
import { Market, symbols } from "./market.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const remarkMinutes = 2;
const decisionMinutes = 4;
const tradeMinutes = 12;
/** Before yesterday only the trades are kept: as many as on these days for a week, and then some of each day. */
const older = { days: 40, everyMinutes: 60, lastDays: 8 } as const;

interface Past {
  readonly logs: ReadonlyMap<string, readonly string[]>;
  readonly trades: readonly Trade[];
  readonly decisions: readonly string[];
}

/** Writes yesterday and today until now into the trading service's log folder. */
export async function seedTradingHistory(folder: string, now: number, random: Random): Promise<Legacy> {
  await mkdir(folder, { recursive: true });
  const yesterday = Math.floor(now / dayMs) * dayMs - dayMs;
  const past = liveThrough(yesterday, now, random);
  const rows = [...olderTrades(yesterday, random.fork("older")), ...past.trades].map((trade) =>
    tradeRow(trade, random),
  );
  await Promise.all([
    ...[...past.logs].map(([name, lines]) => writeFile(join(folder, name), textOf(lines))),
    writeFile(join(folder, "trades.csv"), textOf([tradesHeader, ...rows])),
    writeFile(join(folder, "ai_decisions.json"), textOf(past.decisions)),
    writeFile(join(folder, "risk_alerts.json"), textOf(pastAlerts(now))),
    writeFile(join(folder, "incidents.log"), textOf(pastIncidents(now))),
  ]);
  const today = past.trades.filter((trade) => Math.floor(trade.at / dayMs) === Math.floor(now / dayMs));
  const sum = (amountOf: (trade: Trade) => number): number =>
    round(
      today.reduce((total, trade) => total + amountOf(trade), 0),
      2,
    );
  return { realizedToday: sum((trade) => trade.pnl ?? 0), feesToday: sum((trade) => trade.fee) };
}

function liveThrough(from: number, to: number, random: Random): Past {
  const logs = new Map<string, string[]>();
  const trades: Trade[] = [];
  const decisions: string[] = [];
  const market = new Market(random.fork("past-market"));
  const say = (at: number, text: string): void => {
    const name = dailyLogName(at);
    const lines = logs.get(name) ?? [];
    if (lines.length === 0) logs.set(name, lines);
    lines.push(text);
  };
  for (let minute = from; minute < to; minute += minuteMs) {
    const at = Math.min(to - 1, minute + Math.floor(random.between(0, minuteMs)));
    const busy = dailyRhythm(at);
    market.tick();
    if (random.chance(busy / remarkMinutes)) say(at, passingRemark(at, random));
    if (random.chance(busy / decisionMinutes)) decisions.push(pastDecision(at, random));
    if (random.chance(busy / tradeMinutes)) {
      const trade = pastTrade(at, market, random);
      trades.push(trade);
      say(
        at,
        pythonLine(
          at,
          "INFO",
          `Order filled: ${trade.side} ${trade.quantity} ${trade.symbol} at ${trade.price} (${trade.reason})`,
        ),
      );
    }
  }
  // Today's file is there from the first minute of the day, as the trader opens it at midnight.
  if (!logs.has(dailyLogName(to))) say(to - 1, pythonLine(to - 1, "INFO", "Daily log opened"));
  return { logs, trades, decisions };
}

/** Trades of the weeks before a time, oldest first: what a week and a month have come to is asked as well. */
function olderTrades(until: number, random: Random): Trade[] {
  const trades: Trade[] = [];
  const market = new Market(random.fork("market"));
  for (let at = until - older.days * dayMs; ; ) {
    const minutes = until - at <= older.lastDays * dayMs ? tradeMinutes : older.everyMinutes;
    at += Math.round((-Math.log(1 - random.next()) * minutes * minuteMs) / dailyRhythm(at));
    if (at >= until) return trades;
    market.tick();
    trades.push(pastTrade(at, market, random));
  }
}

function pastTrade(at: number, market: Market, random: Random): Trade {
  const symbol = random.pick(symbols);
  const price = market.price(symbol);
  const quantity = round(random.between(600, 4_000) / price, 4);
  const side = random.chance(0.5) ? "buy" : "sell";
  const fee = round(quantity * price * 0.0006, 2);
  if (random.chance(0.5)) return { at, symbol, side, quantity, price, pnl: undefined, fee, reason: "signal" };
  const pnl = round(openingValue * 0.0001 * (0.2 + 1.6 * random.normal()), 2);
  return { at, symbol, side, quantity, price, pnl, fee, reason: random.pick(["signal", "take_profit", "stop_loss"]) };
}

function pastDecision(at: number, random: Random): string {
  const decision = {
    at,
    symbol: random.pick(symbols),
    action: random.pick(["hold", "hold", "hold", "buy", "sell"] as const),
    confidencePercent: 69 + 4 * random.normal(),
    inferenceMs: 46 + 6 * random.normal(),
  };
  return decisionLine(decision, random);
}

function pastAlerts(now: number): string[] {
  const entry = (hoursAgo: number, severity: "critical" | "warning", value: number): string => {
    const at = now - hoursAgo * 3_600_000;
    const message = `Daily loss is ${value} %, above the limit of ${severity === "critical" ? 3 : 2.4} %`;
    const threshold = severity === "critical" ? 3 : 2.4;
    const since = new Date(at).toISOString();
    return riskLine({ id: "daily-loss", category: "risk", severity, message, value, threshold, since }, at);
  };
  return [entry(29.6, "warning", 2.46), entry(29.1, "critical", 3.04), entry(17.3, "warning", 2.41)];
}

function pastIncidents(now: number): string[] {
  const hour = 3_600_000;
  return [
    incidentLine(now - 29 * hour, "INCIDENT DETECTED - daily loss above 3 %"),
    incidentLine(now - 28.9 * hour, "Emergency stop initiated - daily loss above 3 %"),
    incidentLine(now - 27.5 * hour, "Resolved - stale funding rates; trading resumed after review"),
  ];
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
