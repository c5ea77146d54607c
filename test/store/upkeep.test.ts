import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished, vi } from "vitest";
import { CopyThread } from "../../src/store/sqlite/copy-thread.ts";
import { Upkeep } from "../../src/store/sqlite/upkeep.ts";

function openFile() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-upkeep-"));
  const path = join(folder, "state.db");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t(x)");
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (): void => void database.prepare("INSERT INTO t VALUES(?)").run("x".repeat(10_000));
  /** Nothing but copying makes the file itself larger. */
  const copied = (): number => statSync(path).size;
  return { database, path, write, copied };
}

/** Enough commits for the log to be due. */
const due = 200;

it("what did not wait for the disk is on it soon, together, and what came meanwhile after that", async () => {
  const { database, path } = openFile();
  const syncs: (() => void)[] = [];
  const syncFile = (): Promise<void> => new Promise((resolve) => void syncs.push(resolve));
  const upkeep = new Upkeep(database, { path, syncFile });
  upkeep.written(3, { waited: true });
  for (let each = 0; each < 5; each += 1) upkeep.written(1, { waited: false });
  await vi.waitFor(() => expect(syncs).toHaveLength(1), { timeout: 60_000 });
  upkeep.written(1, { waited: false });
  syncs[0]?.();
  await vi.waitFor(() => expect(syncs).toHaveLength(2), { timeout: 60_000 });
  syncs[1]?.();
  await upkeep.stop();
});

it("the log is copied into the file in a quiet moment, and beside the loop where there is none", async () => {
  const { database, path, write, copied } = openFile();
  const beside = vi.fn<() => Promise<void>>(async () => {});
  const upkeep = new Upkeep(database, { path, thread: { copy: beside, stop: async () => {} } });
  const before = copied();
  write();
  upkeep.written(due, { waited: true });
  await vi.waitFor(() => expect(copied()).toBeGreaterThan(before), { timeout: 60_000 });
  expect(beside).not.toHaveBeenCalled();
  upkeep.written(due, { waited: true });
  const busy = setInterval(() => upkeep.written(1, { waited: true }), 10);
  await vi.waitFor(() => expect(beside).toHaveBeenCalled(), { timeout: 60_000 });
  write();
  const between = copied();
  clearInterval(busy);
  await vi.waitFor(() => expect(copied()).toBeGreaterThan(between), { timeout: 60_000 });
  await upkeep.stop();
});

it("another process at the file keeps nobody waiting: what could not be copied is copied the next time", async () => {
  const { database, path, write, copied } = openFile();
  const other = new DatabaseSync(path);
  const upkeep = new Upkeep(database, { path, thread: { copy: async () => {}, stop: async () => {} } });
  other.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES('here')");
  const done = vi.spyOn(database, "exec");
  upkeep.written(due, { waited: true });
  await vi.waitFor(() => expect(done).toHaveBeenCalledTimes(2), { timeout: 60_000 });
  other.exec("COMMIT");
  other.close();
  const before = copied();
  write();
  upkeep.written(due, { waited: true });
  await vi.waitFor(() => expect(copied()).toBeGreaterThan(before), { timeout: 60_000 });
  // Its patience with other processes is what it was.
  expect(database.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: 5_000 });
  await upkeep.stop();
});

it("the thread copies while others hold the file, ends when nobody wants it, and is there again for the next", async () => {
  const { path, write, copied } = openFile();
  const thread = new CopyThread(path, 1);
  const warned = vi.spyOn(process, "emitWarning");
  for (let round = 0; round < 20; round += 1) await thread.copy();
  expect(warned).not.toHaveBeenCalled();
  for (let round = 0; round < 2; round += 1) {
    const before = copied();
    write();
    await thread.copy();
    expect(copied()).toBeGreaterThan(before);
    await vi.waitFor(() => expect(thread.running).toBe(false), { timeout: 60_000 });
  }
  await thread.stop();
});

it("a thread that cannot open the file is no failure of anybody's", async () => {
  const { path } = openFile();
  const thread = new CopyThread(`${path}/is/no/folder`);
  await thread.copy();
  await vi.waitFor(() => expect(thread.running).toBe(false), { timeout: 60_000 });
  await thread.stop();
});
