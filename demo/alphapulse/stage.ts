import { join } from "node:path";
import { z } from "zod";
import { keep } from "../programs/script.ts";
import type { Holding, ResultFigures } from "./book.ts";
import type { Desk, TradingMode } from "./desk.ts";
import type { Pins } from "./figures.ts";

/** A position to pretend. Entry is the market's price when left out; `price` moves the market there. */
export interface WantedPosition {
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly quantity: number;
  readonly price?: number | undefined;
  readonly entry?: number | undefined;
}

/** What can be changed behind the trading service's back. */
export interface Stage {
  /** Replaces every position, without trading; with none, no order is open either. */
  setPositions(positions: readonly WantedPosition[]): void;
  /** So many orders are open, until it is stopped, paused or closed out. */
  setOpenOrders(orders: number): void;
  /** Prices, quantities and orders stand still (move again with false); changes that are asked for still happen. */
  freezeMarket(isFrozen?: boolean): void;
  setMode(mode: TradingMode): void;
  /** Its orders go to this account of the exchange, whatever mode it says it is in. */
  setExchangeMode(mode: TradingMode): void;
  /** Flattening leaves these symbols open, whatever it is asked. `[]` lets it close everything again. */
  leaveOpen(symbols: readonly string[]): void;
  /** Makes the day's result and the drawdown read so, in per cent. A loss is negative. */
  setResult(result: ResultFigures): void;
  /** So many streams of market data lag behind, each of which is an alert. */
  setLagging(streams: number): void;
  /** So many days of scheduled backups were not taken. */
  missBackups(days: number): void;
  /** These figures stand still at these values, beside those that do already; null lets one go, `{}` all. */
  pinFigures(figures: Pins): void;
}

interface Staged {
  readonly desk: Desk;
  readonly now: () => number;
  /** The folder in which the system's scripts keep what they need. */
  readonly state: string;
}

export function createStage({ desk, now, state }: Staged): Stage {
  return {
    setPositions(positions) {
      desk.book.replace(positions.map((each) => holdingOf(each, desk, now())));
      if (positions.length === 0) desk.openOrders = 0;
    },
    setOpenOrders(orders) {
      desk.openOrders = orders;
    },
    freezeMarket(isFrozen = true) {
      desk.market.isFrozen = isFrozen;
    },
    setMode(mode) {
      desk.mode = mode;
      desk.exchangeMode = mode;
    },
    setExchangeMode(mode) {
      desk.exchangeMode = mode;
    },
    leaveOpen(symbols) {
      desk.stuck = symbols;
    },
    setResult: (result) => desk.book.pretend(result),
    setLagging(streams) {
      desk.lagging = streams;
    },
    missBackups(days) {
      keep(join(state, "missed-runs.json"), days === 0 ? {} : { since: now() - days * 86_400_000 });
    },
    pinFigures: (figures) => desk.gauges.pin(figures),
  };
}

function holdingOf(wanted: WantedPosition, desk: Desk, openedAt: number): Holding {
  if (wanted.price !== undefined) desk.market.setPrice(wanted.symbol, wanted.price);
  const { symbol, side, quantity } = wanted;
  return { symbol, side, quantity, entryPrice: wanted.entry ?? desk.market.price(symbol), openedAt };
}

const amount = z.number().positive();
const SymbolName = z.string().regex(/^[A-Z0-9]{2,20}$/);
const Wanted = z.strictObject({
  symbol: SymbolName,
  side: z.enum(["long", "short"]),
  quantity: amount,
  price: amount.optional(),
  entry: amount.optional(),
});

const share = z.number().min(0).max(100);
const FigureValues = z
  .strictObject({
    cpu_percent: share.nullable(),
    memory_percent: share.nullable(),
    disk_percent: share.nullable(),
    api_response_ms: amount.nullable(),
    api_error_percent: share.nullable(),
    inference_ms: amount.nullable(),
    confidence_percent: share.nullable(),
  })
  .partial();

const Scene = z.union([
  z.strictObject({ positions: z.array(Wanted).max(50) }),
  z.strictObject({ market: z.enum(["frozen", "moving"]) }),
  z.strictObject({ mode: z.enum(["live", "paper"]) }),
  z.strictObject({ exchange: z.enum(["live", "paper"]) }),
  z.strictObject({
    result: z.strictObject({
      dailyPnlPercent: z.number().min(-90).max(90).optional(),
      drawdownPercent: z.number().min(0).max(90).optional(),
    }),
  }),
  z.strictObject({ flattenLeaves: z.array(SymbolName).max(50) }),
  z.strictObject({ figures: FigureValues }),
  z.strictObject({ lagging: z.int().min(0).max(500) }),
  z.strictObject({ missedBackups: z.int().min(0).max(30) }),
]);

const heal = { service: "trading", fault: null };

/** What can go wrong, each with the bodies for `POST /_demo` that make it so and undo it, to copy. */
export const stageExamples = [
  {
    name: "lost-answer",
    does: "the next change takes effect and its answer is lost: the outcome is looked up",
    post: { service: "trading", fault: { kind: "lost-answer", times: 1 } },
    undo: heal,
  },
  {
    name: "hanging-change",
    does: "the next change is never answered and not done: its outcome stays unknown for a while",
    post: { service: "trading", fault: { kind: "hang", only: "changes", times: 1 } },
    undo: heal,
  },
  {
    name: "dead-trader",
    does: "the trading service is down for a minute",
    post: { service: "trading", fault: { kind: "down" }, forSeconds: 60 },
    undo: heal,
  },
  {
    name: "lying-trader",
    does: "the trading service answers null where its figures should be",
    post: { service: "trading", fault: { kind: "lying", lie: "null" } },
    undo: heal,
  },
  {
    name: "stuck-position",
    does: "a flatten leaves this position open",
    post: { flattenLeaves: ["BTCUSDT"] },
    undo: { flattenLeaves: [] },
  },
  {
    name: "positions",
    does: "these are the open positions",
    post: { positions: [{ symbol: "BTCUSDT", side: "long", quantity: 2 }] },
    undo: { positions: [] },
  },
  {
    name: "daily-loss",
    does: "the day's loss is past its limit",
    post: { result: { dailyPnlPercent: -3.1 } },
    undo: { result: { dailyPnlPercent: 0 } },
  },
  {
    name: "drawdown",
    does: "the drawdown is past what may be lost",
    post: { result: { drawdownPercent: 12.5 } },
    undo: { result: { drawdownPercent: 0 } },
  },
  {
    name: "dead-exchange",
    does: "most calls to the exchange fail, and the others are slow",
    post: { figures: { api_error_percent: 82, api_response_ms: 9000 } },
    undo: { figures: { api_error_percent: null, api_response_ms: null } },
  },
  {
    name: "split-mode",
    does: "orders go to the paper account of the exchange, although it says that it trades live",
    post: { exchange: "paper" },
    undo: { exchange: "live" },
  },
  {
    name: "storm",
    does: "three hundred streams of market data lag behind, and each of them is an alert",
    post: { lagging: 300 },
    undo: { lagging: 0 },
  },
  {
    name: "missed-backup",
    does: "no backup was taken in the last three days",
    post: { missedBackups: 3 },
    undo: { missedBackups: 0 },
  },
  {
    name: "full-disk",
    does: "the disk is full",
    post: { figures: { disk_percent: 97 } },
    undo: { figures: { disk_percent: null } },
  },
  {
    name: "busy",
    does: "the processor is busy",
    post: { figures: { cpu_percent: 95 } },
    undo: { figures: { cpu_percent: null } },
  },
  { name: "frozen-market", does: "prices stand still", post: { market: "frozen" }, undo: { market: "moving" } },
];

/** Carries out the body of a `POST /_demo`. */
export function playScene(body: unknown, stage: Stage): { told: object } | { wrong: string } {
  const parsed = Scene.safeParse(body);
  if (!parsed.success) return { wrong: z.prettifyError(parsed.error) };
  const scene = parsed.data;
  if ("positions" in scene) stage.setPositions(scene.positions);
  else if ("market" in scene) stage.freezeMarket(scene.market === "frozen");
  else if ("mode" in scene) stage.setMode(scene.mode);
  else if ("exchange" in scene) stage.setExchangeMode(scene.exchange);
  else if ("flattenLeaves" in scene) stage.leaveOpen(scene.flattenLeaves);
  else if ("result" in scene) stage.setResult(scene.result);
  else if ("missedBackups" in scene) stage.missBackups(scene.missedBackups);
  else if ("lagging" in scene) stage.setLagging(scene.lagging);
  else stage.pinFigures(scene.figures);
  return { told: scene };
}
