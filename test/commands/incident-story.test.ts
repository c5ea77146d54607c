import { describe, expect, it } from "vitest";
import { withReport } from "../../src/domain/alerts/episode.ts";
import { ownSender } from "../../src/domain/alerts/own-watch.ts";
import { putEpisode } from "../../src/records/episode.ts";
import { dana, inOneStore, now, rowsOf, textOf } from "./fixtures.ts";

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

  it("shows what its alerts rest on over its time, with exact figures and a picture beside the files", () =>
    inOneStore(async (ask, store) => {
      const minute = 60_000;
      const history = [120, -400, -1_204.25, -1_100, -80].map((value, index) => ({
        at: now - (12 - 2 * index) * minute,
        value,
      }));
      const report = {
        fingerprint: "f00dcafe",
        startsAt: "1",
        since: now - 10 * minute,
        state: "firing",
        labels: { alertname: "pnl-critical", severity: "critical" },
        annotations: { summary: "Daily P&L is below -1,000 USD" },
      } as const;
      const told = { sender: ownSender, system: "trader", at: now - 10 * minute, batch: "b" };
      await store.commit({ id: "alert", put: [putEpisode(withReport(undefined, report, told).episode)] });
      await ask("incident declare", declared, { history });
      const { card, files = [] } = await ask("incident postmortem");
      expect(files.map(({ name }) => name)).toEqual(["incident-1-1.png", "incident-1.md", "incident-1.json"]);
      expect(card.blocks).toContainEqual({
        kind: "image",
        file: "incident-1-1.png",
        alt: "Daily P&L over the time of the incident",
      });
      const [, markdown = "", json = ""] = files.map(({ bytes }) => new TextDecoder().decode(bytes));
      expect(JSON.parse(json).measured).toEqual([
        {
          metric: "Daily P&L",
          line: "",
          unit: "USD",
          before: { at: now - 12 * minute, value: 120 },
          worst: { at: now - 8 * minute, value: -1_204.25 },
          last: { at: now, value: 120 },
          passed: { side: "below", severity: "critical", at: -1_000 },
          passedMs: 2 * minute,
        },
      ]);
      expect(markdown).toContain("Daily P\\&L: 120 USD before, worst -1,204.25 USD at 2026-11-21T11:52:00");
      expect(markdown).toContain("past critical (below -1,000 USD) for at least 2 min");
      expect(markdown).toContain("![Daily P\\&L](incident-1-1.png)");
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
