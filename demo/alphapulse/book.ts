import { round } from "../random.ts";
import type { Market } from "./market.ts";

export type Side = "long" | "short";

export interface Holding {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly openedAt: number;
}

/** An order that was filled. `pnl` is undefined when it opened or enlarged a position. */
export interface Trade {
  readonly at: number;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly quantity: number;
  readonly price: number;
  readonly pnl: number | undefined;
  readonly fee: number;
  readonly reason: string;
}

/** What today's earlier trades left behind, in USD: the sums of `pnl` and `fee` that trades.csv gives for today. */
export interface Legacy {
  readonly realizedToday: number;
  readonly feesToday: number;
}

/** The two figures the risk limits are about, in per cent. A loss is negative, a drawdown positive. */
export interface ResultFigures {
  readonly dailyPnlPercent?: number | undefined;
  readonly drawdownPercent?: number | undefined;
}

/** USD at the start of the day. */
export const openingValue = 250_000;
const feeShare = 0.0006;
const dayMs = 86_400_000;

/** What the trader holds and what it is worth, in USD. */
export class Book {
  readonly #market: Market;
  readonly #holdings = new Map<string, Holding>();
  #cash: number;
  #opening = openingValue;
  #peak: number;
  #day: number;
  #realizedToday: number;
  #feesToday: number;

  constructor(market: Market, start: Legacy & { readonly now: number }) {
    this.#market = market;
    this.#day = Math.floor(start.now / dayMs);
    this.#realizedToday = start.realizedToday;
    this.#feesToday = start.feesToday;
    this.#cash = openingValue + start.realizedToday - start.feesToday;
    this.#peak = openingValue * 1.036;
  }

  get symbols(): readonly string[] {
    return [...this.#holdings.keys()];
  }

  holding(symbol: string): Holding | undefined {
    return this.#holdings.get(symbol);
  }

  /** Replaces everything held, without trading. */
  replace(holdings: readonly Holding[]): void {
    this.#holdings.clear();
    for (const holding of holdings) this.#holdings.set(holding.symbol, holding);
  }

  /** Trades until so much of the symbol is held; 0 closes it. */
  resize(symbol: string, quantity: number, order: { readonly at: number; readonly reason: string }): Trade | undefined {
    const held = this.#holdings.get(symbol);
    if (!held || quantity === held.quantity) return undefined;
    const change = round(quantity - held.quantity, 4);
    const grows = change > 0;
    const price = this.#market.price(symbol);
    const pnl = grows ? undefined : round(-change * (price - held.entryPrice) * signOf(held.side), 2);
    if (quantity === 0) this.#holdings.delete(symbol);
    else
      this.#holdings.set(symbol, {
        ...held,
        quantity,
        entryPrice: grows ? blended(held, change, price) : held.entryPrice,
      });
    const buys = (held.side === "long") === grows;
    return this.#fill({ ...order, symbol, side: buys ? "buy" : "sell", quantity: Math.abs(change), price, pnl });
  }

  open(holding: Holding, reason: string): Trade {
    this.#holdings.set(holding.symbol, holding);
    const { symbol, quantity, entryPrice: price, openedAt: at } = holding;
    return this.#fill({
      at,
      symbol,
      side: holding.side === "long" ? "buy" : "sell",
      quantity,
      price,
      pnl: undefined,
      reason,
    });
  }

  /** Once a second: the peak follows the value, and at midnight UTC a new day begins. */
  mark(now: number): void {
    const value = this.value();
    this.#peak = Math.max(this.#peak, value);
    const day = Math.floor(now / dayMs);
    if (day === this.#day) return;
    this.#day = day;
    this.#opening = value;
    this.#realizedToday = 0;
    this.#feesToday = 0;
  }

  value(): number {
    return this.#cash + this.#unrealized();
  }

  /** Result of the day in per cent of its opening value. */
  dailyPnlPercent(): number {
    return (this.value() / this.#opening - 1) * 100;
  }

  /** Distance from the highest value ever, in per cent of it. */
  drawdownPercent(): number {
    return Math.max(0, (1 - this.value() / this.#peak) * 100);
  }

  /** Moves the day's opening value or the peak so that the figures come out like this. */
  pretend(figures: ResultFigures): void {
    if (figures.dailyPnlPercent !== undefined) this.#opening = this.value() / (1 + figures.dailyPnlPercent / 100);
    if (figures.drawdownPercent !== undefined) this.#peak = this.value() / (1 - figures.drawdownPercent / 100);
  }

  /** `.portfolio` of `/metrics`. */
  report(): object {
    const value = this.value();
    return {
      currency: "USD",
      value: round(value, 2),
      cash: round(this.#cash, 2),
      opening_value: round(this.#opening, 2),
      peak_value: round(this.#peak, 2),
      daily_pnl: round(value - this.#opening, 2),
      daily_pnl_percent: round(this.dailyPnlPercent(), 3),
      realized_pnl_today: round(this.#realizedToday, 2),
      fees_today: round(this.#feesToday, 2),
      unrealized_pnl: round(this.#unrealized(), 2),
      drawdown_percent: round(this.drawdownPercent(), 3),
      exposure: round(this.#exposure(), 2),
      leverage: round(this.#exposure() / value, 3),
      positions: [...this.#holdings.values()].map((holding) => this.#reported(holding)),
    };
  }

  #reported(holding: Holding): object {
    const price = this.#market.price(holding.symbol);
    return {
      symbol: holding.symbol,
      side: holding.side,
      quantity: holding.quantity,
      price,
      entry_price: round(holding.entryPrice, 2),
      notional: round(holding.quantity * price, 2),
      unrealized_pnl: round(this.#gain(holding), 2),
      opened_at: new Date(holding.openedAt).toISOString(),
    };
  }

  #fill(order: Omit<Trade, "fee">): Trade {
    const fee = round(order.quantity * order.price * feeShare, 2);
    const pnl = order.pnl ?? 0;
    this.#cash += pnl - fee;
    this.#realizedToday += pnl;
    this.#feesToday += fee;
    return { ...order, fee };
  }

  #gain(holding: Holding): number {
    return holding.quantity * (this.#market.price(holding.symbol) - holding.entryPrice) * signOf(holding.side);
  }

  #unrealized(): number {
    return [...this.#holdings.values()].reduce((sum, holding) => sum + this.#gain(holding), 0);
  }

  #exposure(): number {
    const notional = (each: Holding): number => each.quantity * this.#market.price(each.symbol);
    return [...this.#holdings.values()].reduce((sum, holding) => sum + notional(holding), 0);
  }
}

function blended(held: Holding, added: number, price: number): number {
  return (held.entryPrice * held.quantity + price * added) / (held.quantity + added);
}

function signOf(side: Side): 1 | -1 {
  return side === "long" ? 1 : -1;
}
