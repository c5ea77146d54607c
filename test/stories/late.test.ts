import { expect, it, vi } from "vitest";
import { z } from "zod";
import { Step } from "../../src/domain/systems/steps.ts";
import { findRequest } from "../../src/records/request.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const Watch = z.looseObject({});

/** Verification gives up waiting at once: what it then does is what counts. */
function impatient(config: Room["config"]): Room["config"] {
  const brief = (step: Step): Step =>
    step.kind === "watch" ? Step.parse({ ...step, spec: { ...Watch.parse(step.spec), within: "2500ms" } }) : step;
  return {
    ...config,
    systems: config.systems.map((system) => ({
      ...system,
      operations: Object.fromEntries(
        Object.entries(system.operations).map(([id, operation]) => [
          id,
          { ...operation, verify: operation.verify.map(brief) },
        ]),
      ),
    })),
  };
}

it("a flatten whose last position closes a minute later is settled by its own verification, late", async () => {
  const room = await openRoom({ change: impatient });
  room.demo.alphapulse.leaveOpen(["BTCUSDT"]);
  const card = cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"'));
  const code = codeOf(card);
  await room.press("boris", card, "Approve");
  await room.settled(code, "outcome unknown");
  expect(room.copies(code)[0]?.summary).toContain("Wardroom keeps looking");
  // Long after the window, and before anybody could be sure that nobody acts any more.
  room.clock.aheadMs += 70_000;
  const looks = async () => (await findRequest(room.bot().store, code, () => true))?.run?.probes ?? 0;
  const before = await looks();
  await vi.waitFor(async () => expect(await looks()).toBeGreaterThan(before), { timeout: 60_000 });
  await room.settled(code, "outcome unknown");
  room.demo.alphapulse.setPositions([]);
  room.clock.aheadMs += 60_000;
  await room.settled(code, "done");
  expect(room.copies(code)[0]?.summary).toMatch(/confirmed late, after \d+ (s|min)/);
  // Its target is free.
  room.demo.alphapulse.leaveOpen([]);
  room.demo.alphapulse.setPositions([{ symbol: "ETHUSDT", side: "short", quantity: 10, price: 3_000 }]);
  const again = cardOf(await room.says("ana", 'flatten alphapulse reason:"once more, to be sure"'));
  await room.press("boris", again, "Approve");
  await room.settled(codeOf(again), "done");
});
