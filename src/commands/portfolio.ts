import { z } from "zod";
import { defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Tone } from "../domain/messages/card.ts";
import { notional } from "../domain/systems/portfolio.ts";
import { amount, clock, money } from "../domain/text/quantities.ts";
import { system, systemNamed } from "./fields.ts";

export const portfolio = defineCommand({
  name: "portfolio",
  summary: "Open positions, their notional and the day's result",
  permission: "read",
  systemField: "system",
  examples: ["portfolio alphapulse"],
  input: z.object({ system }),
  async run(input, context) {
    const on = systemNamed(context, input.system);
    if (!on.portfolio) throw new UserError(`${on.title} holds no positions.`, "portfolio is for systems that trade.");
    const reading = await context.systems.portfolios.read(on);
    if (!reading.ok) {
      return {
        card: {
          tone: "unknown",
          title: `The positions of ${on.title} are unknown`,
          summary: `${reading.detail}. Do not take this for flat: look at the exchange.`,
          blocks: [],
          actions: [{ label: "Again", command: "portfolio", args: { system: on.id } }],
        },
      };
    }
    const { positions, totals, currency } = reading.value;
    const rows = positions.map((position) => [
      position.symbol,
      position.side,
      amount(position.quantity),
      amount(position.price),
      money(position.quantity * position.price, currency),
      position.pnl === undefined ? "" : { text: money(position.pnl, currency), tone: pnlTone(position.pnl) },
    ]);
    return {
      card: {
        tone: "neutral",
        title:
          positions.length === 0
            ? `${on.title} holds no position`
            : `${on.title}: ${positions.length} open, ${money(notional(positions), currency)}`,
        blocks: [
          ...(rows.length > 0
            ? [
                {
                  kind: "table" as const,
                  columns: [
                    { title: "Symbol" },
                    { title: "Side" },
                    right("Quantity"),
                    right("Price"),
                    right("Notional"),
                    right("P&L"),
                  ],
                  rows,
                },
              ]
            : []),
          ...(totals.length > 0
            ? [
                {
                  kind: "fields" as const,
                  fields: totals.map((total) => ({ name: total.title, value: amount(total.value, total.unit) })),
                },
              ]
            : []),
        ],
        footer: `Read at ${clock(reading.at, context.invocation.now)}.`,
      },
    };
  },
});

function right(title: string): { title: string; align: "right" } {
  return { title, align: "right" };
}

function pnlTone(pnl: number): Tone {
  if (pnl === 0) return "neutral";
  return pnl < 0 ? "bad" : "good";
}
