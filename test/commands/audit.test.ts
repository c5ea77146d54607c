import { describe, expect, it } from "vitest";
import type { Person } from "../../src/domain/people/person.ts";
import type { StoredEntry } from "../../src/domain/store.ts";
import { ana, erik, now, rowsOf, run, textOf } from "./fixtures.ts";

const asked = (person: string, system: string, index = 0): StoredEntry => ({
  kind: "invocation",
  command: "status",
  arguments: { system },
  person,
  account: `console:${person}`,
  place: "console:ops",
  outcome: "answered",
  ms: index,
});

/** May audit every system, and with them what belongs to none. */
const overall: Person = { ...ana, grants: [{ role: "operator", systems: "*" }] };

describe("audit", () => {
  it("is newest first, of any kind", async () => {
    const journal: StoredEntry[] = [
      asked("ana", "trader"),
      {
        kind: "request.opened",
        person: "ana",
        system: "trader",
        operation: "flatten",
        code: "4F7A2C",
        state: "PENDING",
      },
    ];
    const { card, ...reply } = await run("audit", {}, { journal });
    expect(reply.private).toBe(true);
    expect(rowsOf(card).map((row) => row.slice(2))).toEqual([
      ["ana", "request.opened: flatten trader 4F7A2C", "PENDING", ""],
      ["ana", "status system:trader", "answered", "console:ops"],
    ]);
  });

  it("finds one person, and one system by any of its names", async () => {
    const journal = [asked("ana", "trader"), asked("dana", "guard"), asked("dana", "td")];
    expect(rowsOf((await run("audit", { person: "Dana" }, { journal })).card).map((row) => row[3])).toEqual([
      "status system:td",
      "status system:guard",
    ]);
    expect(rowsOf((await run("audit", { system: "trader" }, { journal })).card).map((row) => row[2])).toEqual([
      "dana",
      "ana",
    ]);
  });

  it("finds what a person linked, confirmed and took away, in entries of this release and of the one before", async () => {
    const account = "slack:U1";
    const before: StoredEntry[] = [
      { kind: "link.claimed", account, person: "boris", from: "console:boris" },
      {
        kind: "link.confirmed",
        account,
        person: "boris",
        claimedFrom: "console:boris",
        confirmedBy: "dana",
        confirmedFrom: "console:dana",
      },
      { kind: "link.removed", account, by: "dana", from: "console:dana" },
    ];
    const boris = { person: "boris", name: "Boris", account: "console:boris" };
    const admin = { person: "dana", name: "Dana", account: "console:dana" };
    const after: StoredEntry[] = [
      { kind: "link.claimed", who: boris, account, person: "boris" },
      { kind: "link.confirmed", who: admin, account, person: "boris", claimedFrom: "console:boris" },
      { kind: "link.removed", who: admin, account, person: "boris" },
    ];
    for (const [journal, removed] of [
      [before, "slack:U1"],
      [after, "slack:U1 of boris"],
    ] as const) {
      const found = async (person: string) =>
        rowsOf((await run("audit", { person }, { person: overall, journal })).card).map((row) => [
          row[2],
          row[3],
          row[5],
        ]);
      const confirmed = ["dana", "link.confirmed: slack:U1 of boris", "console:dana"];
      expect(await found("dana")).toEqual([["dana", `link.removed: ${removed}`, "console:dana"], confirmed]);
      expect((await found("boris")).filter(([, what]) => !what?.startsWith("link.removed"))).toEqual([
        confirmed,
        ["boris", "link.claimed: slack:U1 of boris", "console:boris"],
      ]);
    }
  });

  it("says who and where of everything this release writes down, and nobody where nobody did it", async () => {
    const who = { person: "ana", name: "Ana", account: "console:ana" };
    const journal: StoredEntry[] = [
      { kind: "policy.adopted", who: { person: null, account: null }, revision: "2", people: 3, before: null },
      { kind: "terminal.enrolled", who: { person: null, account: null }, account: "terminal:ana" },
      { kind: "alert.acknowledged", who, alert: "1f0c9a2e", system: "trader", summary: "Stopped" },
      { ...asked("ana", "trader"), person: "dana", who: { person: "ana", account: "console:ana" } },
    ];
    expect(rowsOf((await run("audit", {}, { person: overall, journal })).card).map((row) => row.slice(2))).toEqual([
      ["ana", "status system:trader", "answered", "console:ops"],
      ["ana", "alert.acknowledged: trader", "", "console:ana"],
      ["", "terminal.enrolled: terminal:ana", "", ""],
      ["", "policy.adopted", "", ""],
    ]);
  });

  it("walks a long journal once, to its beginning, and says when there is more", async () => {
    const journal = Array.from({ length: 450 }, (_, index) => asked(index === 0 ? "dana" : "ana", "trader", index));
    expect(rowsOf((await run("audit", { person: "dana" }, { journal })).card)).toHaveLength(1);
    const { card } = await run("audit", { limit: 100 }, { journal });
    const links = rowsOf(card).map((row) => Number(row[0]));
    expect(links).toEqual(Array.from({ length: 100 }, (_, index) => 450 - index));
    expect(card.footer).toContain("There is more");
  });

  it("shows what concerns no system to those alone who may audit all of them, in a channel of all of them", async () => {
    const journal: StoredEntry[] = [
      { kind: "policy.adopted", who: { person: null, account: null }, revision: "2", people: 3, before: null },
      { ...asked("ana", "trader"), arguments: { request: "4F7A2C" }, command: "confirm deny" },
    ];
    expect(rowsOf((await run("audit", {}, { person: overall, journal })).card)).toHaveLength(2);
    expect((await run("audit", {}, { person: erik, journal })).card.title).toBe("Nothing on record there");
  });

  it("shows what concerns a system only to those who may audit it", async () => {
    const journal = [asked("ana", "trader"), asked("ana", "guard")];
    const { card } = await run("audit", {}, { person: erik, journal });
    expect(rowsOf(card).map((row) => row[3])).toEqual(["status system:guard"]);
  });

  it("leaves out what is older than was asked for", async () => {
    const { card } = await run(
      "audit",
      { since: "2026-11-21T12:00Z" },
      { person: ana, journal: [asked("ana", "trader")] },
    );
    expect(rowsOf(card)).toHaveLength(1);
    await expect(run("audit", { since: "yesterdayish" })).rejects.toThrow("since: does not understand");
    expect(textOf((await run("audit")).card)).toContain("Nothing on record there");
    expect(now).toBe(1_795_262_400_000);
  });
});
