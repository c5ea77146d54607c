import { describe, expect, it } from "vitest";
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
      expect(textOf(card)).toMatch(/alert 2 of .* it has no labels[\s\S]*a whole body of .* it is no JSON/);
      expect(textOf(card)).not.toContain("elsewhere");
      expect(card.actions).toMatchObject([{ command: "alerts why", args: { alert: letter.batch } }]);
    }));
});
