import { expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { unacknowledgeAlert } from "../../../src/acts/alerts/unacknowledge.ts";
import { withAcks } from "../../../src/reads/firing.ts";
import { alertCode } from "../../../src/records/ack.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { by } from "../stage.ts";

// A delivery whose process died before it was answered is run again: what it did is done once, and told as done.

it("an acknowledgement that is taken back again is nobody else's", async () => {
  const store = scratchStore();
  const named = { system: "trader", source: "rules", id: "a" };
  const alert = {
    ...named,
    code: alertCode(named),
    severity: "critical",
    ownSeverity: "P1",
    summary: "Stopped",
    since: await store.now(),
  } as const;
  const [first, back] = [by("ana", "1"), by("ana", "2")];
  await acknowledgeAlert(store, alert, first);
  expect(await acknowledgeAlert(store, alert, first)).toMatchObject({ fresh: true, ack: { by: { name: "ana" } } });
  expect(await acknowledgeAlert(store, alert, by("ana", "other"))).toMatchObject({ fresh: false });
  expect(await unacknowledgeAlert(store, alert.code, back)).toMatchObject({ by: { name: "ana" } });
  expect(await unacknowledgeAlert(store, alert.code, back)).toMatchObject({ by: { name: "ana" } });
  await acknowledgeAlert(store, alert, by("boris", "3"));
  await unacknowledgeAlert(store, alert.code, back);
  expect((await withAcks(store, [alert]))[0]?.ack?.by.name).toBe("boris");
});
