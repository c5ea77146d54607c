import { z } from "zod";
import type { BackendError } from "../../domain/failure.ts";
import { numberOf } from "../../domain/systems/exact.ts";
import type { PortfolioState, Position } from "../../domain/systems/portfolio.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

export const HttpPortfolio = z.strictObject({
  http: Endpoint,
  /** The JSON array of open positions. Absent or not an array is unknown, never flat. */
  positions: Pointer,
  fields: z.strictObject({
    symbol: z.string(),
    side: z.string(),
    quantity: z.string(),
    price: z.string(),
    entry: z.string().optional(),
    pnl: z.string().optional(),
  }),
  currency: z.string().default("USD"),
  totals: z.array(z.strictObject({ title: z.string(), path: Pointer, unit: z.string().default("") })).default([]),
});
type HttpPortfolio = z.output<typeof HttpPortfolio>;

const Row = z.record(z.string(), z.unknown());
const sides: ReadonlyMap<string, Position["side"]> = new Map([
  ["long", "long"],
  ["buy", "long"],
  ["short", "short"],
  ["sell", "short"],
]);

/**
 * The open positions. Whatever is not a well-formed array of them is no answer, never an empty portfolio. Throws
 * BackendError.
 */
export async function readPortfolio(rounds: Rounds, source: HttpPortfolio, look: Look): Promise<Taken<PortfolioState>> {
  const answer = await rounds.document(source.http, look);
  return { value: stateOf(answer.body, source), at: answer.at };
}

function stateOf(document: unknown, portfolio: HttpPortfolio): PortfolioState {
  const pointed = readPointer(document, portfolio.positions);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(portfolio, `${portfolio.positions} is ${describe(pointed)}, not a list of positions`);
  const rows: readonly unknown[] = pointed.value;
  const totals = portfolio.totals.map(({ title, path, unit }) => {
    const total = readPointer(document, path);
    return { title, value: total.present ? numberOf(total.value) : undefined, unit };
  });
  return {
    positions: rows.flatMap((row, at) => positionOf(row, at, portfolio) ?? []),
    totals,
    currency: portfolio.currency,
  };
}

/** Undefined for a row whose size is exactly zero: exchanges list what was closed, too. */
function positionOf(raw: unknown, at: number, portfolio: HttpPortfolio): Position | undefined {
  const { fields } = portfolio;
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(portfolio, `position ${at + 1} is ${describe({ present: true, value: raw })}`);
  const symbol = row[fields.symbol];
  const quantity = numberOf(row[fields.quantity]);
  const price = numberOf(row[fields.price]);
  if (typeof symbol !== "string" || symbol.trim() === "") throw lacks(portfolio, at, fields.symbol);
  if (quantity === undefined) throw lacks(portfolio, at, fields.quantity);
  if (quantity === 0) return undefined;
  if (price === undefined) throw lacks(portfolio, at, fields.price);
  const side = sideOf(fields.side, row[fields.side], quantity);
  if (side === undefined) throw lacks(portfolio, at, fields.side);
  const entry = fields.entry === undefined ? undefined : numberOf(row[fields.entry]);
  const told = fields.pnl === undefined ? undefined : row[fields.pnl];
  return {
    symbol,
    side,
    quantity: Math.abs(quantity),
    price,
    ...(entry !== undefined && { entry }),
    ...(told !== undefined && { pnl: numberOf(told) ?? null }),
  };
}

/**
 * The side as written; without one a quantity below zero says short by itself. Of an account that nets, `both` leaves it to
 * the sign, and a field such as `is_short` says it by true and false. A word nobody knows, and a side that the sign
 * contradicts, cannot be trusted.
 */
function sideOf(field: string, written: unknown, quantity: number): Position["side"] | undefined {
  const named = /(?:^|[^a-z])is_?(short|long)$/i.exec(field)?.[1]?.toLowerCase();
  if (typeof written === "boolean" && named !== undefined && quantity > 0)
    return (named === "short") === written ? "short" : "long";
  if (typeof written === "string" && /^(?:both|net)$/i.test(written.trim())) return quantity < 0 ? "short" : "long";
  if (written === undefined || written === null || written === "") return quantity < 0 ? "short" : undefined;
  const side = typeof written === "string" ? sides.get(written.trim().toLowerCase()) : undefined;
  return side === "long" && quantity < 0 ? undefined : side;
}

function lacks(portfolio: HttpPortfolio, at: number, field: string): BackendError {
  return odd(portfolio, `position ${at + 1} has no usable ${field}`);
}

function odd(portfolio: HttpPortfolio, detail: string): BackendError {
  return documentFault(portfolio.http, "nonsense", `: ${detail}`);
}
