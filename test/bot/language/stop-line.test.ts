import { describe, expect, it } from "vitest";
import { parse } from "../../../src/bot/language/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { SystemFile } from "../../fakes/backends.ts";

const step = { id: "s", title: "S", http: { method: "POST", url: "http://127.0.0.1:1/s" } };
const halting = { risk: "change", direction: "reduces", permission: "stop", urgent: true, steps: [step] };
const system = (id: string, aliases: readonly string[], operations: object) =>
  SystemFile.parse({
    id,
    aliases,
    title: id.toUpperCase(),
    health: [{ id: "up", http: "http://127.0.0.1:1/health" }],
    operations,
  });
const trader = system("alphapulse", ["alphapulse-rl", "ap"], {
  "emergency-stop": { ...halting, summary: "Stop", short: true },
  flatten: { summary: "Close all", risk: "destructive", direction: "reduces", steps: [step], short: true },
});
const web = system("logos", ["pxl"], { stop: { summary: "Stop the stack", risk: "change", steps: [step] } });
const fleet = system("fleet", [], {
  halt: { ...halting, summary: "Halt" },
  drain: { ...halting, summary: "Drain", short: true },
});
const quiet = system("prsm", [], {});
const cluster = system("cluster", [], {
  shutdown: { summary: "Scale to nothing", risk: "destructive", steps: [step] },
  scale: { summary: "Scale", risk: "change", steps: [step] },
});
const all = [...commands, ...operationCommands([trader, web, fleet, quiet, cluster])];

const asked = (text: string) => parse(text, all);
/** What is offered for a line: nothing is carried out. */
function offered(text: string): readonly string[] {
  const parsed = asked(text);
  return parsed.kind === "unreadable" && parsed.problem.code === "unknown-command"
    ? (parsed.problem.meant ?? []).map(({ label }) => label)
    : [parsed.kind];
}

describe("a stop that is typed in a hurry", () => {
  it.each([
    ["emergency-stop alphapulse now", "now"],
    ["emergency-stop alphapulse market crash", "market crash"],
    ["Emergency-Stop AP it's going mad!!", "it's going mad!!"],
    ["EMERGENCY STOP ALPHAPULSE", undefined],
    ["emergency_stop ap - flash crash", "- flash crash"],
    ["emergencystop alphapulse-rl", undefined],
    ["e-stop ap", undefined],
    ["stop alphapulse", undefined],
    ["stop alphapulse NOW!!", "NOW!!"],
    ["STOP AP!!!", undefined],
    ["stop ap, it buys against the limit", "it buys against the limit"],
    ["please stop the alphapulse now", "now"],
    ["halt alphapulse: pxl is down too", "pxl is down too"],
    ["alphapulse stop", undefined],
    ["ap emergency stop now!", "now!"],
    ["run alphapulse stop", undefined],
    ["run emergency-stop alphapulse", undefined],
    ["run alphapulse emergency-stop market crash", "market crash"],
    ['run alphapulse stop reason:"the book is wrong"', "the book is wrong"],
    ['emergency-stop alphapulse now reason:"it buys"', 'now reason:"it buys"'],
    ['emergency-stop alphapulse reason:"it buys', 'reason:"it buys'],
    ["emergency-stop alphapulse --now --please", "--now --please"],
    ["emergency-stop alphapulse reason:a reason:b", "reason:a reason:b"],
    ["emergency-stop the damn alphapulse", "damn"],
    [`emergency-stop alphapulse ${"it sells ".repeat(1_000)}`, expect.stringMatching(/^it sells it sells/)],
  ])("is sent: %s", (text, reason) => {
    const parsed = asked(text);
    const values = parsed.kind === "ready" ? parsed.values : {};
    const { operation = parsed.kind === "ready" ? parsed.command.name : parsed.kind } = values;
    const known = [trader].flatMap(({ id, aliases }) => [id, ...aliases]);
    expect([known.includes(String(values["system"])), operation, values["reason"]]).toEqual([
      true,
      "emergency-stop",
      reason,
    ]);
  });

  it("by the name of its operation is that one, of a system that has several", () => {
    expect(asked("drain fleet it burns")).toMatchObject({
      kind: "ready",
      values: { system: "fleet", operation: "drain", reason: "it burns" },
    });
  });

  it.each([
    ["stop", ["emergency-stop alphapulse", "stop logos", "halt fleet", "drain fleet"]],
    ["stop now!!", ["emergency-stop alphapulse", "stop logos", "halt fleet", "drain fleet"]],
    ["emergency-stop now", ["emergency-stop alphapulse", "stop logos", "halt fleet", "drain fleet"]],
    ["stop alphapuls", ["emergency-stop alphapulse", "stop logos", "halt fleet", "drain fleet"]],
    ["stop alphapulse and fleet", ["emergency-stop alphapulse", "halt fleet", "drain fleet"]],
    ["emergency-stop ap + pxl", ["emergency-stop alphapulse", "stop logos"]],
    ["stop fleet", ["halt fleet", "drain fleet"]],
    ["stop pxl it burns", ["stop logos"]],
    ["stop trading on ap", ["emergency-stop alphapulse"]],
    ["stop alphapulse?", ["emergency-stop alphapulse"]],
    ["stop alphapulse alerts", ["emergency-stop alphapulse"]],
    ["alphapulse stop failed", ["emergency-stop alphapulse"]],
  ])("is offered by its exact commands where it is not clear what is meant: %s", (text, ways) => {
    expect(offered(text)).toEqual(ways);
  });

  it.each([
    ["stop prsm", "prsm", []],
    ["stop prsm NOW!!", "prsm", []],
    ["please halt cluster, it burns", "cluster", ["shutdown cluster"]],
  ])("of a system that nothing stops says so, and offers no other system's: %s", (text, named, nearest) => {
    const parsed = asked(text);
    const problem =
      parsed.kind === "unreadable" && parsed.problem.code === "unknown-command" ? parsed.problem : undefined;
    expect([problem?.meant, problem?.of?.system, problem?.of?.nearest.map(({ label }) => label)]).toEqual([
      [],
      named,
      nearest,
    ]);
  });

  it.each(["don't stop alphapulse", "status alphapulse", "what does stop alphapulse do", "unstoppable alphapulse"])(
    "is none: %s",
    (text) => {
      const parsed = asked(text);
      expect(parsed.kind === "ready" && "operation" in parsed.values).toBe(false);
    },
  );

  it("is a dry run where it says so, wherever that stands", () => {
    expect(asked("stop ap --dry-run")).toMatchObject({ kind: "ready", values: { "dry-run": true } });
    expect(asked("stop ap now --dry-run")).toMatchObject({ kind: "incomplete" });
  });
});
