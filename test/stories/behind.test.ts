import { expect, it, vi } from "vitest";
import { cardOf, codeOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

it("the card of what waits for a yes says whose run it would wait for, as it is asked and on every copy, until that is over", async () => {
  const room = await openRoom();
  const flatten = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
  const words = () => room.copies(flatten).map((card) => JSON.stringify(card));
  expect(words().join()).not.toContain("Approved now");
  await room.demo.alphapulse.trading.fail({ kind: "hang", only: "changes" });
  const restart = codeOf(
    cardOf(await room.says("ana", 'run alphapulse restart-service service:data-feed reason:"it hangs"')),
  );
  const holds = `Approved now, it would wait for request ${restart} (restart-service, running), which holds service/data-feed, container/alphapulse-trading, container/alphapulse-redis of alphapulse.`;
  await vi.waitFor(() => {
    expect(words().length).toBeGreaterThan(0);
    expect(words().filter((card) => !card.includes(holds))).toEqual([]);
  }, patience);
  expect(JSON.stringify(cardOf(await room.says("boris", `confirm show ${flatten}`)))).toContain(holds);
  const waits = `It waits for request ${restart} (restart-service, running), which holds service/data-feed, container/alphapulse-trading, container/alphapulse-redis of alphapulse.`;
  const yes = JSON.stringify(cardOf(await room.says("boris", `confirm approve ${flatten}`)));
  expect(yes).toContain(waits);
  expect(yes).toContain(`Who can end that: confirm who ${restart}.`);
  await vi.waitFor(() => expect(words().filter((card) => !card.includes(waits))).toEqual([]), patience);
  await room.says("boris", `confirm withdraw ${flatten}`);
  await room.demo.alphapulse.trading.heal();
  room.clock.aheadMs += 180_000;
  await room.settled(restart, "failed, nothing changed");
  await vi.waitFor(() => expect(words().filter((card) => card.includes("Approved now"))).toEqual([]), patience);
});
