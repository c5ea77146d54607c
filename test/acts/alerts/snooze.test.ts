import { describe, expect, it } from "vitest";
import { settleFates } from "../../../src/acts/alerts/settle-fates.ts";
import { snoozeAlert, unsnoozeAlert, wakeSnoozes } from "../../../src/acts/alerts/snooze.ts";
import type { SnoozeScope } from "../../../src/domain/alerts/snooze.ts";
import { lastTold } from "../../../src/reads/last-told.ts";
import { withSnoozes } from "../../../src/reads/snoozes.ts";
import { fatesOf } from "../../../src/records/alert-fate.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { type Desk, openDesk, type Stood, standing } from "./desk.ts";

const minute = 60_000;
const chen = { person: "chen", name: "Chen", account: "console:chen" };
const own: SnoozeScope = { kind: "person", accounts: ["console:chen"] };
const here: SnoozeScope = { kind: "channel", surface: "console", channel: "ops" };
const mention = ["chen", "boris"];
const severities = { critical: { mention }, warning: { mention }, info: { mention } };
const routes = [{ id: "all", channels: ["ops"], severities, verbosity: { flapping: "post" as const } }];

/** One alert that fires and was told. */
async function told(severity: string): Promise<{ readonly desk: Desk; readonly code: string }> {
  const desk = openDesk({ routes }, policy());
  await desk.post(alert(severity));
  await desk.send(20_000);
  const ask = { accounts: ["console:ana"], place: { surface: "console", channel: "ops" } };
  const [code = ""] = await lastTold(desk.store, ask);
  return { desk, code };
}

function alert(severity: string, more: object = {}): object {
  return postedAlert({ fingerprint: "f1", labels: { severity }, ...more });
}

interface Asked {
  readonly severity: "critical" | "warning" | "info";
  readonly scope: SnoozeScope;
  readonly ms?: number;
}

function snoozes({ store }: Desk, code: string, asked: Asked) {
  const { severity, scope, ms = 120 * minute } = asked;
  const of = { code, system: "logos", summary: "The disk of db-1 is full", severity };
  return snoozeAlert(store, of, { ms, scope }, { ...chen, invocation: crypto.randomUUID() });
}

/** It is over and begins again at once. Answers the batch in which it began. */
async function flaps(desk: Desk, severity: string, lastedMs = 0): Promise<string> {
  await desk.post(alert(severity, { status: "resolved", endsAt: new Date(desk.clock.now).toISOString() }));
  await desk.send(lastedMs + 1_000);
  const batch = await desk.post(alert(severity, { startsAt: new Date(desk.clock.now).toISOString() }));
  await desk.send(minute);
  return batch;
}

const said = (desk: Desk): readonly Stood[] => standing(desk, "ops", "alert-changes");
const titles = (desk: Desk): string =>
  said(desk)
    .map(({ card }) => card.title)
    .join();
const calledIn = (stood: Stood | undefined) => stood?.calls.map(({ account }) => account.id);
const words = (desk: Desk): string => JSON.stringify(standing(desk, "ops").map(({ card }) => card));

async function fates(desk: Desk, batch: string): Promise<readonly string[]> {
  await settleFates(desk.store);
  return (await fatesOf(desk.store, batch)).flatMap(({ events }) => events.map(([, fate]) => fate));
}

describe("snoozed for a channel", () => {
  it("its message follows it without a word, the books say so, and it is told again when the time is over", async () => {
    const { desk, code } = await told("warning");
    await snoozes(desk, code, { severity: "warning", scope: here });
    const batch = await flaps(desk, "warning");
    expect(titles(desk)).not.toContain("again");
    expect(words(desk)).toContain("snoozed by Chen until");
    expect(words(desk)).toContain("came 2 times");
    expect(await fates(desk, batch)).toEqual(["snoozed"]);

    desk.clock.now += 120 * minute;
    expect(await wakeSnoozes(desk.store)).toBe(1);
    expect(await wakeSnoozes(desk.store)).toBe(0);
    await desk.send(minute);
    expect(titles(desk)).toContain("1 firing on after it was snoozed");
    expect(calledIn(said(desk).at(-1))).toEqual(["chen", "boris"]);
    expect(words(desk)).not.toContain("snoozed by Chen");
    expect(await fates(desk, await flaps(desk, "warning"))).toEqual(["shown"]);
  });

  it("what becomes worse is told, and from then on everything of it", async () => {
    const { desk, code } = await told("warning");
    await snoozes(desk, code, { severity: "warning", scope: here });
    await desk.post(alert("critical"));
    await desk.send(minute);
    expect(titles(desk)).toContain("1 worse");
    expect(calledIn(said(desk).at(-1))).toEqual(["chen", "boris"]);
    expect(words(desk)).not.toContain("snoozed by");
    await flaps(desk, "critical");
    expect(titles(desk)).toContain("1 firing again");
  });

  it("the first post of something critical is made and calls people, snoozed or not", async () => {
    const { desk, code } = await told("critical");
    await snoozes(desk, code, { severity: "critical", scope: here });
    const batch = await flaps(desk, "critical", 10 * minute);
    const [, second] = standing(desk, "ops");
    expect(calledIn(second)).toEqual(["chen", "boris"]);
    expect(second?.card.title).toContain("The disk of db-1 is full");
    expect(await fates(desk, batch)).toEqual(["shown"]);
  });

  it("other channels hear of it as before, and what is over when the time is over is told nowhere", async () => {
    const desk = openDesk(
      { routes: [{ id: "both", channels: ["ops", "trading"], verbosity: { flapping: "post" } }] },
      policy(),
    );
    await desk.post(alert("warning"));
    await desk.send(20_000);
    const ask = { accounts: ["console:ana"], place: { surface: "console", channel: "ops" } };
    const [code = ""] = await lastTold(desk.store, ask);
    await snoozes(desk, code, { severity: "warning", scope: here });
    const batch = await flaps(desk, "warning");
    expect(standing(desk, "trading", "alert-changes")).not.toEqual([]);
    expect(await fates(desk, batch)).toEqual(["shown"]);
    const startsAt = new Date(desk.clock.now - minute).toISOString();
    await desk.post(alert("warning", { startsAt, status: "resolved", endsAt: new Date(desk.clock.now).toISOString() }));
    desk.clock.now += 120 * minute;
    await wakeSnoozes(desk.store);
    await desk.send(minute);
    expect(titles(desk)).not.toContain("after it was snoozed");
  });
});

it("its message has a button to snooze it, and one to end that, among few enough for every platform", async () => {
  const { desk, code } = await told("warning");
  const buttons = () => standing(desk, "ops")[0]?.card.actions ?? [];
  const pressed = (label: string) => buttons().find((each) => each.label === label);
  expect(pressed("Snooze for 1 h")).toMatchObject({ command: "snooze", args: { alerts: code, for: "1h", whom: "me" } });
  expect(pressed("End snooze")).toBeUndefined();
  await snoozes(desk, code, { severity: "warning", scope: own });
  await desk.send(minute);
  // What one person does not want to hear of another may hear of, and keep from themselves.
  expect(pressed("Snooze for 1 h")).toBeDefined();
  expect(pressed("End snooze")).toMatchObject({ command: "unsnooze", args: { alerts: code } });
  await snoozes(desk, code, { severity: "warning", scope: here });
  await desk.send(minute);
  expect(pressed("Snooze for 1 h")).toBeUndefined();

  const more = Array.from({ length: 30 }, (_, at) =>
    postedAlert({ fingerprint: `g${at}`, labels: { instance: `${at}` } }),
  );
  await desk.post(...more);
  await desk.send(minute);
  expect(pressed("Snooze 20 for 1 h")?.args["alerts"]).toMatch(/^([0-9a-f]+ ?){20}$/);
  expect(buttons().length).toBeLessThanOrEqual(10);
});

describe("snoozed for one person", () => {
  it("calls everybody else, says who is left out, and calls that one when the time is over", async () => {
    const { desk, code } = await told("critical");
    await snoozes(desk, code, { severity: "critical", scope: own });
    await flaps(desk, "critical");
    expect(titles(desk)).toContain("1 firing again");
    expect(calledIn(said(desk).at(-1))).toEqual(["boris"]);
    expect(words(desk)).toContain("for Chen alone");
    desk.clock.now += 120 * minute;
    await wakeSnoozes(desk.store);
    await desk.send(minute);
    expect(calledIn(said(desk).at(-1))).toEqual(["chen"]);
  });

  it("who snoozes again is snoozed for the longer, and who ends it is called as before", async () => {
    const { desk, code } = await told("critical");
    await snoozes(desk, code, { severity: "critical", scope: own, ms: 30 * minute });
    await snoozes(desk, code, { severity: "critical", scope: own, ms: 60 * minute });
    const [listed] = await withSnoozes(
      desk.store,
      [{ code, system: "logos", source: "s", id: "f", severity: "critical", ownSeverity: "critical", summary: "full" }],
      desk.clock.now,
    );
    expect(listed?.snoozes).toMatchObject([{ until: desk.clock.now + 60 * minute }]);
    const ending = { ...chen, invocation: "u1" };
    expect(await unsnoozeAlert(desk.store, code, [own, here], ending)).toHaveLength(1);
    expect(await unsnoozeAlert(desk.store, code, [own, here], { ...ending, invocation: "u2" })).toEqual([]);
    await flaps(desk, "critical");
    expect(calledIn(said(desk).at(-1))).toEqual(["chen", "boris"]);
  });
});
