import { expect, it } from "vitest";
import type { z } from "zod";
import { plainCard } from "../../src/bot/chat/plain-card.ts";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { dana, now, run } from "./fixtures.ts";

const routes: z.input<typeof AlertsInFile> = {
  routes: [
    {
      id: "money",
      match: 'system="trader"',
      channels: ["ops"],
      mute: [{ from: "02:00", to: "06:00" }],
      owners: ["ana"],
    },
    { id: "rest", match: 'system!=""', channels: ["gone"] },
  ],
  inhibit: [{ id: "down", source: 'alertname="down"', target: 'alertname!="down"', equal: ["system"] }],
};
const routing = routingOf(AlertsInFile.parse(routes), []);
const down: ActiveAlert = {
  system: "trader",
  source: "monitor",
  id: "down",
  severity: "critical",
  ownSeverity: "P0",
  summary: "Nothing answers",
};

type Changes = Parameters<typeof run>[2];

async function asked(labels: string, changes: Changes = {}, at?: string) {
  const { card } = await run("alerts route", { labels, ...(at !== undefined && { at }) }, { routing, ...changes });
  return { title: card.title, text: plainCard(card, now) };
}

it("tells where, how, and why, route by route", async () => {
  const { title, text } = await asked('{system="trader", severity="critical"}');
  expect(title).toBe("It would be told in ops");
  expect(text).toContain('Labels       {severity="critical", system="trader"}');
  expect(text).toContain("At           2026-11-21T12:00:00Z");
  expect(text).toContain("Never muted  because its severity is critical");
  expect(text).toContain("Owners           Ana");
  expect(text).toContain("1. ✓ money takes it for ops");
  expect(text).toContain("2. rest not asked, because one before it took the alert");
});

it("at another time, to come or gone, as amtool has labels", async () => {
  const labels = "system=trader severity=warning";
  expect((await asked(labels, {}, "2026-12-24T03:00Z")).title).toBe("It would be muted: nothing would be posted");
  expect((await asked(labels, {}, "03:00")).text).toContain(
    "nothing is posted: it is quiet every day from 02:00 to 06:00",
  );
  expect((await asked(labels, {}, "2026-12-24T03:00+02:00")).title).toBe("It would be told in ops");
});

it("what no route takes, and a channel that the rules in force do not have yet", async () => {
  expect((await asked("team=web")).title).toBe("No route takes it, and no channel is marked as the operators'");
  expect((await asked("system=guard")).title).toBe("It would be told in gone (not in force yet)");
});

it("reads what fires where something could hide it, and says what could not be read", async () => {
  const firing = { alerts: { trader: [{ source: "monitor", firing: [down] }] } };
  const slow = "system=trader alertname=slow";
  expect((await asked(slow, firing)).title).toBe(
    'It would be hidden by the rule down while {alertname="down", severity="P0", system="trader"} fires',
  );
  expect((await asked(slow)).text).toContain(
    'The rule down would hide it while {alertname="down"} fires with the same system, which none does now',
  );
  const unread = { alerts: { trader: [{ source: "monitor", firing: "fails" as const }] } };
  expect((await asked(slow, unread)).text).toContain("and not all that fires could be read");
  // Nobody knows what will fire then.
  expect((await asked(slow, firing, "2026-12-24T12:00Z")).text).toContain("fires with the same system\n");
});

it("whoever may not read a system is not told what fires there", async () => {
  const firing = { alerts: { trader: [{ source: "monitor", firing: [down] }] }, person: dana };
  expect((await asked("system=trader alertname=slow", firing)).title).toBe("It would be told in ops");
});

it.each([
  ["alphapulse", undefined, "At character 11: =, !=, =~ or !~ is expected, not the end."],
  ['severity=~"crit.*"', undefined, 'severity=~"crit.*" is a condition, and an alert has labels.'],
  ["severity=critical", "some day", "at: does not understand some day."],
])("%s at %s is refused in words", async (labels, at, wrong) => {
  await expect(asked(labels, {}, at)).rejects.toThrow(wrong);
});
