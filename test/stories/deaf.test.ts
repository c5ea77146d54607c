import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { textIn } from "./house/talk.ts";

it.concurrent("a platform that is deaf for a while is told on the other one, once, and so is its end", async ({
  onTestFinished: atEnd,
}) => {
  const house = await openHouse({ atEnd });
  const desk = house.ids.discord["desk"] ?? "";
  const told = () => house.discord.messages(desk).map((each) => textIn(each.embeds));
  await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), 60_000);
  expect(house.surfaces().deafness()[0]?.deaf()).toBeUndefined();
  const refusing = house.slack.fail({ method: "apps.connections.open", kind: "status", status: 503, times: 1_000 });
  house.slack.sockets.loseAll("terminate");
  await vi.waitFor(() => expect(house.surfaces().all[0]?.deaf()).toBeDefined(), 60_000);
  // A hiccup is nothing to restart a process for.
  expect(
    house
      .surfaces()
      .deafness()
      .map((each) => each.deaf()),
  ).toEqual([undefined, undefined]);
  await vi.waitFor(
    () => {
      expect(house.surfaces().deafness()[0]?.deaf()).toBe("no socket is open");
      expect(told().filter((each) => each.includes("Nothing that is said on Slack reaches Wardroom"))).toHaveLength(1);
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(refusing.hits).toBeGreaterThan(3);
  house.slack.heal();
  await vi.waitFor(() => expect(told()).toEqual([expect.stringContaining("trouble with Slack is over")]), {
    timeout: 60_000,
    interval: 100,
  });
  expect(
    house
      .surfaces()
      .deafness()
      .map((each) => each.deaf()),
  ).toEqual([undefined, undefined]);
});

it.concurrent("a platform that is down from the start on is told once, by its cause", async ({
  onTestFinished: atEnd,
}) => {
  const house = await openHouse({
    atEnd,
    deaf: true,
    before: ({ slack }) => void slack.fail({ method: "auth.test", kind: "status", status: 503, times: 10_000 }),
  });
  const desk = house.ids.discord["desk"] ?? "";
  const told = () => house.discord.messages(desk).map((each) => textIn(each.embeds));
  expect(house.surfaces().deafness()[0]?.deaf()).toBe("Slack has not said yet who the bot is");
  await vi.waitFor(() => expect(told()).toEqual([expect.stringContaining("Slack could not be reached")]), {
    timeout: 60_000,
    interval: 100,
  });
  // Back, and not heard for another moment: that is still the same trouble.
  house.slack.heal();
  house.slack.fail({ method: "apps.connections.open", kind: "slow", ms: 3_000, times: 2 });
  await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), { timeout: 60_000, interval: 100 });
  await vi.waitFor(() => expect(told()).toEqual([expect.stringContaining("trouble with Slack is over")]), {
    timeout: 60_000,
    interval: 100,
  });
});
