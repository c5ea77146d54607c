import { describe, expect, it } from "vitest";
import { parse } from "../../src/bot/language/parse.ts";
import { commands } from "../../src/commands/index.ts";
import type { Evaluated, EvaluatedSeries } from "../../src/domain/systems/metrics.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import { failure, fay, now, rowsOf, run, textOf } from "./fixtures.ts";

const query = 'sum by (job) (rate(errors_total{code=~"5.."}[5m]))';

function gave(series: readonly EvaluatedSeries[], more: Partial<Evaluated> = {}): Reading<Evaluated> {
  return { ok: true, value: { series, found: series.length, doubts: [], ...more }, at: now, latencyMs: 4 };
}

const one = (value: string): EvaluatedSeries => ({ name: '{job="api"}', value, samples: [] });
const minutes = [3, 2, 1].map((ago) => ({ at: now - ago * 60_000, value: ago }));

describe("metrics query:", () => {
  it("is for those who hold the right, on that system alone", async () => {
    await expect(run("metrics", { system: "trader", query })).rejects.toThrow("Ana may not query on trader.");
    const elsewhere = {
      ...fay,
      grants: [
        { role: "analyst", systems: ["guard"] },
        { role: "viewer", systems: ["trader"] },
      ],
    };
    await expect(run("metrics", { system: "trader", query }, { person: elsewhere })).rejects.toThrow(
      "Fay may not query on trader.",
    );
  });

  it("answers with each series, its value with every digit, and what was asked", async () => {
    const evaluated = gave([
      one("0.30000000000000004"),
      { name: '{job="db"}', value: "12345678901234567890", samples: [] },
    ]);
    const { card, files, asked } = await run("metrics", { system: "trader", query }, { person: fay, evaluated });
    expect(asked).toEqual([{ backend: "prom", text: query }]);
    expect(card).toMatchObject({ tone: "neutral", title: "Trader: 2 series" });
    expect(rowsOf(card)).toEqual([
      ['{job="api"}', "0.30000000000000004"],
      ['{job="db"}', "12345678901234567890"],
    ]);
    expect(card.blocks[0]).toEqual({ kind: "code", text: query });
    expect(card.actions?.[0]).toMatchObject({ command: "metrics", args: { query, backend: "prom", range: "1h" } });
    expect(files ?? []).toEqual([]);
  });

  it.each([{ range: "2h" }, { metric: "2h" }])("draws its course over the range asked for: %j", async (typed) => {
    const evaluated = gave([{ ...one("1"), samples: minutes }]);
    const { card, files, asked } = await run(
      "metrics",
      { system: "trader", query, ...typed },
      { person: fay, evaluated },
    );
    expect(asked).toMatchObject([
      { backend: "prom", text: query, from: now - 7_200_000 },
      { from: now - 7_200_000, to: now, series: [{ name: '{job="api"}', samples: minutes }] },
    ]);
    expect(files?.map(({ mediaType }) => mediaType)).toEqual(["image/png"]);
    expect(card.blocks.at(-1)).toMatchObject({ kind: "image" });
  });

  it("says plainly what is no number, what is not there, and what is only a part", async () => {
    const ask = async (evaluated: Reading<Evaluated>) =>
      (await run("metrics", { system: "trader", query }, { person: fay, evaluated })).card;
    const nan = await ask(gave([one("NaN")]));
    expect(nan.title).toBe("Trader: NaN");
    expect(textOf(nan)).toContain("NaN is no number: most often nothing was divided by nothing. It is not zero.");
    expect(textOf(await ask(gave([one("+Inf")])))).toContain("something was divided by zero");
    const none = await ask(gave([]));
    expect(none).toMatchObject({ tone: "unknown", title: "Trader: no series" });
    expect(textOf(none)).toContain("That is not zero.");
    const some = await ask(gave([one("1")], { found: 334 }));
    expect(some.title).toBe("Trader: 1 of 334 series");
    expect(textOf(some)).toContain("Only 1 of 334 series are shown, in no order");
    expect(await ask(gave([one("1")], { doubts: ["store 7 is gone"] }))).toMatchObject({
      tone: "unknown",
      summary: "This may not be the whole: prom says store 7 is gone",
    });
    expect(textOf(await ask(gave([{ name: "h", value: undefined, samples: [] }])))).toContain("histogram_quantile");
  });

  it("shows where the server says that the query is wrong", async () => {
    const wrong = "sum(lag) without";
    const evaluated: Reading<Evaluated> = {
      ...failure(),
      fault: "refused",
      detail:
        'p:1: GET /api/v1/query answered 400 Bad Request: invalid parameter "query": 1:10: parse error: unexpected <without>',
    };
    const { card } = await run("metrics", { system: "trader", query: wrong }, { person: fay, evaluated });
    expect(card).toMatchObject({
      tone: "warning",
      title: "Trader: prom does not take this query",
      summary: evaluated.detail,
    });
    expect(card.blocks).toEqual([{ kind: "code", text: "sum(lag) without\n         ^" }]);
  });

  it("says why there is no answer, and claims nothing", async () => {
    const { card, files } = await run(
      "metrics",
      { system: "trader", query, range: "1h" },
      { person: fay, evaluated: failure() },
    );
    expect(card).toMatchObject({
      tone: "unknown",
      title: "Trader: the query has no answer",
      summary: "127.0.0.1:1 refused the connection",
      footer: "Nothing is known of what was asked.",
    });
    expect(files ?? []).toEqual([]);
  });

  it("asks the backend that is named where there are several, and guesses none", async () => {
    const ask = (more: object, askable: readonly string[]) =>
      run("metrics", { system: "trader", query, ...more }, { person: fay, askable });
    await expect(ask({}, ["prom", "long"])).rejects.toThrow("Trader has several: prom, long.");
    expect((await ask({ backend: "long" }, ["prom", "long"])).asked).toEqual([{ backend: "long", text: query }]);
    await expect(ask({ backend: "pron" }, ["prom"])).rejects.toThrow("Trader has no backend pron");
    await expect(ask({}, [])).rejects.toThrow("Trader has no backend that queries can be asked of.");
  });

  it("goes back a month at most", async () => {
    await expect(run("metrics", { system: "trader", query, range: "32d" }, { person: fay })).rejects.toThrow(
      "A query goes back 31 d at most.",
    );
  });

  it.each([
    `metrics trader query:"${query}" 6h`,
    `metrics trader query:${query} range:6h`,
    `metrics trader 6h query:${query}`,
  ])("is typed as %s", (typed) => {
    const parsed = parse(typed, commands);
    expect(parsed).toMatchObject({ kind: "ready", input: { system: "trader", query } });
  });
});
