import { describe, expect, it } from "vitest";
import type { PortfolioState } from "../../src/domain/systems/portfolio.ts";
import { createPortfolios } from "../../src/integrations/portfolios.ts";
import { json, openBackend, openBackends } from "./backend.ts";
import { systemWith } from "./systems.ts";

const fields = { symbol: "symbol", side: "side", quantity: "qty", price: "mark", entry: "entry", pnl: "pnl" };

async function read(body: unknown): Promise<PortfolioState | string> {
  const backend = await openBackend(json(body));
  const totals = [
    { title: "Value", path: "/portfolio/value", unit: "USD" },
    { title: "Drawdown", path: "/portfolio/drawdown" },
  ];
  const portfolio = { http: `${backend.url}/metrics`, positions: "/portfolio/positions", fields, totals };
  const reading = await createPortfolios(openBackends()).read(systemWith({ portfolio }));
  return reading.ok ? reading.value : reading.detail.replace(backend.host, "host");
}

function position(more: object = {}): object {
  return { symbol: "BTC", side: "long", qty: 0.5, mark: 60_000, ...more };
}

describe("a portfolio", () => {
  it("is read with what belongs to it", async () => {
    const positions = [position({ entry: 59_000, pnl: 500 }), position({ symbol: "ETH", side: "SELL", qty: 2 })];
    expect(await read({ portfolio: { positions, value: 1_000, drawdown: 0 } })).toEqual({
      currency: "USD",
      positions: [
        { symbol: "BTC", side: "long", quantity: 0.5, price: 60_000, entry: 59_000, pnl: 500 },
        { symbol: "ETH", side: "short", quantity: 2, price: 60_000 },
      ],
      totals: [
        { title: "Value", value: 1_000, unit: "USD" },
        { title: "Drawdown", value: 0, unit: "" },
      ],
    });
  });

  it("that is flat is flat, and a total that is not a number is unknown, never zero", async () => {
    expect(await read({ portfolio: { positions: [], value: null, drawdown: "0.1" } })).toEqual({
      currency: "USD",
      positions: [],
      totals: [
        { title: "Value", value: undefined, unit: "USD" },
        { title: "Drawdown", value: 0.1, unit: "" },
      ],
    });
  });

  it("in decimals as text, with what was closed and a result that is not there, is read as what it is", async () => {
    const positions = [
      position({ qty: "-3.5", mark: "11.25", entry: "11.5", side: "SHORT", pnl: "-3.1" }),
      position({ symbol: "ETH", qty: 0, side: null }),
      position({ symbol: "SOL", pnl: null }),
    ];
    expect(await read({ portfolio: { positions, value: "123.4" } })).toMatchObject({
      positions: [
        { symbol: "BTC", side: "short", quantity: 3.5, price: 11.25, entry: 11.5, pnl: -3.1 },
        { symbol: "SOL", pnl: null },
      ],
      totals: [{ value: 123.4 }, { value: undefined }],
    });
  });

  it("takes text that is wholly a number for that number, as exchanges write amounts", async () => {
    const whole = await read({ portfolio: { positions: [position({ qty: "0.5", mark: "61000" })], value: "2048.5" } });
    expect(whole).toMatchObject({
      positions: [{ quantity: 0.5, price: 61_000 }],
      totals: [{ value: 2_048.5 }, { value: undefined }],
    });
  });

  it.each([
    { what: "nothing", portfolio: {} },
    { what: "null", portfolio: { positions: null } },
    { what: '"none"', portfolio: { positions: "none" } },
    { what: "an empty object", portfolio: { positions: {} } },
    { what: "0", portfolio: { positions: 0 } },
  ])("whose positions are $what is unknown, never flat", async ({ what, portfolio }) => {
    expect(await read({ portfolio })).toBe(
      `host: GET /metrics: /portfolio/positions is ${what}, not a list of positions`,
    );
  });

  it.each([
    { side: "Long", qty: 1, is: ["long", 1] },
    { side: " buy ", qty: 1, is: ["long", 1] },
    { side: "short", qty: 1, is: ["short", 1] },
    { side: "SHORT", qty: -1, is: ["short", 1] },
    { side: undefined, qty: -1, is: ["short", 1] },
    { side: "", qty: -1, is: ["short", 1] },
    { side: "BOTH", qty: -3.5, is: ["short", 3.5] },
    { side: "net", qty: 2, is: ["long", 2] },
  ])("reads the side $side of $qty", async ({ side, qty, is }) => {
    const state = await read({ portfolio: { positions: [position({ side, qty })] } });
    expect(typeof state === "string" ? state : state.positions.map((each) => [each.side, each.quantity])).toEqual([is]);
  });

  it.each([
    { what: "a side without a word for it", odd: { side: "up" } },
    { what: "a side that only every object has", odd: { side: "constructor" } },
    { what: "a side that is a number", odd: { side: 1 } },
    { what: "no side and a quantity that could be either", odd: { side: undefined } },
    { what: "a side that its sign contradicts", odd: { side: "long", qty: -1 } },
    { what: "an odd word and a sign", odd: { side: "flat?", qty: -1 } },
    { what: "a quantity as words", odd: { qty: "0.5 BTC" } },
    { what: "no quantity", odd: { qty: null } },
    { what: "no price", odd: { mark: undefined } },
    { what: "an endless price", odd: { mark: "Infinity" } },
    { what: "no symbol", odd: { symbol: "" } },
    { what: "a symbol that is a number", odd: { symbol: 7 } },
  ])("with a position that has $what is unknown as a whole", async ({ odd }) => {
    expect(await read({ portfolio: { positions: [position(), position(odd)] } })).toMatch(
      /position 2 has no usable \w+$/,
    );
  });

  it.each([null, "BTC", 7, ["BTC"]])("with %j for a position is unknown", async (odd) => {
    expect(await read({ portfolio: { positions: [odd] } })).toMatch(/position 1 (is|has)/);
  });

  it("whose side is told by true and false is read as the field is named", async () => {
    const backend = await openBackend(
      json([
        { pair: "ABC", is_short: false, size: 12.5, rate: 1.5 },
        { pair: "XYZ", is_short: true, size: 1, rate: 2 },
      ]),
    );
    const portfolio = {
      http: backend.url,
      positions: "",
      fields: { symbol: "pair", side: "is_short", quantity: "size", price: "rate" },
    };
    expect(await createPortfolios(openBackends()).read(systemWith({ portfolio }))).toMatchObject({
      value: {
        positions: [
          { symbol: "ABC", side: "long" },
          { symbol: "XYZ", side: "short" },
        ],
      },
    });
  });

  it("that is not configured is told as such", async () => {
    expect(await createPortfolios(openBackends()).read(systemWith({}))).toMatchObject({ ok: false, fault: "missing" });
  });
});
