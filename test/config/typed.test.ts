import { describe, expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const restart = "    risk: change\n";

describe("an operation whose approver types a name", () => {
  it.each([
    [
      "destroys nothing",
      "    risk: change\n    typed: { name: radar }\n",
      "operations.restart.typed: a name is typed by whoever approves what destroys something, and this is a change. Remove `typed`, or write `risk: destructive`.",
    ],
    [
      "names it by an argument that it does not have",
      '    risk: destructive\n    typed: { name: "{service}" }\n',
      "operations.restart.typed.name: {service} is referred to, which is no argument of this operation. Add `service` under `arguments`.",
    ],
    [
      "names it by what may be left out",
      '    risk: destructive\n    typed: { name: "{unit}" }\n    arguments: { unit: { type: text, title: Unit, required: false } }\n',
      "operations.restart.typed.name: the name to type is {unit}, which may be left out. Remove `required: false` of `unit`.",
    ],
    [
      "has a condition about nothing",
      "    risk: destructive\n    typed: { name: radar, when: n == 0 }\n",
      "operations.restart.typed.when: Unknown variable: n",
    ],
  ])("and %s is refused", async (_what, instead, says) => {
    const lines = await linesOf({ "systems/radar.yaml": edited(system, restart, instead) });
    expect(lines.join("\n")).toContain(says);
  });

  it("and destroys something is taken", async () => {
    const typed = edited(system, restart, "    risk: destructive\n    typed: { name: radar }\n");
    expect((await linesOf({ "systems/radar.yaml": typed })).join("\n")).not.toContain("typed");
  });
});
