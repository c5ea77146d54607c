import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { acceptInvocation } from "../../../src/acts/messages/accept-invocation.ts";
import { keepAtWork } from "../../../src/bot/pipeline/keep-at-work.ts";
import { invocationQueue } from "../../../src/records/invocation.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";
import { quiet } from "../../stories/room.ts";

it("a command under way is nobody else's for as long as its process says so, and soon after it no longer does", async () => {
  const clock = { aheadMs: 0 };
  const folder = mkdtempSync(join(tmpdir(), "wardroom-kept-"));
  const store = openSqliteStore({ path: join(folder, "wardroom.db"), now: () => Date.now() + clock.aheadMs });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const claim = async (): Promise<number> => (await store.claim(invocationQueue, { leaseMs: 1_000, limit: 1 })).length;
  const { record } = await acceptInvocation(store, {
    key: "one",
    account: { surface: "terminal", id: "ana" },
    place: { surface: "terminal", channel: "terminal", direct: false },
    content: { kind: "text", text: "status" },
    question: true,
  });
  const kept = keepAtWork({ store, log: quiet }, record.key, 10);
  clock.aheadMs = 14_000;
  const heldPast = async (): Promise<number> => ((await store.owed(invocationQueue)).oldestDue ?? 0) - Date.now();
  await vi.waitFor(async () => expect(await heldPast()).toBeGreaterThan(20_000), { timeout: 60_000, interval: 10 });
  clock.aheadMs = 28_000;
  expect(await claim()).toBe(0);
  await kept.end();
  clock.aheadMs = 44_000;
  expect(await claim()).toBe(1);
});
