import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clearTrouble } from "../../../src/acts/messages/tell-trouble.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";

it("a trouble that the release before put on record, without the name of its surface, is over like any other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-acts-"));
  const store = openSqliteStore({ path: join(folder, "state.db"), now: () => 1_000_000 });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const places = [{ surface: "console", channel: "operators" }];
  const value = { since: 1, what: "The token was revoked.", remedy: "Set another.", surface: "slack", places };
  await store.commit({ id: "before", put: [{ key: "trouble/slack/token", value }] });
  expect(await clearTrouble(store, "slack/token")).toBe(true);
  const [owed] = await store.claim("notices/console", { leaseMs: 1_000, limit: 1 });
  expect(owed?.body).toMatchObject({ place: places[0], card: { title: "Wardroom's trouble with slack is over" } });
});
