import { expect, it, vi } from "vitest";
import { owedNotice } from "../../src/records/notice.ts";
import { putTrouble } from "../../src/records/trouble.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { openPostOffice } from "../fakes/post-office.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

it("what is urgent is sent at once while everything else of its surface hangs, and in its own lane", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "slack", policy());
  const freed = Promise.withResolvers<void>();
  let hanging = 0;
  office.before = async ({ channel }) => {
    if (channel === "P0") return;
    hanging += 1;
    await freed.promise;
  };
  const now = await store.now();
  const told = (channel: string) => ({
    subject: { kind: "trouble" as const, trouble: "t", since: 1 },
    place: { surface: "slack", channel },
  });
  const record = { format: 2, since: 1, what: "Off.", remedy: "On.", surfaceName: "Slack", places: [] } as const;
  const notices = Array.from({ length: 40 }, (_, at) => owedNotice(told(`C${at}`), now));
  await store.commit({ id: "hang", put: [putTrouble("t", { ...record, places: [] })], notices });
  await vi.waitFor(() => expect(hanging).toBe(16), 60_000);
  await store.commit({ id: "urgent", notices: [owedNotice({ ...told("P0"), lane: "urgent" }, now)] });
  await vi.waitFor(() => expect(office.handed.map(({ channel }) => channel)).toEqual(["P0"]), 60_000);
  expect(office.handed[0]?.message.lane).toBe("urgent");
  freed.resolve();
});
