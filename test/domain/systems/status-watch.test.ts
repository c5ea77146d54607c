import { expect, it } from "vitest";
import { changesBetween } from "../../../src/domain/systems/status-watch.ts";

it.each([
  { what: "nothing", before: { API: "well" }, after: { API: "well" }, changes: [] },
  {
    what: "a part",
    before: { API: "well", Disk: "well" },
    after: { API: "down", Disk: "well" },
    changes: ["API: well → down"],
  },
  { what: "something new", before: {}, after: { "Alert: disk": "fires" }, changes: ["Alert: disk: fires"] },
  {
    what: "what is gone",
    before: { "Alert: disk": "fires" },
    after: {},
    changes: ["Alert: disk: fires → is over or not known any more"],
  },
])("of $what that changed $changes are told", ({ before, after, changes }) => {
  expect(changesBetween(before, after)).toEqual(changes);
});

it("says how many more changed than one message tells", () => {
  const after = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`part ${at}`, "down"]));
  const told = changesBetween({}, after);
  expect(told).toHaveLength(26);
  expect(told.at(-1)).toBe("and 5 more changes");
});
