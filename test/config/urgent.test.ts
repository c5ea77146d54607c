import { describe, expect, it } from "vitest";
import { edited, linesOf, load, system, wardroom } from "./config-folder.ts";

const restart = "    risk: change\n";

describe("an operation that says that it is urgent", () => {
  it.each([
    [
      "destroys something",
      "    risk: destructive\n    direction: reduces\n    urgent: true\n",
      "operations.restart.urgent: only what reduces and destroys nothing may be urgent, and this is destructive and reduces. Remove `urgent`; or, where it is true, write `risk: change` and `direction: reduces`.",
    ],
    [
      "does not reduce",
      "    risk: change\n    urgent: true\n",
      "operations.restart.urgent: only what reduces and destroys nothing may be urgent, and this is change and neutral. Remove `urgent`; or, where it is true, write `risk: change` and `direction: reduces`.",
    ],
    [
      "leaves a stop as it is, and sets nothing going",
      "    risk: change\n    keepsStop: true\n",
      "operations.restart.keepsStop: only what may set its system going can leave a stop as it is, and this is neutral. Remove `keepsStop`; or, where it may, write `direction: increases`.",
    ],
    [
      "rests on positions",
      "    risk: change\n    direction: reduces\n    urgent: true\n    precondition: { positions: { growth: 0.1 } }\n",
      "operations.restart.precondition: what is urgent waits for nothing to be read, so it rests on no precondition. Remove the precondition, or `urgent`.",
    ],
    [
      "has a target of an argument that it does not have",
      '    risk: change\n    targets: ["service/{service}"]\n',
      "operations.restart.targets[0]: {service} is referred to, which is no argument of this operation. Add `service` under `arguments`.",
    ],
    [
      "changes something, and says that it concerns nothing",
      "    risk: change\n    targets: [nothing]\n",
      "operations.restart.targets: the target `nothing` says that this waits for nobody and holds up nobody, and it changes something: step 1. Name what it concerns.",
    ],
  ])("and %s is refused", async (_what, instead, says) => {
    const lines = await linesOf({ "systems/radar.yaml": edited(system, restart, instead) });
    expect(lines.join("\n")).toContain(says);
  });

  it("and is followed by something in whose place another operation is named, of which there is none, is refused", async () => {
    const followed = "    risk: change\n    followUp: { operation: wipe, instead: flaten }\n";
    const lines = await linesOf({ "systems/radar.yaml": edited(system, restart, followed) });
    expect(lines.join("\n")).toContain(
      "operations.restart.followUp.instead: there is no operation called `flaten`. Known: restart, wipe.",
    );
  });

  it("is alone in having steps that tell of what was read back, and has others as well", async () => {
    const plain = "steps: [{ id: note, title: Note, note: Done by hand }]";
    const told = "steps: [{ id: note, title: Note, once: read-back, note: Done by hand }]";
    const read =
      "\n    verify: [{ id: seen, title: Seen, once: read-back, watch: { json: { url: 'http://127.0.0.1:1/' }, is: value == 1 } }]";
    const lines = async (steps: string) =>
      (await linesOf({ "systems/radar.yaml": edited(system, plain, steps) })).join("\n");
    expect(await lines(told)).toContain(
      "operations.restart.steps[0].once: only what is `urgent` and verified is sent until it is read back. Remove `once`",
    );
    expect(await lines(told)).toContain("operations.restart.steps[0].once: nothing acts before it tells of that.");
    expect(await lines(plain + read)).toContain(
      "operations.restart.verify[0].once: what verifies is what reads it back.",
    );
    const named = `${told}\n    arguments: { asked: { type: text, title: Asked } }`;
    expect(await lines(named)).toContain("operations.restart.arguments.asked: `asked` has a meaning of its own");
  });

  it("and waits for people is refused", async () => {
    const urgent = edited(system, restart, "    risk: change\n    direction: reduces\n    urgent: true\n");
    const rules = edited(wardroom, "risk: change, tier: notice", "risk: change, tier: critical");
    const lines = await linesOf({ "systems/radar.yaml": urgent, "wardroom.yaml": rules });
    expect(lines.join("\n")).toContain(
      "restart of radar is urgent, and this rule gives it the tier critical, which waits for people. Name a tier without approvals for it, or remove `urgent` from the operation.",
    );
  });

  it("would be better where it stops at once and would wait for locks", async () => {
    const stops = edited(system, restart, "    risk: change\n    direction: reduces\n    permission: stop\n");
    const result = await load({ "systems/radar.yaml": stops });
    expect("warnings" in result && result.warnings.map(({ message }) => message)).toEqual([
      "this stops, and yet waits for whatever holds its system",
    ]);
  });

  it("and only reduces is taken", async () => {
    const urgent = edited(system, restart, "    risk: change\n    direction: reduces\n    urgent: true\n");
    expect(await linesOf({ "systems/radar.yaml": urgent })).toEqual([]);
  });
});
