import { z } from "zod";
import { riskierPositions } from "./drift.ts";
import type { SealedReading } from "./plan.ts";

const Positions = z.object({
  currency: z.string(),
  positions: z.array(
    z.object({
      symbol: z.string(),
      side: z.enum(["long", "short"]),
      quantity: z.number(),
      price: z.number(),
      entry: z.number().exactOptional(),
      pnl: z.number().exactOptional(),
    }),
  ),
});
export type SealedPositions = z.output<typeof Positions>;

/** How much a quantity may have grown: 0.05 is 5 %. */
const PositionsTerms = z.object({ growth: z.number() });

/** The positions that a plan rests on; undefined when it rests on none. */
export function sealedPositions(readings: readonly SealedReading[]): SealedPositions | undefined {
  const reading = readings.find(({ kind }) => kind === "positions");
  return reading && Positions.parse(reading.value);
}

/**
 * In what a reading is riskier now than the one that was approved, one line each; none when it is as safe or safer.
 * A kind that cannot be compared counts as riskier.
 */
export function riskierNow(approved: SealedReading, live: SealedReading): readonly string[] {
  if (approved.kind !== live.kind || approved.kind !== "positions") return [`${approved.kind} cannot be compared`];
  const { growth } = PositionsTerms.parse(approved.terms);
  return riskierPositions(Positions.parse(approved.value).positions, Positions.parse(live.value).positions, growth);
}
