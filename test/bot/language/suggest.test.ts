import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completionsFor, type Offer, type Offers } from "../../../src/bot/language/suggest.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { guard, trader } from "../../commands/fixtures.ts";

const systems = [trader, guard];
const read: Readonly<Record<string, readonly Offer[]>> = {
  systems: systems.map(({ id, title }) => ({ insert: id, detail: title })),
  people: [{ insert: "ana", detail: "Ana" }],
  requests: [{ insert: "4F7A2C", detail: "flatten trader" }],
  incidents: [{ insert: "12", detail: "P1 The exchange is silent" }],
  alerts: [{ insert: "1f0c9a2e", detail: "trader: Trading stopped" }],
};
const offers: Offers = {
  commands: [...commands, ...operationCommands(systems)],
  async values(suggest, system) {
    const named = systems.filter(({ id, aliases }) => system === undefined || [id, ...aliases].includes(system));
    const own: typeof read = {
      metrics: named.flatMap(({ metrics }) => metrics.map(({ id, title }) => ({ insert: id, detail: title }))),
      sources: named.flatMap(({ logs }) => logs.map(({ id }) => ({ insert: id, detail: "" }))),
      operations: named.flatMap(({ operations }) => Object.keys(operations).map((insert) => ({ insert, detail: "" }))),
    };
    return read[suggest] ?? own[suggest] ?? [];
  },
};

/** What the line reads when each offer is taken. */
async function taken(text: string): Promise<string[]> {
  return (await completionsFor(text, offers)).map(({ insert, from }) => text.slice(0, from) + insert);
}

describe("completion", () => {
  it.each([
    ["sta", ["status", "incident stats"]],
    [
      "con",
      [
        "confirm list",
        "confirm next",
        "confirm show",
        "confirm who",
        "confirm approve",
        "confirm deny",
        "confirm withdraw",
        "confirm cancel",
        "confirm abort",
        "confirm settle",
        "link confirm",
      ],
    ],
    ["confirm ap", ["confirm approve"]],
    [
      "confirm approve ",
      [
        "confirm approve 4F7A2C",
        "confirm approve digest:",
        "confirm approve reason:",
        "confirm approve seen:",
        "confirm approve name:",
      ],
    ],
    ["status ", ["status trader", "status guard", "status watch:"]],
    ["status T", ["status trader"]],
    [
      "metrics trader ",
      ["metrics trader pnl", "metrics trader lag", "metrics trader query:", "metrics trader backend:"],
    ],
    ["metrics td p", ["metrics td pnl"]],
    ["metrics guard ", ["metrics guard query:", "metrics guard backend:"]],
    ["logs trader tr", ["logs trader trades"]],
    ["logs trader sin", ["logs trader since:"]],
    ["logs trader --lev", ["logs trader --level"]],
    ["logs trader level:e", ["logs trader level:error", "logs trader level:debug"].slice(0, 1)],
    ["logs trader level: e", ["logs trader level: error"]],
    ["logs trader --since 1", ["logs trader --since 15m", "logs trader --since 1h"]],
    ["run trader f", ["run trader flatten"]],
    ["help stat", ["help status", "help incident stats"]],
  ])("%j offers %j", async (text, lines) => {
    expect(await taken(text)).toEqual(lines);
  });

  it("offers a repeated field again, and others once", async () => {
    const lines = await taken("logs trader where:a=b since:1h ");
    expect(lines).toContain("logs trader where:a=b since:1h where:");
    expect(lines).not.toContain("logs trader where:a=b since:1h since:");
  });

  it("offers nothing that the person may not see", async () => {
    const less = await completionsFor("status ", { ...offers, values: async () => read["systems"]?.slice(1) ?? [] });
    expect(less.map(({ insert }) => insert)).toEqual(["guard", "watch:"]);
    expect(await completionsFor("fl", { ...offers, commands })).toEqual([]);
  });

  it("asks for the values of the field at the caret, and for nothing else", async () => {
    const asked: unknown[] = [];
    const values: Offers["values"] = async (...what) => {
      asked.push(what);
      return [];
    };
    for (const text of [
      "sta",
      "status ",
      "logs trader sin",
      "metrics trader p",
      "confirm approve 4F",
      "logs trader level:",
    ])
      await completionsFor(text, { ...offers, values });
    expect(asked).toEqual([
      ["systems", undefined],
      ["sources", "trader"],
      ["metrics", "trader"],
      ["requests", undefined],
    ]);
  });

  it("never throws and never reaches beyond the text", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("logs ", "trader ", "--", "since:", '"', "“", " ", "confirm ", "where:"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const text = pieces.join("");
        for (const { from } of await completionsFor(text, offers)) expect(from).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
