import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished, vi } from "vitest";
import { Upkeep } from "../../src/store/sqlite/upkeep.ts";

function openFile() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-upkeep-"));
  const path = join(folder, "state.db");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(x)");
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { database, path };
}

it("what did not wait for the disk is on it soon, together, and what came meanwhile after that", async () => {
  const { database, path } = openFile();
  const syncs: (() => void)[] = [];
  const syncFile = (): Promise<void> => new Promise((resolve) => void syncs.push(resolve));
  const upkeep = new Upkeep(database, { path, idle: () => true, syncFile });
  upkeep.written(3, { waited: true });
  for (let each = 0; each < 5; each += 1) upkeep.written(1, { waited: false });
  await vi.waitFor(() => expect(syncs).toHaveLength(1));
  upkeep.written(1, { waited: false });
  syncs[0]?.();
  await vi.waitFor(() => expect(syncs).toHaveLength(2));
  syncs[1]?.();
  await upkeep.stop();
});
