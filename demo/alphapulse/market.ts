import { type Random, round, wander } from "../random.ts";

export const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "LTCUSDT"] as const;

/** Prices start here and are pulled back here: a demo that runs for weeks stays believable. */
const anchors: Readonly<Record<string, number>> = { BTCUSDT: 96_400, ETHUSDT: 3_310, SOLUSDT: 188, LTCUSDT: 92.5 };

/** A second moves a price by about this share; a day then moves it by some per cent. */
const volatility = 0.00016;

/** The exchange's prices: a random walk on a long leash. */
export class Market {
  isFrozen = false;
  readonly #random: Random;
  readonly #prices = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
    for (const symbol of symbols) this.#prices.set(symbol, anchorOf(symbol) * (1 + 0.01 * random.normal()));
  }

  /** One second of trading elsewhere. */
  tick(): void {
    if (this.isFrozen) return;
    for (const [symbol, price] of this.#prices) {
      const home = anchorOf(symbol);
      this.#prices.set(symbol, wander(price, { home, pull: 0.000_01, noise: price * volatility }, this.#random));
    }
  }

  price(symbol: string): number {
    return round(this.#prices.get(symbol) ?? anchorOf(symbol), 2);
  }

  setPrice(symbol: string, price: number): void {
    this.#prices.set(symbol, price);
  }
}

function anchorOf(symbol: string): number {
  return anchors[symbol] ?? 100;
}
