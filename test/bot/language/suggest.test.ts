import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completionsFor, type Offers } from "../../../src/bot/language/suggest.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { guard, trader } from "../../commands/fixtures.ts";

const systems = [trader, guard];
const offers: Offers = {
  commands: [...commands, ...operationCommands(systems)],
  systems,
  people: [{ insert: "ana", detail: "Ana" }],
  accounts: [],
  requests: [{ insert: "4F7A2C", detail: "flatten trader" }],
  incidents: [{ insert: "12", detail: "P1 The exchange is silent" }],
  alerts: [{ insert: "1f0c9a2e", detail: "trader: Trading stopped" }],
  listed: [],
};

/** What the line reads when each offer is taken. */
function taken(text: string): string[] {
  return completionsFor(text, offers).map(({ insert, from }) => text.slice(0, from) + insert);
}

describe("completion", () => {
  it.each([
    ["sta", ["status"]],
    [
      "con",
      [
        "confirm list",
        "confirm show",
        "confirm who",
        "confirm approve",
        "confirm deny",
        "confirm withdraw",
        "confirm cancel",
        "link confirm",
      ],
    ],
    ["confirm ap", ["confirm approve"]],
    ["confirm approve ", ["confirm approve 4F7A2C", "confirm approve digest:", "confirm approve reason:"]],
    ["status ", ["status trader", "status guard"]],
    ["status T", ["status trader"]],
    ["metrics trader ", ["metrics trader pnl", "metrics trader lag"]],
    ["metrics td p", ["metrics td pnl"]],
    ["metrics guard ", ["metrics guard range:"].slice(1)],
    ["logs trader tr", ["logs trader trades"]],
    ["logs trader sin", ["logs trader since:"]],
    ["logs trader --lev", ["logs trader --level"]],
    ["logs trader level:e", ["logs trader level:error", "logs trader level:debug"].slice(0, 1)],
    ["logs trader level: e", ["logs trader level: error"]],
    ["logs trader --since 1", ["logs trader --since 15m", "logs trader --since 1h"]],
    ["run trader f", ["run trader flatten"]],
    ["help stat", ["help status"]],
  ])("%j offers %j", (text, lines) => {
    expect(taken(text)).toEqual(lines);
  });

  it("offers a repeated field again, and others once", () => {
    const lines = taken("logs trader where:a=b since:1h ");
    expect(lines).toContain("logs trader where:a=b since:1h where:");
    expect(lines).not.toContain("logs trader where:a=b since:1h since:");
  });

  it("offers nothing that the person may not see", () => {
    const less = completionsFor("status ", { ...offers, systems: [guard] });
    expect(less.map(({ insert }) => insert)).toEqual(["guard"]);
    expect(completionsFor("fl", { ...offers, commands })).toEqual([]);
  });

  it("never throws and never reaches beyond the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("logs ", "trader ", "--", "since:", '"', "“", " ", "confirm ", "where:"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        for (const { from } of completionsFor(text, offers)) expect(from).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
