import { expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { lapseAcks } from "../../../src/acts/alerts/lapse-acks.ts";
import { silenceAlerts } from "../../../src/acts/alerts/silence.ts";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import { lastTold } from "../../../src/reads/last-told.ts";
import { putMirror } from "../../../src/records/silence-mirror.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { type Desk, openDesk, standing } from "./desk.ts";

const minute = 60_000;
const chen = { person: "chen", name: "Chen", account: "console:chen" };
const routes = [{ id: "all", channels: ["ops"], severities: { critical: { mention: ["chen"] } } }];

/** One alert that fires and was told. */
async function told(severity: string): Promise<{ readonly desk: Desk; readonly code: string }> {
  const desk = openDesk({ routes }, policy());
  await desk.post(postedAlert({ labels: { severity } }));
  await desk.send(20_000);
  const ask = { accounts: ["console:ana"], place: { surface: "console", channel: "ops" } };
  const [code = ""] = await lastTold(desk.store, ask);
  return { desk, code };
}

const shown = (desk: Desk, kind: string): string => JSON.stringify(standing(desk, "ops", kind).map(({ card }) => card));

function takes(desk: Desk, code: string, invocation: string, lastsMs?: number) {
  const alert = { code, system: "logos", source: "posted by am", id: "f", ownSeverity: "critical", summary: "full" };
  const firing = { ...alert, severity: "critical" as const, since: Date.UTC(2026, 0, 1) };
  return acknowledgeAlert(desk.store, firing, { ...chen, invocation }, lastsMs);
}

it("an alert that somebody took for a time is nobody's after it, and is told as when it began", async () => {
  const { desk, code } = await told("critical");
  await takes(desk, code, "i1", 120 * minute);
  desk.clock.now += 119 * minute;
  expect(await lapseAcks(desk.store)).toBe(0);
  await desk.send(minute / 2);
  expect(shown(desk, "alerts")).toContain("Chen has it");

  desk.clock.now += minute / 2;
  expect(await lapseAcks(desk.store)).toBe(1);
  expect(await lapseAcks(desk.store)).toBe(0);
  await desk.send(minute);
  expect(shown(desk, "alerts")).not.toContain("Chen has it");
  expect(shown(desk, "alert-changes")).toContain("1 not solved in the time that it was taken for");
  // It is anybody's again.
  expect(await takes(desk, code, "i2")).toMatchObject({ fresh: true });
});

it("a channel is told once that a silence ends soon while what it hides fires, with a button to go on, and nothing of one that is short", async () => {
  const { desk, code } = await told("warning");
  const match = '{alertname="DiskFull"}';
  const asked = { match, matchers: readMatchers(match).matchers, comment: "known", codes: [code] };
  await silenceAlerts(desk.store, { ...asked, ms: 15 * minute }, { ...chen, invocation: "s1" });
  await silenceAlerts(desk.store, { ...asked, ms: 60 * minute }, { ...chen, invocation: "s2" });
  // It is silenced before anybody is told of it.
  await desk.post(postedAlert({ labels: { severity: "warning", instance: "db-2" }, annotations: { summary: "two" } }));
  for (const pass of [10, 39]) {
    desk.clock.now += pass * minute;
    await desk.warn();
    await desk.send(1);
    expect(standing(desk, "ops", "silence-ending")).toEqual([]);
  }
  desk.clock.now += minute;
  await desk.warn();
  await desk.warn();
  await desk.send(minute);
  const [warning, ...more] = standing(desk, "ops", "silence-ending");
  expect([more, warning?.times]).toEqual([[], 1]);
  expect(warning?.card.title).toBe("A silence ends at 01:00:20 UTC, and 2 alerts still fire");
  expect(JSON.stringify(warning?.card)).toContain("logos: two");
  expect(warning?.card.actions).toMatchObject([
    { command: "silence", args: { alerts: match, for: "1h" }, ask: ["comment"] },
  ]);
});

it("nothing is said of the end of a silence whose alerts are over", async () => {
  const { desk, code } = await told("warning");
  const match = '{alertname="DiskFull"}';
  const asked = { match, matchers: readMatchers(match).matchers, comment: "known", codes: [code] };
  await silenceAlerts(desk.store, { ...asked, ms: 60 * minute }, { ...chen, invocation: "s1" });
  const endsAt = new Date(desk.clock.now).toISOString();
  await desk.post(postedAlert({ labels: { severity: "warning" }, status: "resolved", endsAt }));
  desk.clock.now += 55 * minute;
  await desk.warn();
  await desk.send(1);
  expect(standing(desk, "ops", "silence-ending")).toEqual([]);
});

it("the end of a silence that was made in an Alertmanager is told the same way", async () => {
  const desk = openDesk({ routes }, policy());
  const from = desk.clock.now - 60 * minute;
  const silence = { id: "s-1", match: '{alertname="DiskFull"}', from, until: desk.clock.now + 5 * minute };
  const labels = { alertname: "DiskFull", severity: "warning" };
  const hides = [{ labels, summary: "full" }];
  const mirror = { sender: "am", system: "logos", silences: [{ ...silence, by: "eve", comment: "night.", hides }] };
  await desk.store.commit({ id: "m", put: [putMirror(mirror)] });
  await desk.warn();
  await desk.warn();
  await desk.send(1);
  const said = standing(desk, "ops", "silence-ending");
  expect(said.map(({ card }) => card.summary)).toEqual([
    'eve made it in Alertmanager of am for {system="logos", alertname="DiskFull"}: night. When it is over, what fires is told.',
  ]);
});
