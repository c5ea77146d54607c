import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ScanPool } from "../../src/log-search/scan-pool.ts";
import type { ScanTask } from "../../src/log-search/scan-task.ts";
import { jsonLine } from "./log-folder.ts";

/** Every line of a file of so many lines, by a slow pattern. */
async function scanOf(lines: number): Promise<ScanTask> {
  const folder = await mkdtemp(join(tmpdir(), "wardroom-pool-"));
  const path = join(folder, "a.log");
  await writeFile(
    path,
    Array.from({ length: lines }, (_, second) => jsonLine(second, { msg: "x".repeat(300) })).join(""),
  );
  const handle = await open(path);
  onTestFinished(async () => {
    await handle.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { size } = await handle.stat();
  const format = {
    kind: "json",
    time: "time",
    level: "level",
    message: undefined,
    show: [],
    hide: [],
    zone: undefined,
  } as const;
  return {
    kind: "scan",
    file: { fd: handle.fd, name: "a.log", size, packing: undefined, modifiedAt: 0 },
    format,
    question: {
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      untilNow: false,
      rank: undefined,
      match: { kind: "pattern", text: "[x-z]+ ?y|x$|level" },
      where: [],
      fields: undefined,
    },
    start: 0,
    end: size,
    keepsStart: true,
    leadAt: 0,
    header: undefined,
    keep: 1,
    deadlineAt: Number.MAX_SAFE_INTEGER,
  };
}

function pool(options: { readonly size: number; readonly idleMs: number }): ScanPool {
  const made = new ScanPool(options);
  onTestFinished(() => made.close());
  return made;
}

describe("the threads that scan", () => {
  it("answer more tasks than there are threads", async () => {
    const threads = pool({ size: 2, idleMs: 60_000 });
    const task = await scanOf(10);
    const answers = await Promise.all(Array.from({ length: 9 }, () => threads.run(task, Date.now() + 30_000)));
    expect(answers.map((answer) => answer.kind === "scanned" && answer.scanned.matched)).toEqual(Array(9).fill(10));
  });

  it("are replaced when one does not answer in time", async () => {
    const threads = pool({ size: 1, idleMs: 60_000 });
    const [slow, small] = [await scanOf(60_000), await scanOf(3)];
    const [late, next] = await Promise.all([threads.run(slow, Date.now()), threads.run(small, Date.now() + 30_000)]);
    expect(late).toMatchObject({ kind: "failed", code: "ETIMEDOUT" });
    expect(next).toMatchObject({ kind: "scanned", scanned: { matched: 3, complete: true } });
  });

  it("end when idle, and others start for the next task", async () => {
    const threads = pool({ size: 1, idleMs: 1 });
    const task = await scanOf(3);
    for (let round = 0; round < 5; round += 1) {
      expect(await threads.run(task, Date.now() + 30_000)).toMatchObject({ kind: "scanned" });
      await new Promise((resolve) => setTimeout(resolve, round));
    }
  });

  it("say what the system said when a file cannot be read", async () => {
    const threads = pool({ size: 1, idleMs: 60_000 });
    const task = await scanOf(3);
    const closed = { ...task, file: { ...task.file, fd: 1_000_000 } };
    expect(await threads.run(closed, Date.now() + 30_000)).toMatchObject({ kind: "failed", code: "EBADF" });
    expect(await threads.run(task, Date.now() + 30_000)).toMatchObject({ kind: "scanned" });
  });

  it("answer failed when they are ended at work", async () => {
    const threads = pool({ size: 1, idleMs: 60_000 });
    const working = threads.run(await scanOf(60_000), Date.now() + 30_000);
    await threads.close();
    expect(await working).toMatchObject({ kind: "failed" });
  });
});
