import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Operation } from "../../../src/domain/systems/operation.ts";
import { placeholdersIn, resolveOperation } from "../../../src/domain/systems/resolve-operation.ts";

const operation = Operation.parse({
  summary: "Restore",
  risk: "destructive",
  arguments: {
    backup: { type: "text", title: "Backup" },
    count: { type: "integer", title: "Count" },
    note: { type: "text", title: "Note", required: false },
  },
  steps: [
    {
      id: "restore",
      title: "Restore",
      http: {
        method: "POST",
        url: "http://127.0.0.1:1/backups/{backup}/restore?times={count}",
        probe: "http://127.0.0.1:1/operations/{backup}",
        json: { backup: "{backup}", count: "{count}", why: "as of {backup}", note: "{note}", plain: "{}", yes: true },
      },
    },
    { id: "say", title: "Say", note: "Restores {backup}" },
  ],
  verify: [
    {
      id: "is",
      title: "It is",
      waitUntil: { url: "http://127.0.0.1:1/is/{backup}", path: "/restored", is: { equals: "{backup}" } },
    },
  ],
});

describe("an operation with its arguments in place", () => {
  it("holds exactly what will be sent, numbers as numbers, and leaves out what was left out", () => {
    const { steps, verify } = resolveOperation(operation, { backup: "daily/1", count: 3 });
    expect(steps).toMatchObject([
      {
        http: {
          url: "http://127.0.0.1:1/backups/daily%2F1/restore?times=3",
          probe: "http://127.0.0.1:1/operations/daily%2F1",
          json: { backup: "daily/1", count: 3, why: "as of daily/1", plain: "{}", yes: true },
        },
      },
      { note: "Restores {backup}" },
    ]);
    expect(JSON.stringify(steps)).not.toContain('"note":null');
    expect(Object.keys(steps[0] && "http" in steps[0] ? (steps[0].http.json ?? {}) : {})).not.toContain("note");
    expect(verify).toMatchObject([
      { waitUntil: { url: "http://127.0.0.1:1/is/daily%2F1", is: { equals: "daily/1" } } },
    ]);
  });

  it("says what its steps refer to", () => {
    const found = placeholdersIn(operation);
    expect(found.filter(({ inAddress }) => inAddress).map(({ name }) => name)).toEqual([
      "backup",
      "count",
      "backup",
      "backup",
    ]);
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(["backup", "count", "note"]));
  });

  it("goes to the address it was written for, whatever an argument says", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.constantFrom("../../admin", "a/../../b", "?x=1", "#x", "@evil.test/", "%2e%2e", "{count}", "\\..\\"),
    );
    fc.assert(
      fc.property(
        text.filter((each) => each !== "." && each !== ".."),
        (backup) => {
          const [step] = resolveOperation(operation, { backup, count: 1 }).steps;
          const { host, pathname, search, hash } = new URL(step && "http" in step ? step.http.url : "");
          expect([host, search, hash]).toEqual(["127.0.0.1:1", "?times=1", ""]);
          expect(pathname.split("/").map((part, at) => (at === 2 ? decodeURIComponent(part) : part))).toEqual([
            "",
            "backups",
            backup,
            "restore",
          ]);
        },
      ),
    );
  });
});
