import { describe, expect, it } from "vitest";
import { acceptBatch } from "../../src/acts/alerts/accept-batch.ts";
import { mayBeSevere } from "../../src/acts/alerts/end-letter.ts";
import { explodeNext } from "../../src/acts/alerts/explode-batch.ts";
import { batchIn } from "../../src/domain/alerts/reported-alert.ts";
import type { Store } from "../../src/domain/store.ts";
import { readBatch, readBody, unrecordedBatches } from "../../src/records/batch.ts";
import { episodesSince } from "../../src/records/episode.ts";
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

  describe("one that was posted long ago", () => {
    const text = JSON.stringify(good);
    const old = { ...letter, at: now - 3 * 86_400_000, system: "trader", place: 0, why: "its record was broken", text };
    const named = { letter: `${letter.batch}.1` };
    /** All alerts once what came in is on record. */
    const told = async (store: Store) => {
      for (const { id } of (await unrecordedBatches(store, 10)).found) {
        const body = batchIn((await readBody(store, id)) ?? "");
        if (!("alerts" in body)) throw new Error(body.unusable);
        await explodeNext({ store, system: () => undefined }, id, body.alerts);
      }
      return (await episodesSince(store, 0, 10)).found;
    };

    it("is taken in as what whoever replays it says, where nothing was told since", () =>
      inOneStore(async (ask, store) => {
        await store.commit({ id: newId(), put: [putQuarantined(old)] });
        const { card } = await ask("alerts replay", named);
        expect(card.title).toBe("It may be over by now");
        expect(card.actions?.map(({ args }) => args["as"])).toEqual(["over", "firing"]);
        expect(await told(store)).toEqual([]);
        const ended = await ask("alerts replay", { ...named, as: "over" });
        expect(textOf(ended.card)).toContain("1 alert told as fired and ended, which calls nobody.");
        expect(await told(store)).toMatchObject([{ state: "resolved", endedAt: old.at }]);
      }));

    it("that fires by what its replayer knows fires, and calls as what is new", () =>
      inOneStore(async (ask, store) => {
        await store.commit({ id: newId(), put: [putQuarantined(old)] });
        expect((await ask("alerts replay", { ...named, as: "firing" })).card.title).toBe("Taken in anew");
        expect(await told(store)).toMatchObject([{ state: "firing", firstAt: old.at }]);
      }));

    it.each([
      ["is over since", { status: "resolved", endsAt: "2026-11-20T00:00:00Z" }],
      ["has fired anew since", { startsAt: "2026-11-20T00:00:00Z" }],
    ])("of what %s takes nothing of that back, whatever it is called", (_what, since) =>
      inOneStore(async (ask, store) => {
        const posted = { sender: { id: "am", kind: "alertmanager" as const, system: "trader" }, bytes: 1, digest: "" };
        const body = JSON.stringify({ version: "4", alerts: [{ ...good, ...since }] });
        await acceptBatch(store, { ...posted, text: body }, { alerts: [{}], leftOut: 0 });
        const before = await told(store);
        await store.commit({ id: newId(), put: [putQuarantined(old)] });
        await ask("alerts replay", { ...named, as: "firing" });
        const after = await told(store);
        const states = (all: typeof after) => all.map(({ since: began, state }) => ({ began, state }));
        expect(states(after)).toEqual(expect.arrayContaining(states(before)));
        expect(after.filter(({ state }) => state === "firing")).toHaveLength(
          before.filter(({ state }) => state === "firing").length,
        );
      }),
    );
  });

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
