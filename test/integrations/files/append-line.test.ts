import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { backends, OperationFile, planner } from "../../fakes/backends.ts";
import { scriptFolder } from "../process/scripts.ts";
import { inTwoMinutes } from "./later.ts";

function stepOn(asked: { readonly file: string; readonly create?: boolean; readonly line?: string }, note = "by hand") {
  const operation = OperationFile.parse({
    summary: "Write it down",
    risk: "change",
    arguments: { note: { type: "text", title: "Note" } },
    steps: [{ id: "s", title: "S", appendLine: { line: "decision: {note}", ...asked } }],
  });
  const [step] = planner.plan(operation, { note }).steps;
  if (!step) throw new Error("there is no step");
  const runner = createStepRunner(backends);
  return {
    step,
    run: (key = "req/s") => runner.run(step, { key, elapsedMs: 0 }),
    probe: (key = "req/s", elapsedMs?: number) => runner.probe(step, key, elapsedMs),
  };
}

function fileWith(text: string) {
  const { cwd, write } = scriptFolder();
  const file = write("decisions.log", text, 0o644);
  return { cwd, file, now: () => readFileSync(file, "utf8") };
}

describe("a line at the end of a file", () => {
  it("is written once for each key, and read back", async () => {
    const { file, now } = fileWith("first\n");
    const at = stepOn({ file });
    expect(at.step.description).toBe(`"decision: by hand" at the end of ${file}`);
    await inTwoMinutes(async () => {
      expect(await at.probe("req/s", 0)).toEqual({
        outcome: "refused",
        detail: `${file} does not hold the line, and nobody has written it since`,
      });
    });
    expect(await at.run()).toEqual({ outcome: "done", detail: `${file} holds the line, read back` });
    expect(await at.run()).toEqual({ outcome: "done", detail: `${file} held the line already` });
    expect(await at.probe()).toEqual({ outcome: "done", detail: `${file} holds the line` });
    expect(now()).toBe("first\ndecision: by hand [req/s]\n");
    // Another request, of which the first one's key is only a part.
    expect((await at.probe("req/s2")).outcome).toBe("unknown");
    expect((await at.run("req/s2")).outcome).toBe("done");
    expect(now()).toBe("first\ndecision: by hand [req/s]\ndecision: by hand [req/s2]\n");
  });

  it("is one of its own where the file does not end with a line end, as after half a write", async () => {
    const { file, now } = fileWith("decision: by hand [req/s");
    expect((await stepOn({ file }).probe()).outcome).toBe("unknown");
    expect((await stepOn({ file }).run()).outcome).toBe("done");
    expect(now()).toBe("decision: by hand [req/s\ndecision: by hand [req/s]\n");
  });

  it("is found at the end of a long file, and unknown where it may stand before that", async () => {
    const { file } = fileWith(`decision: by hand [req/old]\n${"x".repeat(1_023)}\n`.padEnd(5 << 20, "y\n"));
    const at = stepOn({ file });
    expect((await at.run()).outcome).toBe("done");
    expect((await at.probe()).outcome).toBe("done");
    expect(await at.probe("req/old")).toEqual({
      outcome: "unknown",
      detail: `the last 4 MiB of ${file} do not hold the line`,
    });
  });

  it("is not told as never written where the file was rotated since", async () => {
    const { file } = fileWith("first\n");
    const at = stepOn({ file });
    expect((await at.run()).outcome).toBe("done");
    renameSync(file, `${file}.1`);
    writeFileSync(file, "");
    expect(await at.probe("req/s", 5_000)).toEqual({
      outcome: "unknown",
      detail: `${file} does not hold the line; it may have held it, and been rotated since`,
    });
  });

  it("makes a file only where it may, and never a folder", async () => {
    const { cwd } = scriptFolder();
    const file = join(cwd, "new.log");
    expect(await stepOn({ file }).run()).toEqual({
      outcome: "refused",
      detail: `${file}: is not there: make it, or correct its path`,
    });
    expect(await stepOn({ file }).probe()).toMatchObject({ outcome: "unknown" });
    expect(await stepOn({ file, create: true }).run()).toMatchObject({ outcome: "done" });
    expect(readFileSync(file, "utf8")).toBe("decision: by hand [req/s]\n");
    const below = stepOn({ file: join(cwd, "folder", "new.log"), create: true });
    expect(await below.run()).toMatchObject({ outcome: "refused" });
    expect(existsSync(join(cwd, "folder"))).toBe(false);
  });

  it("goes into no folder, no pipe and no device", async () => {
    const { cwd } = scriptFolder();
    const pipe = join(cwd, "pipe");
    execFileSync("/usr/bin/mkfifo", [pipe]);
    symlinkSync("/dev/full", join(cwd, "full"));
    for (const file of [cwd, pipe, join(cwd, "full")])
      expect(await stepOn({ file, create: true }).run()).toEqual({
        outcome: "refused",
        detail: `${file}: is no plain file`,
      });
  });

  it.each(["a\nb", "a\r[req/s]", "a\u0000", "a\u001B[2J", "a\u2028b", "a\u202Eb"])(
    "holds no line end and nothing unseen: %j",
    (note) => {
      expect(() => stepOn({ file: "/tmp/x" }, note)).toThrow("would hold line ends or characters that nobody sees");
    },
  );

  it("is masked before anybody agrees to it, and has an end", async () => {
    const { file, now } = fileWith("");
    const at = stepOn({ file }, "password=tulip-Value-0123456789");
    expect(at.step.description).toContain("decision: password=[redacted]");
    expect((await at.run()).outcome).toBe("done");
    expect(now()).toBe("decision: password=[redacted] [req/s]\n");
    expect(() => stepOn({ file }, "x".repeat(2_000))).toThrow("would be longer than 2000 characters");
    expect(() => stepOn({ file, line: "{note}" }, " ")).toThrow("The line would be empty");
    expect(() => stepOn({ file: "decisions.log" })).toThrow("a whole path");
    expect(() => stepOn({ file, line: "a\nb" })).toThrow("one line, of what is seen");
  });
});
