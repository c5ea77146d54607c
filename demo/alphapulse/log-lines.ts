import { type Random, round } from "../random.ts";
import type { Trade } from "./book.ts";
import type { Alert } from "./risk.ts";

export type Level = "INFO" | "WARNING" | "ERROR";

/** First line of trades.csv. The third column is the side: the manual's `awk '{print $3}'` counts by it. */
export const tradesHeader = "timestamp,symbol,side,quantity,price,pnl,fee,order_id,reason";

/** A line as Python's logging writes it, in UTC: `2026-11-21 03:04:05,678 - alphapulse - ERROR - text`. */
export function pythonLine(at: number, level: Level, text: string): string {
  const stamp = new Date(at).toISOString().replace("T", " ").replace(".", ",").slice(0, -1);
  return `${stamp} - alphapulse - ${level} - ${text}`;
}

/** A row of trades.csv; the result of an opening trade is empty, as pandas writes NaN. */
export function tradeRow(trade: Trade, random: Random): string {
  const { symbol, side, quantity, price, pnl, fee, reason } = trade;
  const stamp = new Date(trade.at).toISOString();
  return [
    stamp,
    symbol,
    side,
    quantity,
    price,
    pnl?.toFixed(2) ?? "",
    fee.toFixed(2),
    `w${random.hex(10)}`,
    reason,
  ].join(",");
}

export interface Decision {
  readonly at: number;
  readonly symbol: string;
  readonly action: "buy" | "sell" | "hold";
  readonly confidencePercent: number;
  readonly inferenceMs: number;
}

/** A line of ai_decisions.json. */
export function decisionLine(decision: Decision, random: Random): string {
  return JSON.stringify({
    timestamp: new Date(decision.at).toISOString(),
    symbol: decision.symbol,
    action: decision.action,
    confidence: round(decision.confidencePercent / 100, 3),
    inference_ms: round(decision.inferenceMs, 1),
    model_version: "ppo_v3_2",
    features: { rsi: round(random.between(20, 80), 1), funding: round(random.between(-0.02, 0.03), 4) },
  });
}

/** A line of risk_alerts.json. */
export function riskLine(alert: Alert, at: number): string {
  return JSON.stringify({
    timestamp: new Date(at).toISOString(),
    level: alert.severity === "critical" ? "CRITICAL" : "WARNING",
    type: alert.severity === "critical" ? "RISK_LIMIT_EXCEEDED" : "RISK_LIMIT_NEAR",
    check: alert.id,
    message: alert.message,
    value: alert.value,
    limit: alert.threshold,
  });
}

/** A line of incidents.log. The time is ISO 8601: the manual's `$(date)` changes with the host's language and zone. */
export function incidentLine(at: number, text: string): string {
  return `${new Date(at).toISOString()}: ${text}`;
}

/** One of the things a trader says in passing; a traceback is several lines, of which only the first has a time. */
export function passingRemark(at: number, random: Random): string {
  const roll = random.next();
  if (roll < 0.012) {
    return [
      pythonLine(at, "ERROR", "API error: POST /api/v1/order failed after 3 attempts"),
      "Traceback (most recent call last):",
      '  File "/opt/alphapulse-rl/trading/execution.py", line 212, in submit',
      "    response.raise_for_status()",
      "requests.exceptions.HTTPError: 502 Server Error: Bad Gateway",
    ].join("\n");
  }
  if (roll < 0.02)
    return pythonLine(at, "ERROR", `API error: rate limit reached, retry in ${random.pick([1, 2, 5])} s`);
  if (roll < 0.03) return pythonLine(at, "WARNING", `API response took ${Math.round(random.between(1_050, 2_400))} ms`);
  if (roll < 0.036) return pythonLine(at, "WARNING", "monitor: unauthorized request to /api/alerts refused, 401");
  if (roll < 0.07)
    return pythonLine(at, "WARNING", `Model confidence ${random.between(52, 60).toFixed(1)} %, position size halved`);
  if (roll < 0.3)
    return pythonLine(at, "INFO", `API GET /api/v1/account ok in ${Math.round(random.between(80, 260))} ms`);
  if (roll < 0.6)
    return pythonLine(at, "INFO", `Features updated for ${random.pick(["BTCUSDT", "ETHUSDT", "SOLUSDT"])}`);
  return pythonLine(at, "INFO", `Decision cycle done, inference ${random.between(30, 70).toFixed(1)} ms`);
}
