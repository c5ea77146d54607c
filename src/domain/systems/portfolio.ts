import type { Reading } from "./reading.ts";
import type { System } from "./system.ts";

export interface Position {
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly quantity: number;
  readonly price: number;
  readonly entry?: number;
  /** Null where the system tells it, and not in a form that can be read: it is unknown, never zero. */
  readonly pnl?: number | null;
}

export interface PortfolioState {
  readonly positions: readonly Position[];
  /** A total without a value could not be read. */
  readonly totals: readonly { readonly title: string; readonly value: number | undefined; readonly unit: string }[];
  readonly currency: string;
}

export interface Portfolios {
  /** An absent or odd positions array is a failed reading, never an empty portfolio. */
  read(system: System): Promise<Reading<PortfolioState>>;
}

/** Sum of |quantity × price| in the portfolio's currency. */
export function notional(positions: readonly Position[]): number {
  return positions.reduce((sum, position) => sum + Math.abs(position.quantity * position.price), 0);
}
