import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../src/domain/store.ts";
import { ana, erik, now, rowsOf, run, textOf } from "./fixtures.ts";

const asked = (person: string, system: string, index = 0): JournalEntry => ({
  kind: "invocation",
  command: "status",
  arguments: { system },
  person,
  account: `console:${person}`,
  place: "console:ops",
  outcome: "answered",
  ms: index,
});

describe("audit", () => {
  it("is newest first, of any kind", async () => {
    const journal: JournalEntry[] = [
      asked("ana", "trader"),
      {
        kind: "request.opened",
        person: "ana",
        system: "trader",
        operation: "flatten",
        code: "4F7A2C",
        state: "PENDING",
      },
    ];
    const { card, ...reply } = await run("audit", {}, { journal });
    expect(reply.private).toBe(true);
    expect(rowsOf(card).map((row) => row.slice(2))).toEqual([
      ["ana", "request.opened: flatten trader 4F7A2C", "PENDING", ""],
      ["ana", "status system:trader", "answered", "console:ops"],
    ]);
  });

  it("finds one person, and one system by any of its names", async () => {
    const journal = [asked("ana", "trader"), asked("dana", "guard"), asked("dana", "td")];
    expect(rowsOf((await run("audit", { person: "Dana" }, { journal })).card).map((row) => row[3])).toEqual([
      "status system:td",
      "status system:guard",
    ]);
    expect(rowsOf((await run("audit", { system: "trader" }, { journal })).card).map((row) => row[2])).toEqual([
      "dana",
      "ana",
    ]);
  });

  it("walks a long journal once, to its beginning, and says when there is more", async () => {
    const journal = Array.from({ length: 450 }, (_, index) => asked(index === 0 ? "dana" : "ana", "trader", index));
    expect(rowsOf((await run("audit", { person: "dana" }, { journal })).card)).toHaveLength(1);
    const { card } = await run("audit", { limit: 100 }, { journal });
    const links = rowsOf(card).map((row) => Number(row[0]));
    expect(links).toEqual(Array.from({ length: 100 }, (_, index) => 450 - index));
    expect(card.footer).toContain("There is more");
  });

  it("shows what concerns a system only to those who may audit it", async () => {
    const journal = [asked("ana", "trader"), asked("ana", "guard")];
    const { card } = await run("audit", {}, { person: erik, journal });
    expect(rowsOf(card).map((row) => row[3])).toEqual(["status system:guard"]);
  });

  it("leaves out what is older than was asked for", async () => {
    const { card } = await run(
      "audit",
      { since: "2026-11-21T12:00Z" },
      { person: ana, journal: [asked("ana", "trader")] },
    );
    expect(rowsOf(card)).toHaveLength(1);
    await expect(run("audit", { since: "yesterdayish" })).rejects.toThrow("since: does not understand");
    expect(textOf((await run("audit")).card)).toContain("Nothing on record there");
    expect(now).toBe(1_795_262_400_000);
  });
});
