import { expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { lapseAcks } from "../../../src/acts/alerts/lapse-acks.ts";
import { silenceAlerts } from "../../../src/acts/alerts/silence.ts";
import { warnOfEnds } from "../../../src/acts/alerts/warn-of-ends.ts";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import { lastTold } from "../../../src/reads/last-told.ts";
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
  const ask = { account: "console:ana", place: { surface: "console", channel: "ops" } };
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

it("what still fires says that its silence ends soon, once, and nothing of one that is short", async () => {
  const { desk, code } = await told("warning");
  const match = '{alertname="DiskFull"}';
  const asked = { match, matchers: readMatchers(match).matchers, comment: "known", codes: [code] };
  await silenceAlerts(desk.store, { ...asked, ms: 5 * minute }, { ...chen, invocation: "s1" });
  await silenceAlerts(desk.store, { ...asked, ms: 60 * minute }, { ...chen, invocation: "s2" });
  const silent = standing(desk, "ops", "alert-changes").length;
  await warnOfEnds(desk.store);
  await desk.send(minute);
  expect(standing(desk, "ops", "alert-changes")).toHaveLength(silent);

  desk.clock.now += 49 * minute;
  await warnOfEnds(desk.store);
  await warnOfEnds(desk.store);
  await desk.send(minute);
  const said = standing(desk, "ops", "alert-changes");
  expect(JSON.stringify(said)).toContain("1 firing on while its silence ends soon");
  expect(said.map(({ times }) => times)).toEqual([1]);
});
