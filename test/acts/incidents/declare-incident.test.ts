import { expect, it } from "vitest";
import { declareIncident } from "../../../src/acts/incidents/declare-incident.ts";
import {
  addNote,
  addTask,
  endTask,
  giveRole,
  reopenIncident,
  resolveIncident,
  setPhase,
  setSeverity,
} from "../../../src/acts/incidents/respond.ts";
import type { Store } from "../../../src/domain/store.ts";
import { timelineEnd } from "../../../src/reads/incidents.ts";
import { openIncidents, readIncident } from "../../../src/records/incident.ts";
import { openTasks } from "../../../src/records/incident-task.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by, place } from "../stage.ts";

const asked = { title: "It hangs", severity: "P1", system: "trader", place } as const;
const chen = { person: "chen", name: "Chen" };

async function told(store: Store): Promise<string[]> {
  return (await timelineEnd(store, 1, 100)).entries.map(({ who, text }) => `${who?.name}: ${text}`);
}

it("two who declare of one system at once make one incident, and the second is told so", async () => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = scratchStore(clock);
  const declare = (name: string, more = {}) => declareIncident(store, { ...asked, ...more }, by(name, name));
  const both = await Promise.all([declare("ana"), declare("boris", { title: "Orders hang", severity: "P2" })]);
  expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(both.map(({ incident }) => incident.number))).toEqual(new Set([1]));
  expect(await told(store)).toHaveLength(2);
  expect((await told(store))[1]).toMatch(/declares the same: P[12], /);
  expect(await declare("chen", { separate: true })).toMatchObject({ isNew: true, incident: { number: 2 } });
  expect(await declare("dana", { system: "guard" })).toMatchObject({ isNew: true, incident: { number: 3 } });
  expect(await declare("erik", { system: undefined })).toMatchObject({ isNew: true, incident: { number: 4 } });
  expect(await declare("fay", { system: undefined, title: "it HANGS" })).toMatchObject({ isNew: false });
  clock.now += 3_600_000;
  expect(await declare("gus")).toMatchObject({ isNew: true, incident: { number: 5 } });
});

it("incidents that are opened at once have a number each", async () => {
  const store = scratchStore();
  const opened = await Promise.all(
    Array.from({ length: 5 }, (_, at) => declareIncident(store, { ...asked, separate: true }, by("ana", String(at)))),
  );
  expect(new Set(opened.map(({ incident }) => incident.number))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect((await openIncidents(store)).found).toHaveLength(5);
});

it("a delivery that comes again opens no second one", async () => {
  const store = scratchStore();
  const first = await declareIncident(store, asked, by("ana", "1"));
  expect(await declareIncident(store, asked, by("ana", "1"))).toMatchObject({ incident: first.incident });
  expect((await openIncidents(store)).found).toEqual([first.incident]);
  expect(await told(store)).toEqual(["ana: declares P1: It hangs"]);
});

it("notes beside each other are in nobody's way, and each delivery writes one", async () => {
  const store = scratchStore();
  await declareIncident(store, asked, by("ana", "1"));
  const before = await readIncident(store, 1);
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => addNote(store, 1, `Seen ${at % 10}`, by("boris", `n${at % 10}`))),
  );
  expect(await told(store)).toHaveLength(11);
  expect((await readIncident(store, 1))?.revision).toBe(before?.revision);
  await expect(addNote(store, 7, "Where", by("ana", "5"))).rejects.toThrow("There is no incident 7");
});

it("severity, phase and roles are set, and the timeline says from what", async () => {
  const store = scratchStore();
  await declareIncident(store, asked, by("ana", "1"));
  await setSeverity(store, 1, "P0", by("ana", "2"));
  await setPhase(store, 1, "contained", by("ana", "3"));
  await giveRole(store, 1, { role: "commander", someone: chen }, by("ana", "4"));
  const incident = await giveRole(store, 1, { role: "scribe", someone: chen }, by("boris", "5"));
  expect(incident).toMatchObject({ severity: "P0", phase: "contained", roles: { commander: chen, scribe: chen } });
  expect((await told(store)).slice(1)).toEqual([
    "ana: severity P1 → P0",
    "ana: detected → contained",
    "ana: commander: ana → Chen",
    "boris: scribe: Chen",
  ]);
});

it("one that is resolved takes no more until it is reopened, and a delivery that comes again is told as done", async () => {
  const store = scratchStore();
  await declareIncident(store, asked, by("ana", "1"));
  const resolve = (invocation: string) =>
    resolveIncident(store, 1, { cause: "A release.", impact: "None." }, by("ana", invocation));
  const resolved = await resolve("2");
  expect(resolved).toMatchObject({ state: "closed", phase: "resolved", cause: "A release.", impact: "None." });
  expect(await resolve("2")).toEqual(resolved);
  await expect(resolve("3")).rejects.toThrow("Incident 1 is closed");
  await expect(addNote(store, 1, "Late", by("ana", "4"))).rejects.toThrow("Incident 1 is closed");
  expect((await openIncidents(store)).found).toEqual([]);
  const again = await reopenIncident(store, 1, "it is back", by("boris", "5"));
  expect(again).toMatchObject({ state: "open", phase: "detected" });
  expect(again).not.toHaveProperty("closedAt");
  await expect(reopenIncident(store, 1, "really", by("boris", "6"))).rejects.toThrow("Incident 1 is open");
});

it("what is to be done is counted, remembered past the end, and done once", async () => {
  const store = scratchStore();
  await declareIncident(store, asked, by("ana", "1"));
  const add = (text: string, due: number | undefined, invocation: string) =>
    addTask(store, 1, { text, owner: chen, due }, by("ana", invocation));
  await Promise.all([add("Alert on age", Date.UTC(2026, 0, 9), "2"), add("Write it down", undefined, "3")]);
  await resolveIncident(store, 1, { cause: "A.", impact: "B." }, by("ana", "4"));
  expect(new Set((await openTasks(store)).found.map(({ number }) => number))).toEqual(new Set([1, 2]));
  const done = (invocation: string) =>
    endTask(store, { incident: 1, number: 1 }, { ofClosed: true, by: by("chen", invocation) });
  await done("5");
  await done("5");
  await expect(done("6")).rejects.toThrow("Task 1.1 is done already");
  expect((await openTasks(store)).found.map(({ number }) => number)).toEqual([2]);
  const ended = (await told(store)).filter((line) => line.startsWith("chen: done: "));
  expect(ended).toHaveLength(1);
});
