import { expect, it } from "vitest";
import type { ListEntry } from "../../src/domain/systems/lists.ts";
import { createLists } from "../../src/integrations/lists.ts";
import { json, openBackend, openBackends } from "./backend.ts";
import { systemWith } from "./systems.ts";

async function read(body: unknown, keys: object, list = "backups"): Promise<readonly ListEntry[] | string> {
  const backend = await openBackend(json(body));
  const backups = { title: "Backups", json: { url: `${backend.url}/b`, path: "/all" }, ...keys };
  const reading = await createLists(openBackends()).read(systemWith({ lists: { backups } }), list);
  return reading.ok ? reading.value : reading.detail.replace(backend.host, "host");
}

const named = { value: "id", label: "made" };

it("a list is read with what names its entries and what tells more", async () => {
  expect(await read({ all: [{ id: "b1", made: "today" }, { id: 7 }] }, named)).toEqual([
    { value: "b1", label: "today" },
    { value: "7", label: "" },
  ]);
  expect(await read({ all: ["web", "db"] }, {})).toEqual([
    { value: "web", label: "" },
    { value: "db", label: "" },
  ]);
  expect(await read({ all: [] }, named)).toEqual([]);
});

it.each([
  [{ all: "none" }, '/all is "none", not a list'],
  [{}, "/all is nothing, not a list"],
  [{ all: [{ id: "b1" }, { name: "b2" }] }, "entry 2 of /all has no id that names it"],
  [{ all: [{ id: " " }] }, "entry 1 of /all has no id that names it"],
])("%j is unknown, never empty", async (body, says) => {
  expect(await read(body, named)).toBe(`host: GET /b: ${says}`);
});

it("a list may begin after the entry that a fact says, whole where it says none, and unknown with it", async () => {
  const after = async (release: unknown, all: unknown = ["v3", "v2", "v1"]): Promise<unknown> => {
    const backend = await openBackend(json({ all, release }));
    const system = systemWith({
      facts: [{ id: "release", title: "Release", json: { url: `${backend.url}/b`, path: "/release" } }],
      lists: { before: { title: "Before", json: { url: `${backend.url}/b`, path: "/all" }, after: "release" } },
    });
    const reading = await createLists(openBackends()).read(system, "before");
    return reading.ok ? reading.value.map(({ value }) => value) : reading.detail.replace(backend.host, "host");
  };
  expect(await after("v3")).toEqual(["v2", "v1"]);
  expect(await after("v1")).toEqual([]);
  expect(await after("none")).toEqual(["v3", "v2", "v1"]);
  expect(await after(undefined)).toContain("/release");
});

it("a list that the system does not have is said so", async () => {
  expect(await read({ all: [] }, named, "services")).toContain("has no list services");
});
