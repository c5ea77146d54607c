import type { Position } from "./ports.ts";

/** How the live positions compare with those that were approved. */
export interface Drift {
  /** Riskier than what was approved: it must be asked again. One line each. */
  readonly riskier: readonly string[];
  /** Safer or merely repriced: it runs. One line each. */
  readonly safer: readonly string[];
}

/**
 * The asymmetric rule: positions that shrank, closed or were repriced run; a new symbol, a side flip, or growth of the
 * quantity beyond `growth` (0.05 is 5 %) asks again.
 */
export function compareDrift(approved: readonly Position[], live: readonly Position[], growth: number): Drift {
  const riskier: string[] = [];
  const safer: string[] = [];
  const before = new Map(approved.map((position) => [position.symbol, position]));
  for (const now of live) {
    const then = before.get(now.symbol);
    before.delete(now.symbol);
    if (!then) riskier.push(`${now.symbol}: new, ${now.side} ${now.quantity}`);
    else if (then.side !== now.side)
      riskier.push(`${now.symbol}: was ${then.side} ${then.quantity}, now ${now.side} ${now.quantity}`);
    else if (now.quantity > then.quantity * (1 + growth))
      riskier.push(`${now.symbol}: grew from ${then.quantity} to ${now.quantity}, more than ${percent(growth)} allows`);
    else if (now.quantity !== then.quantity) safer.push(`${now.symbol}: ${then.quantity} to ${now.quantity}`);
    else if (now.price !== then.price) safer.push(`${now.symbol}: repriced ${then.price} to ${now.price}`);
  }
  for (const gone of before.values()) safer.push(`${gone.symbol}: closed`);
  return { riskier, safer };
}

/** Sum of |quantity × price| in the portfolio's currency. */
export function notional(positions: readonly Position[]): number {
  return positions.reduce((sum, position) => sum + Math.abs(position.quantity * position.price), 0);
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
}
