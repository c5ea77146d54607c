import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";

/** A store for one test, with a clock that the test moves; it goes when the test ends. */
export function scratchStore(clock: { now: number } = { now: Date.UTC(2026, 0, 1) }): Store {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-scratch-"));
  const store = openSqliteStore({ path: join(folder, "state.db"), now: () => clock.now });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}
