import { expect, it } from "vitest";
import { closeIncident } from "../../../src/acts/incidents/close-incident.ts";
import { openIncident } from "../../../src/acts/incidents/open-incident.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by, place } from "../stage.ts";

// A delivery whose process died before it was answered is run again: what it did is done once, and told as done.

it("an incident that it closed is told as closed", async () => {
  const store = scratchStore();
  await openIncident(store, { title: "It hangs", severity: "P2", system: undefined, place }, by("ana", "1"));
  const close = (invocation: string) => closeIncident(store, 1, "Over", by("ana", invocation));
  const closed = await close("2");
  expect(await close("2")).toEqual(closed);
  await expect(close("3")).rejects.toThrow("Incident 1 is closed");
});
