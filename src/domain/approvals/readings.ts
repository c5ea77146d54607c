import { z } from "zod";
import { isSameData } from "../same-data.ts";
import { changeWords } from "../systems/change-words.ts";
import { dataWords } from "../systems/data-words.ts";
import { notional } from "../systems/portfolio.ts";
import { money } from "../text/quantities.ts";
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

type Compared = Pick<SealedReading, "name" | "value" | "terms">;

/** Whether what was read as data has to be as it was. */
const ValueTerms = z.object({ unchanged: z.boolean() });

/** A kind of thing that a plan may rest on. */
interface ReadingKind {
  /** What is read, in a sentence. */
  readonly title: string;
  /** In what it is riskier now than when it was approved, one line each; none when it is as safe or safer. */
  riskier(approved: Compared, live: Compared): readonly string[];
  /** What it comes to, for a glance at what is at stake. */
  sum(reading: Compared): { readonly name: string; readonly value: string };
}

const kinds: ReadonlyMap<string, ReadingKind> = new Map([
  [
    "positions",
    {
      title: "open positions",
      riskier(approved, live) {
        const { growth } = PositionsTerms.parse(approved.terms);
        const [before, now] = [Positions.parse(approved.value), Positions.parse(live.value)];
        return riskierPositions(before.positions, now.positions, growth);
      },
      sum({ value }) {
        const { positions, currency } = Positions.parse(value);
        return { name: "Notional", value: money(notional(positions), currency) };
      },
    },
  ],
  [
    "value",
    {
      title: "state",
      riskier(approved, live) {
        if (!ValueTerms.parse(approved.terms).unchanged || isSameData(approved.value, live.value)) return [];
        return [`${readingName(approved.name)} changed: ${changeWords(approved.value, live.value)}`];
      },
      sum: ({ name = "state", value }) => ({
        name: sumName(name),
        value: typeof value === "boolean" ? (value ? "yes" : "no") : dataWords(value),
      }),
    },
  ],
]);

/** As a card names it: what is about to be changed is what was before. */
function sumName(name: string): string {
  const words = name.replaceAll("_", " ");
  return name === "now" ? "Before" : `${words.charAt(0).toUpperCase()}${words.slice(1)}, when asked`;
}

/** What was read as data, in a sentence; `now` is how files call what is about to be changed. */
function readingName(name = "now"): string {
  return name === "now" ? "what it changes has" : `${name.replaceAll("_", " ")} has`;
}

/** What a reading of this kind is called in a sentence. */
export function readingTitle(kind: string): string {
  return kinds.get(kind)?.title ?? kind;
}

/** What the readings come to, one figure each, for a glance at what is at stake. */
export function readingSums(readings: readonly SealedReading[]): { name: string; value: string }[] {
  return readings.flatMap((reading) => kinds.get(reading.kind)?.sum(reading) ?? []);
}

/** The positions that a reading holds; undefined when it is of another kind. */
export function positionsOf({ kind, value }: SealedReading): SealedPositions | undefined {
  return kind === "positions" ? Positions.parse(value) : undefined;
}

/**
 * In what live readings are riskier than the approved ones, one line each. A reading that is missing, or of a kind that
 * cannot be compared, counts as riskier.
 */
export function riskierNow(approved: readonly SealedReading[], live: readonly SealedReading[]): readonly string[] {
  return approved.flatMap((reading) => {
    const now = live.find(({ kind, name }) => kind === reading.kind && name === reading.name);
    const kind = kinds.get(reading.kind);
    return now && kind ? kind.riskier(reading, now) : [`${reading.kind} cannot be compared`];
  });
}
