import { describe, expect, it } from "vitest";
import { dana, inOneStore, rowsOf, textOf } from "./fixtures.ts";

const declared = { title: "The exchange is silent", severity: "P1", system: "td" } as const;

describe("the story of an incident", () => {
  it("is told to a newcomer alone, from what is on record", () =>
    inOneStore(async (ask) => {
      await ask("incident declare", declared);
      await ask("incident update", { known: "no orders go out", checking: "the release of noon", next: "30m" });
      await ask("incident task", { text: "roll back", due: "2h" });
      const told = await ask("incident catchup");
      expect(told.private).toBe(true);
      const text = textOf(told.card);
      for (const line of [
        "P1, detected",
        "no orders go out",
        "the release of noon",
        "1.1 roll back (Ana)",
        "declares P1",
      ])
        expect(text).toContain(line);
      await expect(ask("incident catchup", { incident: 1 }, { person: dana })).rejects.toThrow("no incident 1");
    }));

  it("is written up as Markdown and JSON, with what is confirmed apart from what is supposed, and inert", () =>
    inOneStore(async (ask) => {
      await ask("incident declare", declared);
      await ask("incident update", { known: "no orders go out", since: "14:05", checking: "the release of noon" });
      await ask("incident learned", { how: "luck", what: "the market was <b>closed</b> | nobody traded" });
      await ask("incident task", { text: "alert on the age of the feed", due: "7d" });
      const draft = await ask("incident postmortem");
      expect(textOf(draft.card)).toContain("It is not over");
      await ask("incident resolve", { cause: "unknown", impact: "no orders for 12 min" });
      await ask("incident learned", { incident: 1, how: "badly", what: "nobody was called" });
      const { card, files = [] } = await ask("incident postmortem", { incident: 1 });
      expect(textOf(card)).toContain("The cause is not known.");
      expect(files.map(({ name }) => name)).toEqual(["incident-1.md", "incident-1.json"]);
      const [markdown = "", json = ""] = files.map(({ bytes }) => new TextDecoder().decode(bytes));
      expect(markdown).toContain("- no orders go out (since 14:05)");
      expect(markdown).toContain("the market was \\<b\\>closed\\</b\\> \\| nobody traded");
      expect(markdown).toContain("- nobody was called");
      expect(markdown).toMatch(/1\.1 alert on the age of the feed: Ana, due 2026-11-28T12:00/);
      expect(JSON.parse(json)).toMatchObject({
        confirmed: ["Impact: no orders for 12 min.", "no orders go out (since 14:05)"],
        supposed: ["The cause is not known.", "Being checked at the last update: the release of noon"],
        figures: { detectMs: 0, resolveMs: 0, alerts: 0, requests: 0 },
      });
    }));

  it("is counted over a time, and of what is resolved the list tells where it is asked for", () =>
    inOneStore(async (ask) => {
      await ask("incident declare", declared);
      await ask("incident resolve", { cause: "so", impact: "none" });
      await ask("incident declare", { title: "Another", severity: "P3" });
      const { card } = await ask("incident stats", {});
      expect(card).toMatchObject({ title: "2 incidents since 30d", summary: "P1: 1, P3: 1. 1 open." });
      expect(rowsOf(card)[1]?.slice(0, 2)).toEqual(["To acknowledge", "none"]);
      expect(textOf((await ask("incident list")).card)).not.toContain("The exchange is silent");
      expect(textOf((await ask("incident list", { since: "1d" })).card)).toContain(
        "The exchange is silent (trader), resolved",
      );
      expect((await ask("incident stats", {}, { person: dana })).card.title).toBe("1 incident since 30d");
    }));
});
