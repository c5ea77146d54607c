import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { slackTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

it("status with watch: tells what changes of a system in its channel, and nothing else, until its time is over", async () => {
  const house = await openHouse({ only: "slack" });
  const talk = slackTalk(house);
  const watched = await talk.asks("ana", "status alphapulse watch:30m");
  expect(watched.text).toContain("What changes is told here until");
  expect((await talk.asks("ana", "status watch:30m")).text).toContain("Watch what?");
  const changes = () => talk.channel().filter(({ text }) => text.includes("AlphaPulse-RL changed"));
  const toldOf = (words: RegExp) =>
    vi.waitFor(() => {
      house.clock.aheadMs += 1_000;
      expect(changes().at(-1)?.text).toMatch(words);
    }, patience);
  house.demo.alphapulse.setResult({ drawdownPercent: 12.5 });
  await toldOf(/Drawdown limit .*: fires \(critical\)/);
  house.demo.alphapulse.setResult({ drawdownPercent: 0 });
  await toldOf(/Drawdown limit .* → is over/);
  // What stays as it is stands in none of them.
  for (const { text } of changes()) expect(text).not.toContain("Services: ");
  house.clock.aheadMs += 31 * 60_000;
  await vi.waitFor(() => expect(talk.channel().at(-1)?.text).toMatch(/watched no more/), patience);
}, 240_000);
