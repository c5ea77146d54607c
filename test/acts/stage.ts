import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";

export const place = { surface: "slack", channel: "C1" } as const;

/** Somebody doing something in a delivery. The same delivery again is what a process that died leaves to another. */
export function by(name: string, invocation: string) {
  return { person: name, name, account: `slack:${name}`, invocation };
}

/** A store of the running test. */
export function openStore(now?: () => number) {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-acts-"));
  const store = openSqliteStore({ path: join(folder, "state.db"), ...(now && { now }) });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}
