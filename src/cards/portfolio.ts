import type { Block, Card, Cell, Column, Tone } from "../domain/messages/card.ts";
import { notional, type PortfolioState } from "../domain/systems/portfolio.ts";
import type { Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { clock } from "../domain/text/moment.ts";
import { amount, inFull, money } from "../domain/text/quantities.ts";

/** A phone cuts what comes last: what is at stake stands before what it is made of. */
const columns: readonly Column[] = [
  { title: "Symbol" },
  { title: "Side" },
  { title: "Notional", align: "right" },
  { title: "P&L", align: "right" },
  { title: "Quantity", align: "right" },
  { title: "Price", align: "right" },
];

/** Open positions and the day's result. What could not be read is unknown, never flat. */
export function portfolioCard(
  system: Pick<System, "id" | "title">,
  reading: Reading<PortfolioState>,
  now: number,
): Card {
  if (!reading.ok)
    return {
      tone: "unknown",
      title: `The positions of ${system.title} are unknown`,
      summary: `${reading.detail}. Do not take this for flat: look at the exchange.`,
      blocks: [],
      actions: [{ label: "Again", command: "portfolio", args: { system: system.id } }],
    };
  const { positions, currency } = reading.value;
  return {
    tone: "neutral",
    title:
      positions.length === 0
        ? `${system.title} holds no position`
        : `${system.title}: ${positions.length} open, ${money(notional(positions), currency)}`,
    blocks: [...positionsBlock(reading.value), ...totalsBlock(reading.value)],
    footer: `Read at ${clock(reading.at, now)}.`,
  };
}

function positionsBlock({ positions, currency }: PortfolioState): Block[] {
  if (positions.length === 0) return [];
  const rows = positions.map((position) => [
    position.symbol,
    position.side,
    money(position.quantity * position.price, currency),
    pnlCell(position.pnl, currency),
    inFull(position.quantity),
    inFull(position.price),
  ]);
  return [{ kind: "table", columns, rows }];
}

function totalsBlock({ totals }: PortfolioState): Block[] {
  if (totals.length === 0) return [];
  return [
    {
      kind: "fields",
      fields: totals.map((total) => ({
        name: total.title,
        ...(total.value === undefined
          ? { value: "unknown", tone: "unknown" as const }
          : { value: amount(total.value, total.unit) }),
      })),
    },
  ];
}

function pnlCell(pnl: number | null | undefined, currency: string): Cell {
  if (pnl === undefined) return "";
  return pnl === null ? { text: "unknown", tone: "unknown" } : { text: money(pnl, currency), tone: pnlTone(pnl) };
}

function pnlTone(pnl: number): Tone {
  if (pnl === 0) return "neutral";
  return pnl < 0 ? "bad" : "good";
}
