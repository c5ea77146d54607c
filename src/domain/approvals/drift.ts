import type { Position } from "../systems/portfolio.ts";
import { inFull } from "../text/quantities.ts";

/**
 * In what the live positions are riskier than the approved ones, one line each: that must be asked again. The rule is
 * asymmetric: positions that shrank, closed or were repriced run; a new symbol, a side flip, or growth of the quantity
 * beyond `growth` (0.05 is 5 %) asks again.
 */
export function riskierPositions(
  approved: readonly Position[],
  live: readonly Position[],
  growth: number,
): readonly string[] {
  const riskier: string[] = [];
  const before = netted(approved);
  const after = netted(live);
  for (const [key, now] of after) {
    const then = before.get(key);
    const opposite = before.get(keyOf({ ...now, side: now.side === "long" ? "short" : "long" }));
    if (!then && opposite && !after.has(keyOf(opposite)))
      riskier.push(
        `${now.symbol}: was ${opposite.side} ${inFull(opposite.quantity)}, now ${now.side} ${inFull(now.quantity)}`,
      );
    else if (!then) riskier.push(`${now.symbol}: new, ${now.side} ${inFull(now.quantity)}`);
    else if (now.quantity > then.quantity * (1 + growth))
      riskier.push(
        `${now.symbol}: grew from ${inFull(then.quantity)} to ${inFull(now.quantity)}, more than ${percent(growth)} allows`,
      );
  }
  return riskier.length <= mostTold
    ? riskier
    : [...riskier.slice(0, mostTold), `${riskier.length - mostTold} positions more, each riskier too`];
}

/** As many differences as somebody reads who has to ask again. */
const mostTold = 10;

/** One entry a symbol and side: several add up, and a negative quantity is the other side. Both sides of a hedge stand. */
function netted(positions: readonly Position[]): Map<string, Position> {
  const sums = new Map<string, Position>();
  for (const position of positions) {
    const flipped = position.quantity < 0;
    const side = flipped ? (position.side === "long" ? "short" : "long") : position.side;
    const own = { ...position, side, quantity: Math.abs(position.quantity) } as const;
    const known = sums.get(keyOf(own));
    sums.set(keyOf(own), known ? { ...own, quantity: known.quantity + own.quantity } : own);
  }
  return sums;
}

function keyOf({ symbol, side }: Pick<Position, "symbol" | "side">): string {
  return `${side} ${symbol}`;
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
}
