import { describe, expect, it } from "vitest";
import { stepKindsOf } from "../../src/domain/systems/backend.ts";
import { planOperation } from "../../src/domain/systems/plan-operation.ts";
import { backends } from "../fakes/backends.ts";
import { edited, goodConfig, linesOf, load, system } from "./config-folder.ts";

const verified = (deadline: string): string =>
  edited(
    system,
    "    short: true\n",
    `    short: true\n${deadline}    verify: [{ id: w, title: W, watch: { json: { url: "\${RADAR_URL}/x", path: /a }, is: "value == []", within: 10m } }]\n`,
  );

describe("a deadline", () => {
  it("that is over before what the operation may take is refused, with the least that will do", async () => {
    const lines = await linesOf({ "systems/radar.yaml": verified("    hardDeadlineMs: 1000\n") });
    expect(lines).toEqual([
      "systems/radar.yaml:18:21: operations.wipe.hardDeadlineMs: the deadline of 1 s is over before its steps and checks are, which may take 10 min together. Write at least 610000. Leave it out, and it is as long as they need.",
    ]);
  });

  it("that is just long enough is taken, and what is left out is as long as is needed", async () => {
    expect(await linesOf({ "systems/radar.yaml": verified("    hardDeadlineMs: 610000\n") })).toEqual([]);
    const config = await goodConfig({ "systems/radar.yaml": verified("") });
    const operations = config.systems[0]?.operations ?? {};
    const deadlines = Object.values(operations).map(
      (operation) => planOperation(stepKindsOf(backends), operation, {}).hardDeadlineMs,
    );
    // Two minutes at least, for the note alone; the budgets and five seconds for each step where that is more.
    expect(deadlines).toEqual([120_000, 620_000]);
  });
});

describe("an act whose lost answer nobody could look up", () => {
  const bare = edited(system, ', probe: "${RADAR_URL}/operations"', "");

  it("is warned about, with what happens then", async () => {
    const { warnings } = await loaded(bare);
    expect(warnings).toEqual([
      "operations.wipe.steps[0]: should the answer to this step be lost, nobody can look up whether it happened: its target then stays locked until two people have settled it with `confirm settle`. Add `probe:`, an address that tells by the idempotency key whether it was done.",
    ]);
  });

  it("is told what a program needs for that, which is no address", async () => {
    const program = bare.replace(/http: \{.*\}(?= \}\]|$)/m, "exec: { cwd: /opt, command: [./wipe.sh] }");
    expect((await loaded(program)).warnings.join("\n")).toMatch(
      /Add `receipt:`, a folder .* or `probe: \{ command: \[…\] \}`/,
    );
  });

  it("is fine where it is urgent and read back, for it is sent again until it is", async () => {
    const urgent = bare.replace(
      "risk: destructive\n",
      'risk: change\n    direction: reduces\n    urgent: true\n    verify: [{ id: w, title: W, watch: { json: { url: "${RADAR_URL}/x", path: /a }, is: "value == []" } }]\n',
    );
    expect((await loaded(urgent)).warnings).toEqual([]);
    expect((await loaded(urgent.replace(/ {4}verify: .*\n/, ""))).warnings).toHaveLength(1);
  });

  async function loaded(text: string): Promise<{ readonly warnings: readonly string[] }> {
    const result = await load({ "systems/radar.yaml": text });
    if (!("config" in result)) throw new Error(result.problems.map(({ message }) => message).join("\n"));
    return {
      warnings: result.warnings.map(({ path, message, remedy }) => `${path}: ${message}. ${remedy}`),
    };
  }
});
