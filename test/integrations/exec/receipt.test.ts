import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scriptFolder } from "../process/scripts.ts";
import { script, stepOf } from "./step.ts";

/** By a key of its own: what runs by another file's on this machine counts as well. */
const keptStep = (exec: Parameters<typeof stepOf>[0]) => stepOf(exec, {}, "kept/s");

describe("a receipt", () => {
  const once = '#!/bin/sh\necho ran >> ran\nexit "$1"\n';

  function receipted(code: string, exits = {}) {
    const { cwd } = script(once);
    const receipt = join(cwd, "receipts");
    mkdirSync(receipt);
    writeFileSync(join(receipt, ".wardroom-receipts"), "");
    const ran = () => readFileSync(join(cwd, "ran"), "utf8").split("\n").length - 1;
    return { cwd, receipt, ran, ...keptStep({ cwd, command: ["./do.sh", code], receipt, exits }) };
  }

  it("tells what was never started from what is done", async () => {
    const { run, probe, canProbe } = receipted("0");
    expect(canProbe()).toBe(true);
    expect(await probe()).toMatchObject({ outcome: "refused", detail: expect.stringMatching("it was never started") });
    expect((await run()).outcome).toBe("done");
    expect(await probe()).toEqual({ outcome: "done", detail: "its receipt says exit code 0" });
    expect((await probe("other/s")).outcome).toBe("refused");
  });

  it("keeps the same step from being started twice", async () => {
    const { run, ran } = receipted("4", { 4: "refused" });
    expect((await run()).outcome).toBe("refused");
    expect(await run()).toEqual({ outcome: "refused", detail: "its receipt says exit code 4" });
    expect(ran()).toBe(1);
  });

  it("of what was begun and whose end nobody wrote down says that nobody knows", async () => {
    const { run, probe, receipt } = receipted("0");
    writeFileSync(join(receipt, "kept%2Fs.receipt"), "begun 2026-11-28T03:00:00.000Z\n");
    expect(await probe()).toEqual({
      outcome: "unknown",
      detail: "it was begun, and nothing is on record of its end",
    });
    expect((await run()).outcome).toBe("unknown");
  });

  it("that was cut in the middle of its exit code is not read as another one", async () => {
    const { probe, receipt } = receipted("0", { 2: "refused" });
    const begun = "begun 2026-11-28T03:00:00.000Z\n";
    for (const cut of ["ended 2", "ended ne", "ended 255"]) {
      writeFileSync(join(receipt, "kept%2Fs.receipt"), `${begun}${cut}`);
      expect(await probe()).toMatchObject({ outcome: "unknown" });
    }
    writeFileSync(join(receipt, "kept%2Fs.receipt"), `${begun}ended 2\n`);
    expect(await probe()).toEqual({ outcome: "refused", detail: "its receipt says exit code 2" });
  });

  it("is looked for in a marked folder only: a mount point whose volume is gone is an empty folder, too", async () => {
    const { run, probe, receipt, cwd } = receipted("0");
    rmSync(join(receipt, ".wardroom-receipts"));
    expect(await probe()).toEqual({
      outcome: "unknown",
      detail: `the receipts in ${receipt} cannot be read, or are not there`,
    });
    expect(await run()).toEqual({
      outcome: "refused",
      detail: expect.stringMatching(/its volume is not mounted: it holds no \.wardroom-receipts/),
    });
    expect([readdirSync(receipt), readdirSync(cwd).toSorted()]).toEqual([[], ["do.sh", "receipts"]]);
  });

  it("stays open for what was ended at its timeout", async () => {
    const { cwd, write } = script("#!/bin/sh\nsleep 600\n");
    write(".wardroom-receipts", "");
    const { run, probe } = keptStep({ cwd, command: ["./do.sh"], receipt: cwd, timeout: "300ms" });
    expect((await run()).outcome).toBe("unknown");
    expect((await probe()).outcome).toBe("unknown");
  });

  it("says that it was never started of what could not be", async () => {
    const { cwd, write } = scriptFolder();
    write("do.sh", "#!/bin/sh\n", 0o644);
    write(".wardroom-receipts", "");
    const { run, probe } = keptStep({ cwd, command: ["./do.sh"], receipt: cwd });
    expect((await run()).outcome).toBe("refused");
    expect(await probe()).toEqual({ outcome: "refused", detail: "its receipt says that it was not started" });
  });

  it("that cannot be written or read lets nothing start and tells nothing", async () => {
    const { run, probe, receipt, cwd } = receipted("0");
    rmSync(receipt, { recursive: true });
    expect(await run()).toMatchObject({
      outcome: "refused",
      detail: expect.stringMatching("is no folder of receipts"),
    });
    expect(await probe()).toMatchObject({ outcome: "unknown", detail: expect.stringMatching("cannot be read") });
    expect(readdirSync(cwd)).toEqual(["do.sh"]);
  });

  it("is in the place of a program that can be asked itself", async () => {
    const { cwd, write } = script('#!/bin/sh\ntouch "done-$WARDROOM_KEY"\n');
    write("asked.sh", '#!/bin/sh\ntest -e "done-$WARDROOM_KEY" || exit 4\n');
    const probe = { command: ["./asked.sh"], exits: { 4: "refused" } };
    const step = keptStep({ cwd, command: ["./do.sh"], probe });
    expect(step.canProbe()).toBe(true);
    expect(await step.probe("k1")).toEqual({ outcome: "refused", detail: "./asked.sh: exit code 4" });
    expect((await step.run("k1")).outcome).toBe("done");
    expect(await step.probe("k1")).toEqual({ outcome: "done", detail: "./asked.sh: exit code 0" });
  });

  it("is not needed, but without one nobody can tell", async () => {
    const step = keptStep({ cwd: "/", command: ["/bin/true"] });
    expect(step.canProbe()).toBe(false);
    expect((await step.probe()).outcome).toBe("unknown");
  });
});
