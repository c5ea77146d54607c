import { expect, it, onTestFinished, vi } from "vitest";
import { Acknowledgement } from "../../../src/bot/slack/acknowledgement.ts";
import { SlackCourier } from "../../../src/bot/slack/courier.ts";
import { SlackDelivery } from "../../../src/bot/slack/delivery.ts";
import { EnvelopeReceiver } from "../../../src/bot/slack/receiver.ts";
import { SlackWeb } from "../../../src/bot/slack/web.ts";
import type { Trouble } from "../../../src/domain/messages/trouble.ts";
import { createLog } from "../../../src/ops/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { startFakeSlack } from "../../fakes/slack/slack.ts";

const log = createLog({ level: "silent" });

async function connect() {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  const raised = new Map<string, string>();
  const troubles = {
    raise: ({ id, what }: Trouble): void => void raised.set(id, what),
    clear: (id: string): void => void raised.delete(id),
  };
  const web = new SlackWeb({
    token: slack.botToken,
    apiUrl: slack.apiUrl,
    troubles,
    log,
    meter: createMeasurements().meter,
  });
  return { slack, web, raised, courier: new SlackCourier(web, log), ana: slack.world.addUser({ name: "ana" }) };
}

it("a command that comes while it shuts down is told so, and an event is left for another socket", async () => {
  const receiver = new EnvelopeReceiver(log);
  await receiver.shut();
  const given: unknown[] = [];
  const acknowledge = async (payload?: unknown): Promise<void> => void given.push(payload);
  receiver.take({ body: { command: "/ops", text: "status" }, acknowledge });
  receiver.take({ body: { type: "event_callback" }, acknowledge });
  expect(given).toEqual([expect.objectContaining({ text: expect.stringContaining("Nothing was done") })]);
});

it("a channel that takes nothing, and a scope that is missing, are troubles until they are mended", async () => {
  const { slack, web, raised, courier, ana } = await connect();
  const channel = slack.world.addChannel({ name: "private-shut", bot: false });
  const message = { card: { tone: "neutral", title: "One", blocks: [] }, files: [], nonce: "n" } as const;
  const say = () => courier.post({ surface: "slack", channel }, message);
  await expect(say()).rejects.toThrow("invite it there");
  expect([...raised]).toEqual([[`slack/channel/${channel}`, expect.stringContaining("/invite")]]);
  slack.world.channels.get(channel)?.members.add(slack.world.botUser);
  await say();
  expect([...raised]).toEqual([]);

  const look = () =>
    web.call({ method: "users.info", lane: "reply", send: (client) => client.users.info({ user: ana }) });
  slack.scopes.delete("users:read");
  await expect(look()).rejects.toThrow("users:read");
  expect([...raised.keys()]).toEqual(["slack/scope/users:read"]);
  slack.scopes.add("users:read");
  await look();
  expect([...raised]).toEqual([]);
});

it("what is posted to a person can be edited and found again", async () => {
  const { slack, courier, ana } = await connect();
  const card = { tone: "neutral", title: "One", blocks: [] } as const;
  const place = { surface: "slack", channel: ana, direct: true } as const;
  const ref = await courier.post(place, { card, files: [], nonce: "n" });
  expect(ref.channel).toBe(slack.world.directWith(ana));
  expect(await courier.post(place, { card, files: [], nonce: "n", again: true })).toEqual(ref);
  expect(await courier.edit(ref, { card: { ...card, title: "Two" }, files: [], nonce: "n" })).toEqual(ref);
  expect(slack.messages(ref.channel).map(({ text }) => text)).toEqual(["Two"]);
});

it("what is wrong with a form whose modal was closed by then is said beside it", async () => {
  const { slack, web, courier, ana } = await connect();
  const channel = slack.world.addChannel({ name: "ops" });
  const given: unknown[] = [];
  const acknowledgement = new Acknowledgement(async (payload) => void given.push(payload), { log });
  const delivery = new SlackDelivery(
    {
      id: "form:1",
      account: { surface: "slack", id: ana },
      place: { surface: "slack", channel },
      content: { kind: "form", command: "incident declare", values: {} },
      acknowledgement,
      trigger: "too late",
      submitted: ["field:title"],
    },
    { web, courier, log },
  );
  // As when nothing was decided in time.
  acknowledgement.give({});
  await delivery.form({
    command: "incident declare",
    title: "Declare an incident",
    submit: "Send",
    danger: false,
    fields: [{ name: "title", label: "What is wrong", help: "", kind: "text", required: true }],
    values: {},
    carried: [],
    about: [],
    errors: { title: "At least 3 characters." },
    usage: "incident declare <severity> <title…>",
  });
  await vi.waitFor(() => expect(slack.ephemerals(ana)).toHaveLength(1), { timeout: 60_000 });
  expect(JSON.stringify(slack.ephemerals(ana)[0]?.blocks)).toContain("At least 3 characters.");
  expect(given).toEqual([{}]);
});

it("what is sent once more where the bot may not look is sent all the same, or told why not", async () => {
  const { slack, courier } = await connect();
  const message = { card: { tone: "neutral", title: "One", blocks: [] }, files: [], nonce: "n", again: true } as const;
  const open = slack.world.addChannel({ name: "open", bot: false });
  await courier.post({ surface: "slack", channel: open }, message);
  expect(slack.messages(open)).toHaveLength(1);
  const shut = slack.world.addChannel({ name: "private-1", bot: false });
  await expect(courier.post({ surface: "slack", channel: shut }, message)).rejects.toMatchObject({ fault: "refused" });
});
