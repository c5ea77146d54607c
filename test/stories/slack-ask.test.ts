import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";

it("a slash command is acknowledged and answered in its channel", async () => {
  const house = await openHouse();
  const ops = house.ids.slack["ops"] ?? "";
  const ana = house.slack.as(house.ids.slack["ana"] ?? "");
  const delivery = ana.slash("portfolio alphapulse", { channel: ops });
  await delivery.acked;
  await vi.waitFor(() => {
    const said = house.slack.messages(ops).map((message) => message.text);
    expect(said.join()).toContain("AlphaPulse");
  }, 5_000);
  expect(delivery.late).toBe(0);
});
