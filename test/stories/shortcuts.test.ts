import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, textIn } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 20 };

it("Slack's App Home says what waits for you and what is on fire", async () => {
  const house = await openHouse({ only: "slack" });
  await slackTalk(house).asks("ana", "flatten alphapulse reason:the exchange is halting");
  const boris = house.ids.slack["boris"] ?? "";
  house.slack.as(boris).openHome();
  await vi.waitFor(() => expect(textIn(house.slack.world.homes.get(boris))).toContain("1 waiting for you"), patience);
  const button = JSON.stringify(house.slack.world.homes.get(boris));
  expect(button).toContain("Show ");
  const stranger = house.slack.world.addUser({ name: "stranger" });
  house.slack.as(stranger).openHome();
  await vi.waitFor(() => expect(textIn(house.slack.world.homes.get(stranger))).toContain("link claim"), patience);
});

it("a message's menu shows the plan behind a request's card, and says so on any other message", async () => {
  const house = await openHouse();
  const card = await slackTalk(house).asks("ana", "flatten alphapulse reason:the exchange is halting");
  const code = /Request ([0-9A-F]{6})/.exec(card.text)?.[1] ?? "";
  const discordOps = house.ids.discord["ops"] ?? "";
  const copy = await vi.waitFor(() => {
    const found = house.discord.messages(discordOps).find((each) => textIn(each.embeds).includes(code));
    if (!found) throw new Error("no copy yet");
    return found;
  }, patience);
  const ops = house.ids.slack["ops"] ?? "";
  const shown = house.slack.messages(ops).find((each) => textIn(each.blocks).includes(code));
  if (!shown) throw new Error("no card");
  // Where a message stands is on record a moment after it does: who is faster than that asks again.
  await vi.waitFor(
    async () => {
      house.slack.as(house.ids.slack["boris"] ?? "").shortcut("shortcut:confirm-show", shown);
      await new Promise((resolve) => setTimeout(resolve, 800));
      const files = house.slack.messages(ops).flatMap((each) => each.files.map((file) => file.name));
      expect(files).toContain(`request-${code}.json`);
    },
    { timeout: 60_000, interval: 200 },
  );

  const boris = house.discord.as(house.ids.discord["boris"] ?? "");
  const delivery = boris.menu("Show the full plan", copy);
  await vi.waitFor(
    () => expect(delivery.answers[0]?.attachments.map((file) => file.name)).toEqual([`request-${code}.json`]),
    patience,
  );
  const other = boris.say("hello", { channel: discordOps });
  const refused = boris.menu("Show the full plan", other);
  await vi.waitFor(() => expect(textIn(refused.answers[0]?.embeds)).toContain("shows no request"), patience);
  expect(refused.answers[0]?.ephemeralFor).toBe(house.ids.discord["boris"]);
});

it("a form that came back wrong is offered again on Discord, and its errors stand in the form on Slack", async () => {
  const house = await openHouse();
  await slackTalk(house).opens("ana", "flatten alphapulse");
  const ana = house.slack.as(house.ids.slack["ana"] ?? "");
  ana.submit({ reason: "no" });
  await vi.waitFor(() => expect(ana.view?.errors).toHaveProperty("field:reason"), patience);
  const discord = await discordTalk(house).opens("ana", "flatten alphapulse");
  const again = await discord.submit({ reason: "no" });
  expect(again).toMatchObject({ private: true, buttons: ["Fill it in again"] });
  expect(again.text).toContain("at least 5 characters");
});
