import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Plan } from "../../../src/domain/approvals/plan.ts";
import { stepKindsOf } from "../../../src/domain/systems/backend.ts";
import { fillAddress } from "../../../src/domain/systems/placeholders.ts";
import { placeholdersIn, planOperation } from "../../../src/domain/systems/plan-operation.ts";
import { HttpStep } from "../../../src/integrations/http/http-step.ts";
import { urlOf } from "../../../src/integrations/wire/endpoint.ts";
import { backends, OperationFile } from "../../fakes/backends.ts";

const kinds = stepKindsOf(backends);

const operation = OperationFile.parse({
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
      watch: { json: { url: "http://127.0.0.1:1/is/{backup}", path: "/restored" }, is: "value == backup" },
    },
  ],
});

it("what changes may be a choice or a sum over what was read, and other braces are text", () => {
  const pause = OperationFile.parse({
    summary: "Pause",
    risk: "change",
    arguments: { n: { type: "integer", title: "Pods" } },
    read: { stopped: { json: { url: "http://127.0.0.1:1/stopped", path: "/stopped" } } },
    effect: '{stopped == true ? "it stays" : "it goes on"}, {n + 1} pods, up{status!="5xx"}, {a b}',
    steps: [{ id: "say", title: "Say", note: "Pauses" }],
  });
  const said = (stopped: boolean) => planOperation(kinds, pause, { stopped, n: 2 }).effect;
  expect(said(true)).toBe('it stays, 3 pods, up{status!="5xx"}, {a b}');
  expect(said(false)).toContain("it goes on, ");
});

describe("the name that whoever approves types", () => {
  const scale = (when?: string) =>
    OperationFile.parse({
      summary: "Scale",
      risk: "destructive",
      typed: { name: "prsm-{service}", ...(when !== undefined && { when }) },
      arguments: { service: { type: "text", title: "Service" }, n: { type: "integer", title: "Pods" } },
      steps: [{ id: "say", title: "Say", note: "Scales" }],
    });
  const named = (n: number, when?: string) => planOperation(kinds, scale(when), { service: "api", n }).typedName;

  it("is asked for always, or while its condition holds", () => {
    expect(named(3)).toBe("prsm-api");
    expect([named(0, "n == 0"), named(3, "n == 0")]).toEqual(["prsm-api", undefined]);
  });

  it("is asked for where its condition cannot be judged", () => {
    expect(named(3, "now.replicas > n")).toBe("prsm-api");
  });
});

describe("an operation with its arguments in place", () => {
  it("holds exactly what will be sent, numbers as numbers, and leaves out what was left out", () => {
    const { steps, verify } = planOperation(kinds, operation, { backup: "daily/1", count: 3 });
    expect(steps).toMatchObject([
      {
        kind: "http",
        backend: "http",
        spec: {
          url: "http://127.0.0.1:1/backups/daily%2F1/restore?times=3",
          probe: "http://127.0.0.1:1/operations/daily%2F1",
          json: { backup: "daily/1", count: 3, why: "as of daily/1", plain: "{}", yes: true },
        },
      },
      { kind: "note", backend: "note", spec: "Restores {backup}" },
    ]);
    expect(JSON.stringify(steps)).not.toContain('"note":null');
    expect(Object.keys(HttpStep.parse(steps[0]?.spec).json ?? {})).not.toContain("note");
    expect(verify).toMatchObject([
      { kind: "watch", spec: { json: { url: "http://127.0.0.1:1/is/daily%2F1" }, given: { backup: "daily/1" } } },
    ]);
  });

  it("concerns all of its system where what was typed reads as if it concerned nothing", () => {
    const of = (targets: readonly string[]) =>
      planOperation(kinds, { ...operation, targets: [...targets] }, { backup: "nothing", count: 3 }).targets;
    expect(of(["{backup}"])).toBeUndefined();
    expect(of(["backup/{backup}"])).toEqual(["backup/nothing"]);
    expect(of(["nothing"])).toEqual(["nothing"]);
  });

  it("says of each step what is sent and how long it may take, and of itself what people read", () => {
    const plan = planOperation(kinds, operation, { backup: "daily/1", count: 3 });
    expect(plan.steps).toMatchObject([
      {
        id: "restore",
        title: "Restore",
        description:
          'POST http://127.0.0.1:1/backups/daily%2F1/restore?times=3 {"backup":"daily/1","count":3,"why":"as of daily/1","plain":"{}","yes":true}',
        budgetMs: 10_000,
      },
      { id: "say", title: "Say", description: "", budgetMs: 1_000 },
    ]);
    const waited = "GET http://127.0.0.1:1/is/daily%2F1 at /restored: until value == backup, within 60 s";
    expect(plan.verify).toMatchObject([{ id: "is", description: waited, budgetMs: 60_000 }]);
    expect(plan).toMatchObject({ summary: "Restore", hardDeadlineMs: 120_000 });
    expect(Plan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it("refuses a kind of step that no backend brings", () => {
    const stray = { id: "fly", title: "Fly", kind: "fly", backend: "air", spec: null };
    expect(() => planOperation(kinds, { ...operation, steps: [stray] }, {})).toThrow(
      "no backend carries out steps of the kind fly",
    );
  });

  it("says what its steps refer to", () => {
    const found = placeholdersIn(kinds, operation);
    expect(found.filter(({ inAddress }) => inAddress).map(({ name }) => name)).toEqual([
      "backup",
      "count",
      "backup",
      "backup",
    ]);
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(["backup", "count", "note"]));
  });

  it.each([
    ["{now.path}", { now: { path: ".." } }],
    ["{one}{one}", { one: "." }],
    [".{one}", { one: "." }],
  ])("leads no step upwards by %s of %j", (path, values) => {
    expect(() => fillAddress(`http://127.0.0.1:1/backups/${path}/restore`, values)).toThrow("leads elsewhere");
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
          const [step] = planOperation(kinds, operation, { backup, count: 1 }).steps;
          const { host, pathname, search, hash } = new URL(urlOf(HttpStep.parse(step?.spec).url));
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
