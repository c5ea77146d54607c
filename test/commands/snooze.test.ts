import { expect, it } from "vitest";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { alertCode } from "../../src/records/ack.ts";
import { ana, erik, inOneStore, now, run, textOf } from "./fixtures.ts";

const page: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "a",
  severity: "critical",
  ownSeverity: "P1",
  summary: "Trading stopped",
  since: now - 720_000,
};
const code = alertCode(page);
const firing = { alerts: { trader: [{ source: "rules", firing: [page] }] } };

it("is told where alerts are listed, apart from who has it, and ended", () =>
  inOneStore(async (ask, store) => {
    const { card, alerts } = await ask("snooze", { alerts: code, for: "2h" }, firing);
    expect([card.title, alerts]).toEqual(["Snoozed for 2 h, for Ana alone", [code]]);
    const listed = textOf((await ask("alerts", { state: "snoozed" }, firing)).card);
    expect(listed).toContain(`${code} · snoozed by Ana until 14:00:00 UTC, for Ana alone`);
    expect(textOf((await ask("alerts", { state: "open" }, firing)).card)).toContain("Trading stopped");
    await ask("snooze", { alerts: code, whom: "channel" }, firing);
    expect((await ask("unsnooze", { alerts: code }, firing)).card.title).toBe("No longer snoozed");
    expect((await ask("unsnooze", { alerts: code }, firing)).card.title).toContain("Nothing of that was snoozed");
    expect(textOf((await ask("alerts", {}, firing)).card)).not.toContain("snoozed");
    const entries = (await store.journal({ limit: 10 })).flatMap((link) => link.entries);
    expect(entries.map(({ kind, scope }) => [kind, scope])).toEqual([
      ["alert.snoozed", "person"],
      ["alert.snoozed", "channel"],
      ["alert.unsnoozed", "person"],
      ["alert.unsnoozed", "channel"],
    ]);
  }));

it("whoever may read an alert snoozes it for themselves; for the channel it takes the right to respond", async () => {
  const reader = { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] };
  const asked = { alerts: code };
  expect((await run("snooze", asked, { ...firing, person: reader })).card.title).toContain("for Erik alone");
  const forAll = run("snooze", { ...asked, whom: "channel" }, { ...firing, person: reader });
  await expect(forAll).rejects.toThrow("respond");
  const blind = { ...ana, grants: [] };
  await expect(run("snooze", asked, { ...firing, person: blind })).rejects.toThrow("No alert");
});
