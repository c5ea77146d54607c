import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { examinePrograms } from "../../../src/integrations/exec/examine-programs.ts";
import { scriptFolder } from "../process/scripts.ts";

/** What is told of a step with this command, and where. */
async function told(command: readonly string[], more: object = {}): Promise<string[]> {
  const { cwd, write } = scriptFolder({ "good.sh": "#!/bin/sh\n" });
  write("text.sh", "echo hello\n");
  write("plain.sh", "#!/bin/sh\n", 0o644);
  write("gone.sh", "#!/usr/bin/no-such-runner -x\n");
  for (const each of ["folder", "marked"]) mkdirSync(join(cwd, each));
  write("marked/.wardroom-receipts", "");
  const step = { backend: "shell", command, ...more };
  const system = { backends: { shell: { exec: { cwd } } }, steps: [{ spec: step }] };
  const faults = await examinePrograms(JSON.parse(JSON.stringify(system).replaceAll("CWD", cwd)));
  return faults.map(({ place, message, remedy }) => `${place.join(".")}: ${message}. ${remedy}`.replaceAll(cwd, "CWD"));
}

it("a program that is there and may be executed is not told, nor what its probe runs", async () => {
  expect(await told(["./good.sh", "{id}"], { probe: { command: ["./good.sh"] }, receipt: "CWD/marked" })).toEqual([]);
});

it.each([
  ["./missing.sh", "the program CWD/missing.sh is not there (ENOENT). Install it, or correct its path."],
  ["./plain.sh", "the program CWD/plain.sh may not be executed. Give it that right: chmod +x CWD/plain.sh"],
  ["./folder", "CWD/folder is no program but a folder. Name a file in it."],
  [
    "./text.sh",
    "CWD/text.sh is no program: let its first line say what runs it, as #!/bin/sh. Correct it, or name another program.",
  ],
  [
    "./gone.sh",
    "CWD/gone.sh names /usr/bin/no-such-runner in its first line, which is not there or may not be executed. Install it, or correct that line.",
  ],
])("%s is told with what to do", async (program, words) => {
  expect(await told([program])).toEqual([`steps.0.spec.command: ${words}`]);
});

it("tells of a probe's program, of a folder for receipts and of the folder that programs run in", async () => {
  expect(await told(["./good.sh"], { probe: { command: ["./missing.sh"] } })).toEqual([
    "steps.0.spec.probe.command: the program CWD/missing.sh is not there (ENOENT). Install it, or correct its path.",
  ]);
  expect(await told(["./good.sh"], { receipt: "CWD/receipts" })).toEqual([
    "steps.0.spec.receipt: the folder of receipts CWD/receipts is not there. Make it, or correct the path.",
  ]);
  expect(await told(["./good.sh"], { receipt: "CWD/folder" })).toEqual([
    "steps.0.spec.receipt: CWD/folder/.wardroom-receipts is not there, so nobody can tell the folder of receipts from one whose volume is not mounted. Mount it, or make the file where it is new: touch CWD/folder/.wardroom-receipts",
  ]);
  expect(await examinePrograms({ backends: { shell: { exec: { cwd: "/no/such/folder" } } } })).toEqual([
    {
      place: ["backends", "shell", "exec", "cwd"],
      message: "the folder /no/such/folder is not there",
      remedy: "Make it, or correct the path.",
    },
  ]);
});
