import { z } from "zod";
import { keep, keptIn } from "../programs/script.ts";
import { type Random, round } from "../random.ts";
import { Book, type Holding, type Legacy } from "./book.ts";
import { type Figures, Gauges } from "./figures.ts";
import type { TradingFiles } from "./files.ts";
import type { Outcome } from "./ledger.ts";
import { Market, symbols } from "./market.ts";

/** Flattening takes about this long, however many positions there are. */
const flattenMs = 1_400;
/** Positions are closed in so many goes at most, each of which writes to the files once. */
const flattenGoes = 28;
/** After flattening the model opens nothing for so long. */
const restAfterFlattenMs = 10 * 60_000;
const resizeEverySeconds = 480;
const reopenEverySeconds = 120;
const remarkEverySeconds = 120;
const decisionEverySeconds = 240;

export type TradingMode = "live" | "paper";

export interface DeskParts {
  readonly files: TradingFiles;
  readonly now: () => number;
  readonly random: Random;
  readonly legacy: Legacy;
  /** The file in which a halt outlives the demo. */
  readonly kept: string;
}

/** What keeps it from trading, and whether it holds nothing meanwhile. */
const Halt = z.object({
  /** When the emergency stop was latched, in ms. */
  stoppedAt: z.number().optional(),
  maintenance: z.boolean().default(false),
  isFlat: z.boolean().default(false),
});

/** The trading service itself: what it holds, whether it may trade, and the four changes it can be told to make. */
export class Desk {
  mode: TradingMode = "live";
  /** Of the account at the exchange that its orders go to. */
  exchangeMode: TradingMode = "live";
  readonly market: Market;
  readonly book: Book;
  readonly gauges: Gauges;
  /** Symbols that flattening does not get rid of. */
  stuck: readonly string[] = [];
  /** So many streams of market data lag behind. */
  lagging = 0;
  /** Sent to the exchange, and not filled yet. */
  openOrders = 2;
  readonly #parts: DeskParts;
  readonly #random: Random;
  #startedAt: number;
  #stoppedAt: number | undefined;
  #hasMaintenance = false;
  #flattening: readonly string[] = [];
  #flattenTimer: NodeJS.Timeout | undefined;
  #restUntil = 0;

  constructor(parts: DeskParts) {
    const now = parts.now();
    this.#parts = parts;
    this.#random = parts.random.fork("desk");
    this.#startedAt = now - Math.round(this.#random.between(2, 9) * 86_400_000);
    this.market = new Market(parts.random.fork("market"));
    this.gauges = new Gauges(parts.random.fork("gauges"));
    this.book = new Book(this.market, { now, ...parts.legacy });
    const { stoppedAt, maintenance, isFlat } = keptIn(parts.kept, Halt);
    this.#stoppedAt = stoppedAt;
    this.#hasMaintenance = maintenance;
    if (!this.isHalted || !isFlat) this.book.replace(firstHoldings(this.market, now));
    if (this.isHalted) {
      this.openOrders = 0;
      parts.files.say(
        now,
        "WARNING",
        `Started anew: ${this.isStopped ? "the emergency stop is still latched" : "still in maintenance"}`,
      );
    }
  }

  get figures(): Figures {
    return this.gauges.read();
  }

  get isStopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  /** Is it kept from trading, whatever it would do? */
  get isHalted(): boolean {
    return this.isStopped || this.#hasMaintenance;
  }

  /** As a new process; what the emergency stop has latched, and maintenance, it finds in its data. */
  startAnew(mode: TradingMode, { isFirst }: { readonly isFirst: boolean }): void {
    this.mode = mode;
    this.exchangeMode = mode;
    if (!isFirst) this.#startedAt = this.#parts.now();
  }

  /** One second on: prices, figures, now and then a decision, a trade or a line in the log. */
  tick(now: number): void {
    this.market.tick();
    this.gauges.tick();
    this.book.mark(now);
    if (this.#random.chance(1 / remarkEverySeconds)) this.#parts.files.remark(now);
    if (!this.#mayTrade(now)) return;
    if (this.#random.chance(1 / decisionEverySeconds)) this.#decide(now);
    if (this.market.isFrozen) return;
    if (this.#random.chance(1 / resizeEverySeconds)) this.#resizeOne(now);
    else if (this.#random.chance(1 / reopenEverySeconds)) this.#openOne(now);
  }

  /** Latches: trading stays off, whatever else happens, until the latch is reset. Open orders are cancelled. */
  emergencyStop(): Outcome {
    if (this.#stoppedAt !== undefined)
      return { tookEffect: false, told: { status: "already stopped", ...this.state() } };
    const cancelled = this.openOrders;
    this.#stoppedAt = this.#parts.now();
    this.openOrders = 0;
    this.#keep();
    this.#parts.files.say(
      this.#stoppedAt,
      "WARNING",
      `Emergency stop: trading is off, ${cancelled} open orders cancelled`,
    );
    return { tookEffect: true, told: { status: "stopped", orders_cancelled: cancelled, ...this.state() } };
  }

  /** Starts closing everything held: one position after the other, several at a time where there are many. */
  flatten(): Outcome {
    if (this.#flattening.length > 0)
      return { tookEffect: false, told: { status: "already flattening", ...this.state() } };
    const wanted = this.book.symbols.filter((symbol) => !this.stuck.includes(symbol));
    const now = this.#parts.now();
    this.#restUntil = now + restAfterFlattenMs;
    this.openOrders = 0;
    this.#parts.files.say(now, "WARNING", `Flatten: closing ${wanted.length} positions`);
    this.#flattening = wanted;
    const count = Math.ceil(wanted.length / flattenGoes);
    if (count > 0) this.#closeNext({ count, everyMs: (flattenMs * count) / wanted.length });
    return { tookEffect: true, told: { status: "flattening", positions: wanted.length } };
  }

  maintenance(): Outcome {
    if (this.#hasMaintenance) return { tookEffect: false, told: { status: "already in maintenance", ...this.state() } };
    this.#hasMaintenance = true;
    this.openOrders = 0;
    this.#keep();
    this.#parts.files.say(this.#parts.now(), "WARNING", "Maintenance mode on: no new positions");
    return { tookEffect: true, told: { status: "maintenance", ...this.state() } };
  }

  /** Ends maintenance. The latch of an emergency stop holds unless it is reset by name. */
  resume(isReset: boolean): Outcome {
    if (this.#flattening.length > 0)
      return { refused: "positions are being closed; wait until it is done", status: 409 };
    if (this.isStopped && !isReset) {
      return { refused: 'the emergency stop is latched; send {"reset_stop": true} to reset it', status: 409 };
    }
    if (!this.isStopped && !this.#hasMaintenance)
      return { tookEffect: false, told: { status: "already trading", ...this.state() } };
    this.#stoppedAt = undefined;
    this.#hasMaintenance = false;
    this.#restUntil = 0;
    this.#keep();
    this.#parts.files.say(this.#parts.now(), "WARNING", `Trading resumed in ${this.mode} mode`);
    return { tookEffect: true, told: { status: "trading", ...this.state() } };
  }

  /** `.trading` of `/metrics`. */
  state(): { readonly [field: string]: unknown } {
    const stoppedAt = this.#stoppedAt;
    return {
      active: !this.isHalted,
      emergency_stopped: this.isStopped,
      stopped_at: stoppedAt === undefined ? null : new Date(stoppedAt).toISOString(),
      maintenance: this.#hasMaintenance,
      flattening: this.#flattening.length > 0,
      open_orders: this.openOrders,
    };
  }

  uptimeSeconds(): number {
    return Math.round((this.#parts.now() - this.#startedAt) / 1_000);
  }

  /** No timer is left behind. */
  stop(): void {
    clearTimeout(this.#flattenTimer);
  }

  #closeNext(pace: { readonly count: number; readonly everyMs: number }): void {
    this.#flattenTimer = setTimeout(() => {
      const next = this.#flattening.slice(0, pace.count);
      this.#flattening = this.#flattening.slice(pace.count);
      for (const symbol of next) {
        const trade = this.book.resize(symbol, 0, { at: this.#parts.now(), reason: "flatten" });
        if (trade) this.#parts.files.trade(trade);
      }
      void this.#parts.files.flush();
      this.#keep();
      if (this.#flattening.length > 0) this.#closeNext(pace);
    }, pace.everyMs).unref();
  }

  #keep(): void {
    const isFlat = this.book.symbols.length === 0;
    keep(this.#parts.kept, { stoppedAt: this.#stoppedAt, maintenance: this.#hasMaintenance, isFlat });
  }

  #mayTrade(now: number): boolean {
    return !this.isHalted && this.#flattening.length === 0 && now >= this.#restUntil;
  }

  #decide(now: number): void {
    const { confidence_percent: confidencePercent, inference_ms: inferenceMs } = this.figures;
    const action = this.#random.pick(["hold", "hold", "hold", "buy", "sell"] as const);
    this.#parts.files.decision({ at: now, symbol: this.#random.pick(symbols), action, confidencePercent, inferenceMs });
    const orders = Math.floor(this.#random.between(0, 4));
    if (!this.market.isFrozen) this.openOrders = orders;
  }

  #resizeOne(now: number): void {
    const held = this.book.symbols.map((symbol) => this.book.holding(symbol));
    const holding = held[Math.floor(this.#random.next() * held.length)];
    if (!holding) return;
    // Drawn towards 50,000 USD, so that weeks of small changes neither empty a position nor let it grow for ever.
    const isLarge = holding.quantity * this.market.price(holding.symbol) > 50_000;
    const grows = this.#random.chance(isLarge ? 0.3 : 0.7);
    const factor = grows ? this.#random.between(1.03, 1.15) : this.#random.between(0.82, 0.95);
    const quantity = round(holding.quantity * factor, 4);
    const trade = this.book.resize(holding.symbol, quantity, { at: now, reason: "rebalance" });
    if (trade) this.#parts.files.trade(trade);
  }

  #openOne(now: number): void {
    const free = symbols.filter((symbol) => !this.book.holding(symbol));
    // Three positions at most: the fourth symbol stays free for the model to move to.
    if (free.length < 2) return;
    const symbol = this.#random.pick([free[0] ?? symbols[0], ...free.slice(1)]);
    const entryPrice = this.market.price(symbol);
    const quantity = round(this.#random.between(25_000, 60_000) / entryPrice, 4);
    const side = this.#random.chance(0.65) ? "long" : "short";
    this.#parts.files.trade(this.book.open({ symbol, side, quantity, entryPrice, openedAt: now }, "signal"));
  }
}

function firstHoldings(market: Market, now: number): readonly Holding[] {
  const hours = 3_600_000;
  const entry = (symbol: string, share: number): number => round(market.price(symbol) * share, 2);
  return [
    { symbol: "BTCUSDT", side: "long", quantity: 0.85, entryPrice: entry("BTCUSDT", 1.012), openedAt: now - 9 * hours },
    { symbol: "ETHUSDT", side: "short", quantity: 9.4, entryPrice: entry("ETHUSDT", 0.991), openedAt: now - 5 * hours },
    { symbol: "SOLUSDT", side: "long", quantity: 310, entryPrice: entry("SOLUSDT", 0.996), openedAt: now - 2 * hours },
  ];
}
