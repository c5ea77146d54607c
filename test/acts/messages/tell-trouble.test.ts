import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clearTrouble } from "../../../src/acts/messages/tell-trouble.ts";
import { showSubject } from "../../../src/cards/subjects.ts";
import { readSubject } from "../../../src/reads/subject.ts";
import { Notice } from "../../../src/records/notice.ts";
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
  const { subject, place } = Notice.parse(owed?.body);
  const data = await readSubject(store, subject);
  expect(place).toEqual(places[0]);
  expect(data && showSubject(data).card.title).toBe("Wardroom's trouble with slack is over");
});
