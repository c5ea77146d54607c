import { expect, it, onTestFinished, vi } from "vitest";
import { ConsoleCourier } from "../../../src/bot/console/courier.ts";
import { Deliveries } from "../../../src/bot/console/deliveries.ts";
import { Hub, type Session } from "../../../src/bot/console/hub.ts";
import { MessageStore } from "../../../src/bot/console/message-store.ts";
import { ConsoleRooms } from "../../../src/bot/console/rooms.ts";
import { FakeBot } from "./fake-bot.ts";

const accounts = [{ id: "ana", label: "@ana", personName: "Ana", roleWords: "operator" }] as const;

it("what begins with todo in a room of the console is a task, and plain talk elsewhere", async () => {
  const store = new MessageStore(":memory:", { messagesPerChannel: 10, fileBytes: 10 });
  onTestFinished(() => store.close());
  const now = () => 1_000;
  const hub = new Hub({
    store,
    current: () => ({ accounts, channels: [{ id: "ops", title: "ops", channel: "ops" }] }),
  });
  const rooms = new ConsoleRooms({ store, hub, now });
  const room = await rooms.open({ name: "inc-1", since: 0, isPrivate: false, like: "ops" });
  const bot = new FakeBot();
  const heard = vi.spyOn(bot, "handle");
  const courier = new ConsoleCourier({ store, hub, now });
  const deliveries = new Deliveries({ bot, store, hub, courier, log: { warn() {}, error() {} }, now });
  const session: Session = { tab: "t", account: accounts[0], send: () => {} };
  const says = (channel: string, id: string, text: string) =>
    deliveries.send(session, { type: "send", id, channel, text, say: true });
  says(room.place.channel, "m1", "todo: @boris raise the limit");
  says(room.place.channel, "m2", "nothing to do here");
  says("ops", "m3", "todo: buy milk");
  await deliveries.settled();
  expect(heard.mock.calls.map(([{ content, place }]) => ({ content, channel: place.channel }))).toEqual([
    {
      content: { kind: "form", command: "incident task", values: { text: "raise the limit", owner: "boris" } },
      channel: "inc-1",
    },
  ]);
});
