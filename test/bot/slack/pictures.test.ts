import { expect, it, onTestFinished, vi } from "vitest";
import { SlackCourier } from "../../../src/bot/slack/courier.ts";
import { Pictures } from "../../../src/bot/slack/pictures.ts";
import { SlackWeb } from "../../../src/bot/slack/web.ts";
import type { Outgoing } from "../../../src/domain/messages/message.ts";
import { createLog } from "../../../src/ops/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { startFakeSlack } from "../../fakes/slack/slack.ts";
import { textIn } from "../../stories/house/talk.ts";

const patience = { timeout: 60_000, interval: 10 };
const picture = { name: "chart.png", mediaType: "image/png", bytes: new Uint8Array(9).fill(1) };
const action = { id: "b1", label: "Again", command: "metrics", args: {} };

function chart(title: string, rest: Partial<Outgoing> = {}): Outgoing {
  const blocks = [{ kind: "image", file: picture.name, alt: "It falls" }] as const;
  return { card: { tone: "neutral", title, blocks, actions: [action] }, files: [picture], nonce: "n", ...rest };
}

async function connect() {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  const log = createLog({ level: "silent" });
  const troubles = { raise() {}, clear() {} };
  const { meter } = createMeasurements();
  const web = new SlackWeb({ token: slack.botToken, apiUrl: slack.apiUrl, troubles, log, meter });
  const courier = new SlackCourier(web, log, new Pictures(web, log, 10));
  onTestFinished(() => courier.close());
  const place = { surface: "slack", channel: slack.world.addChannel({ name: "ops" }) } as const;
  const shown = () =>
    slack.messages(place.channel).map((each) => ({
      text: textIn(each.blocks),
      picture: JSON.stringify(each.blocks).includes('"slack_file"'),
      buttons: JSON.stringify(each.blocks).includes("press:b1"),
      files: each.files.map((file) => file.name),
    }));
  return { slack, courier, place, shown };
}

it("stands at once with words and buttons, and shows its picture once Slack has taken it in, however late", async () => {
  const { slack, courier, place, shown } = await connect();
  slack.world.fileRefusals = 6;
  await courier.post(place, chart("P&L"));
  expect(shown()).toEqual([{ text: expect.stringContaining("It falls"), picture: false, buttons: true, files: [] }]);
  await vi.waitFor(() => expect(shown()).toMatchObject([{ picture: true, buttons: true, files: [] }]), patience);
  const refused = slack.calls.filter((each) => each.method === "chat.update").length - 1;
  expect(refused).toBe(6);
});

it("one that Slack never takes in stands beside its message, which keeps its words and buttons", async () => {
  const { slack, courier, place, shown } = await connect();
  slack.world.fileRefusals = 1_000;
  await courier.post(place, chart("P&L"));
  await vi.waitFor(() => expect(shown()).toHaveLength(2), patience);
  expect(shown()).toEqual([
    { text: expect.stringContaining("It falls"), picture: false, buttons: true, files: [] },
    expect.objectContaining({ files: ["chart.png"] }),
  ]);
});

it("one that cannot be uploaded leaves its message as it is", async () => {
  const { slack, courier, place, shown } = await connect();
  slack.scopes.delete("files:write");
  await courier.post(place, chart("P&L"));
  await vi.waitFor(() => expect(slack.calls.at(-1)?.method).toBe("files.getUploadURLExternal"), patience);
  expect(shown()).toMatchObject([{ picture: false, buttons: true }]);
});

it("a message that becomes another meanwhile does not get the picture of before", async () => {
  const { slack, courier, place, shown } = await connect();
  const uploads = slack.fail({ method: "files.completeUploadExternal", kind: "slow", ms: 300 });
  const ref = await courier.post(place, chart("P&L"));
  await vi.waitFor(() => expect(uploads.hits).toBe(1), patience);
  await courier.edit(ref, { card: { tone: "neutral", title: "Over", blocks: [] }, files: [], nonce: "n" });
  const other = await courier.post(place, chart("Another", { nonce: "other" }));
  // The other one's picture was begun later and is there, so the first one's would be too.
  await vi.waitFor(() => expect(shown().at(-1)).toMatchObject({ picture: true }), patience);
  expect(shown()[0]).toMatchObject({ text: "Over", picture: false });
  expect(other.id).not.toBe(ref.id);
});

it("an answer that takes its placeholder's place has its picture too", async () => {
  const { courier, place, shown } = await connect();
  const ref = await courier.post(place, {
    ...chart("Working…"),
    card: { tone: "neutral", title: "Working…", blocks: [] },
    files: [],
  });
  await courier.edit(ref, chart("P&L", { lane: "reply" }));
  await vi.waitFor(() => expect(shown()).toMatchObject([{ picture: true, buttons: true, files: [] }]), patience);
});

it("what another process sends once more while its picture goes up stands once, as it is now", async () => {
  const { slack, courier, place, shown } = await connect();
  slack.fail({ method: "files.getUploadURLExternal", kind: "slow", ms: 400 });
  const first = await courier.post(place, chart("P&L"));
  expect(await courier.post(place, chart("P&L now", { again: true }))).toEqual(first);
  await vi.waitFor(() => expect(shown()).toMatchObject([{ picture: true }]), patience);
  expect(shown()[0]?.text).toContain("P&L now");
});

it("what one person sees alone has its picture in the conversation with them", async () => {
  const { slack, courier, place } = await connect();
  const ana = slack.world.addUser({ name: "ana" });
  await courier.post(place, chart("P&L", { audience: { surface: "slack", id: ana } }));
  expect(textIn(slack.ephemerals(ana).map((each) => each.blocks))).toContain("It falls");
  const direct = slack.messages(slack.world.directWith(ana));
  expect(direct.flatMap((each) => each.files.map((file) => file.name))).toEqual(["chart.png"]);
});

it("an edit shows the picture that Slack has taken in already, in one call; one that Slack has lost is uploaded again", async () => {
  const { slack, courier, place, shown } = await connect();
  const ref = await courier.post(place, chart("P&L"));
  await vi.waitFor(() => expect(shown()).toMatchObject([{ picture: true }]), patience);
  const called = () =>
    slack.calls.filter(({ method }) => method.startsWith("files.") || method === "chat.update").length;
  // The picture stands a moment before the courier has heard so; until then an edit brings it anew. Edits have their pace.
  await vi.waitFor(
    async () => {
      const before = called();
      await courier.edit(ref, chart("It rises"));
      expect(shown()).toMatchObject([{ text: expect.stringContaining("It rises"), picture: true, buttons: true }]);
      expect(called() - before).toBe(1);
    },
    { timeout: 60_000, interval: 1_000 },
  );

  slack.world.fileRefusals = 2;
  await courier.edit(ref, chart("It falls on"));
  await vi.waitFor(
    () => expect(shown()).toMatchObject([{ text: expect.stringContaining("It falls on"), picture: true }]),
    patience,
  );
});
