import { join } from "node:path";
import { LogFile } from "../log-file.ts";
import type { Random } from "../random.ts";
import type { Trade } from "./book.ts";
import { type Decision, decisionLine, type Level, passingRemark, pythonLine, riskLine, tradeRow } from "./log-lines.ts";
import type { Alert } from "./risk.ts";

const rotateBytes = 2 * 1024 * 1024;

/** `alphapulse_20261121.log`: the day is that of UTC. */
export function dailyLogName(at: number): string {
  return `alphapulse_${new Date(at).toISOString().slice(0, 10).replaceAll("-", "")}.log`;
}

/** The files the trading service writes below its `logs/`. */
export class TradingFiles {
  readonly #folder: string;
  readonly #random: Random;
  readonly #main: LogFile;
  readonly #trades: LogFile;
  readonly #decisions: LogFile;
  readonly #risk: LogFile;

  constructor(folder: string, now: number, random: Random) {
    const at = (name: string): LogFile => new LogFile({ path: join(folder, name), bytes: 0, limitBytes: rotateBytes });
    this.#folder = folder;
    this.#random = random;
    this.#main = at(dailyLogName(now));
    this.#trades = at("trades.csv");
    this.#decisions = at("ai_decisions.json");
    this.#risk = at("risk_alerts.json");
  }

  say(at: number, level: Level, text: string): void {
    this.#main.moveTo(join(this.#folder, dailyLogName(at)));
    this.#main.write(pythonLine(at, level, text));
  }

  remark(at: number): void {
    this.#main.moveTo(join(this.#folder, dailyLogName(at)));
    this.#main.write(passingRemark(at, this.#random));
  }

  trade(trade: Trade): void {
    this.#trades.write(tradeRow(trade, this.#random));
    const { side, quantity, symbol, price, reason } = trade;
    this.say(trade.at, "INFO", `Order filled: ${side} ${quantity} ${symbol} at ${price} (${reason})`);
  }

  decision(decision: Decision): void {
    this.#decisions.write(decisionLine(decision, this.#random));
  }

  alert(alert: Alert, at: number): void {
    this.#risk.write(riskLine(alert, at));
    const isBreach = alert.severity === "critical";
    this.say(
      at,
      isBreach ? "ERROR" : "WARNING",
      `${isBreach ? "RISK_LIMIT_EXCEEDED" : "RISK_LIMIT_NEAR"} ${alert.message}`,
    );
  }

  /** Resolves when everything said so far is in the files. */
  async flush(): Promise<void> {
    await Promise.all([this.#main, this.#trades, this.#decisions, this.#risk].map((file) => file.flush()));
  }
}
