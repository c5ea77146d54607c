import { expect, it } from "vitest";
import { addNote } from "../../../src/acts/incidents/add-note.ts";
import { closeIncident } from "../../../src/acts/incidents/close-incident.ts";
import { openIncident } from "../../../src/acts/incidents/open-incident.ts";
import { timelineEnd } from "../../../src/reads/incidents.ts";
import { openIncidents } from "../../../src/records/incident.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by, place } from "../stage.ts";

const asked = { title: "It hangs", severity: "P1", system: "trader", place } as const;

it("incidents that are opened at once have a number each", async () => {
  const store = scratchStore();
  const opened = await Promise.all(
    Array.from({ length: 5 }, (_, at) => openIncident(store, asked, by("ana", String(at)))),
  );
  expect(new Set(opened.map(({ number }) => number))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect((await openIncidents(store)).found).toHaveLength(5);
});

it("a delivery that comes again opens no second one", async () => {
  const store = scratchStore();
  const first = await openIncident(store, asked, by("ana", "1"));
  expect(await openIncident(store, asked, by("ana", "1"))).toEqual(first);
  expect((await openIncidents(store)).found).toEqual([first]);
});

it("a line is added once for each delivery, and none to one that is closed or not there", async () => {
  const store = scratchStore();
  const { number } = await openIncident(store, asked, by("ana", "1"));
  await addNote(store, number, "Seen", by("boris", "2"));
  await addNote(store, number, "Seen", by("boris", "2"));
  const { entries } = await timelineEnd(store, number, 10);
  expect(entries.map(({ who, text }) => `${who?.name}: ${text}`)).toEqual(["ana: Opened as P1", "boris: Seen"]);
  await closeIncident(store, number, "Over", by("ana", "3"));
  await expect(addNote(store, number, "Late", by("ana", "4"))).rejects.toThrow("Incident 1 is closed");
  await expect(addNote(store, 7, "Where", by("ana", "5"))).rejects.toThrow("There is no incident 7");
  expect((await openIncidents(store)).found).toEqual([]);
});
