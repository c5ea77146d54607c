import { expect, it } from "vitest";
import { System } from "../../src/domain/systems/system.ts";
import { escalationAuditSlot } from "../../src/workers/escalations.ts";
import { openDesk } from "../acts/alerts/desk.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { quiet } from "../stories/room.ts";

it("what calls people is watched: that nobody was called in time is told to the operators, until it was made up for", async () => {
  const desk = openDesk(
    { routes: [{ id: "all", channels: ["ops"] }] },
    policy(),
    System.parse({
      id: "logos",
      title: "LOGOS",
      escalation: {
        contacts: { admin: { people: ["ana"] } },
        classes: [{ id: "P1", severities: ["critical"], levels: [{ after: "15m", contacts: ["admin"] }] }],
      },
    }),
  );
  const raised = new Map<string, string>();
  const audit = escalationAuditSlot({
    ...desk.paging,
    log: quiet,
    troubles: { raise: ({ id, what }) => void raised.set(id, what), clear: (id) => void raised.delete(id) },
  });
  await desk.post(postedAlert({}));
  desk.clock.now += 16 * 60_000;
  await audit.run();
  expect([...raised]).toEqual([]);
  desk.clock.now += 2 * 60_000;
  await audit.run();
  expect(raised.get("escalation-stuck")).toMatch(
    /^Escalation does not do its work\. Nobody was called in time for 1 alert: [0-9a-f]{12}\.$/,
  );
  await desk.page(0);
  await audit.run();
  expect([...raised]).toEqual([]);
});
