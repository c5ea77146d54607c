import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { PortfolioState, Portfolios, Position } from "../../domain/systems/portfolio.ts";
import type { Portfolio } from "../../domain/systems/system.ts";
import { addressOf } from "../wire/address.ts";
import type { Http } from "../wire/http.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";
import { missing, take } from "../wire/reading.ts";

const deadlineMs = 3_000;
const Amount = z.number();
const Row = z.record(z.string(), z.unknown());
const sides: ReadonlyMap<string, Position["side"]> = new Map([
  ["long", "long"],
  ["buy", "long"],
  ["short", "short"],
  ["sell", "short"],
]);

/** Reads the open positions. Whatever is not a well-formed array of them is a failed reading, never an empty portfolio. */
export function createPortfolios(http: Http): Portfolios {
  return {
    read(system) {
      const { portfolio } = system;
      if (!portfolio) return Promise.resolve(missing(`${system.title} has no portfolio configured`));
      return take(async () => {
        const answer = await http.json({ backend: system.id, url: portfolio.http, deadlineMs });
        return { value: stateOf(answer.body, portfolio), at: answer.at };
      });
    },
  };
}

function stateOf(document: unknown, portfolio: Portfolio): PortfolioState {
  const pointed = readPointer(document, portfolio.positions);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(portfolio, `${portfolio.positions} is ${describe(pointed)}, not a list of positions`);
  const rows: readonly unknown[] = pointed.value;
  const totals = portfolio.totals.flatMap(({ title, path, unit }) => {
    const total = readPointer(document, path);
    return total.present && typeof total.value === "number" && Number.isFinite(total.value)
      ? [{ title, value: total.value, unit }]
      : [];
  });
  return { positions: rows.map((row, at) => positionOf(row, at, portfolio)), totals, currency: portfolio.currency };
}

function positionOf(raw: unknown, at: number, portfolio: Portfolio): Position {
  const { fields } = portfolio;
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(portfolio, `position ${at + 1} is ${describe({ present: true, value: raw })}`);
  const symbol = row[fields.symbol];
  const quantity = Amount.safeParse(row[fields.quantity]).data;
  const price = Amount.safeParse(row[fields.price]).data;
  if (typeof symbol !== "string" || symbol.trim() === "") throw lacks(portfolio, at, fields.symbol);
  if (quantity === undefined) throw lacks(portfolio, at, fields.quantity);
  if (price === undefined) throw lacks(portfolio, at, fields.price);
  const side = sideOf(row[fields.side], quantity);
  if (side === undefined) throw lacks(portfolio, at, fields.side);
  const entry = fields.entry === undefined ? undefined : Amount.safeParse(row[fields.entry]).data;
  const pnl = fields.pnl === undefined ? undefined : Amount.safeParse(row[fields.pnl]).data;
  return {
    symbol,
    side,
    quantity: Math.abs(quantity),
    price,
    ...(entry !== undefined && { entry }),
    ...(pnl !== undefined && { pnl }),
  };
}

/**
 * The side as written; without one a quantity below zero says short by itself. A word nobody knows, and a side that the
 * sign contradicts, cannot be trusted.
 */
function sideOf(written: unknown, quantity: number): Position["side"] | undefined {
  if (written === undefined || written === null || written === "") return quantity < 0 ? "short" : undefined;
  const side = typeof written === "string" ? sides.get(written.trim().toLowerCase()) : undefined;
  return side === "long" && quantity < 0 ? undefined : side;
}

function lacks(portfolio: Portfolio, at: number, field: string): BackendError {
  return odd(portfolio, `position ${at + 1} has no usable ${field}`);
}

function odd(portfolio: Portfolio, detail: string): BackendError {
  const { host, path } = addressOf(portfolio.http);
  return new BackendError(host, { fault: "nonsense", detail: `GET ${path}: ${detail}` });
}
