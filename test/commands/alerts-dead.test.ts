import { describe, expect, it } from "vitest";
import { mayBeSevere } from "../../src/acts/alerts/end-letter.ts";
import { readBatch } from "../../src/records/batch.ts";
import { newId } from "../../src/records/ids.ts";
import { putQuarantined } from "../../src/records/ledger.ts";
import { erik, inOneStore, now, textOf } from "./fixtures.ts";

const letter = { batch: "ab".repeat(16), sender: "am", at: now - 60_000, text: "{}" };

describe("alerts dead", () => {
  it("lists what could not be used, of systems that whoever asks may read, the newest first", () =>
    inOneStore(async (ask, store) => {
      expect((await ask("alerts dead")).card.title).toBe("Nothing is in quarantine");
      await store.commit({
        id: newId(),
        put: [
          putQuarantined({ ...letter, system: "trader", why: "it is no JSON <!channel>" }),
          putQuarantined({ ...letter, system: "trader", place: 1, at: now, why: "it has no labels" }),
          putQuarantined({ ...letter, system: "elsewhere", place: 2, why: "its status is odd" }),
        ],
      });
      const reader = { person: { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] } };
      const { card } = await ask("alerts dead", {}, reader);
      expect(card.title).toBe("2 dead letters in quarantine");
      expect(textOf(card)).toMatch(/\.2: an alert by am.*it has no labels[\s\S]*: a whole body by am.*it is no JSON/);
      expect(textOf(card)).not.toContain("elsewhere");
      expect(card.actions).toMatchObject([
        { command: "alerts replay", args: { letter: `${letter.batch}.2` } },
        { command: "alerts why", args: { alert: letter.batch } },
      ]);
    }));

  const good = {
    labels: { alertname: "Disk", severity: "warning" },
    startsAt: "2026-01-01T00:00:00Z",
    status: "firing",
  };

  it("what can be used by now is taken in anew, once", () =>
    inOneStore(async (ask, store) => {
      const kept = {
        ...letter,
        system: "trader",
        place: 0,
        why: "its record could not be read",
        text: JSON.stringify(good),
      };
      await store.commit({ id: newId(), put: [putQuarantined(kept)] });
      const { card } = await ask("alerts replay", { letter: `${letter.batch}.1` });
      expect(card.title).toBe("Taken in anew");
      const [trace = ""] = /[0-9a-f]{32}/.exec(card.footer ?? "") ?? [];
      expect((await readBatch(store, trace))?.batch).toMatchObject({ sender: "am", system: "trader", events: 1 });
      expect((await ask("alerts dead")).card.title).toBe("Nothing is in quarantine");
      await expect(ask("alerts replay", { letter: `${letter.batch}.1` })).rejects.toThrow(
        "was replayed by Ana already",
      );
    }));

  it.each<[string, string, string]>([
    ["replay", JSON.stringify({ ...good, startsAt: "soon" }), "It still cannot be used: its startsAt is no time"],
    ["replay", '{"labels":', "it is no JSON, or only its beginning was kept"],
  ])("%s of %s changes nothing", (verb, text, why) =>
    inOneStore(async (ask, store) => {
      await store.commit({
        id: newId(),
        put: [putQuarantined({ ...letter, system: "trader", place: 0, why: "odd", text })],
      });
      const asked = ask(`alerts ${verb}`, { letter: `${letter.batch}.1` });
      await expect(asked).rejects.toThrow(why);
      expect((await ask("alerts dead")).card.title).toBe("1 dead letter in quarantine");
    }),
  );

  it.each<[string, string, boolean]>([
    ["what cannot be read", '{"labels":', true],
    ["a P1", JSON.stringify({ ...good, labels: { alertname: "a", severity: "P1" } }), true],
    ["one without a severity", JSON.stringify({ ...good, labels: { alertname: "a" } }), true],
    ["a warning", JSON.stringify(good), false],
  ])("dropping %s takes two people, or does not", (_what, text, isSevere) =>
    expect(mayBeSevere({ ...letter, system: "trader", place: 0, why: "odd", text })).toBe(isSevere),
  );

  it("what tells of nothing critical is dropped with a reason, and by nobody who may only read", () =>
    inOneStore(async (ask, store) => {
      const kept = {
        ...letter,
        system: "trader",
        place: 0,
        why: "odd",
        text: JSON.stringify({ ...good, startsAt: "soon" }),
      };
      await store.commit({ id: newId(), put: [putQuarantined(kept)] });
      const given = { letter: `${letter.batch}.1`, why: "a test of the probe" };
      const reader = { person: { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] } };
      await expect(ask("alerts drop", given, reader)).rejects.toThrow("respond");
      expect((await ask("alerts drop", given)).card.title).toBe("Dropped");
      expect((await ask("alerts dead")).card.title).toBe("Nothing is in quarantine");
    }));
});
