import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { slackTalk, textIn } from "./house/talk.ts";

const json = "application/json";
const form = "application/x-www-form-urlencoded";

/** Posts to the bot's address as Slack does, and gives up where Slack has long given up. */
async function post(house: House, body: string, { type = json, signed = true, more = {} } = {}) {
  const headers = { "content-type": type, ...(signed && house.slack.sign(body)), ...more };
  const answer = await fetch(house.slack.eventsUrl ?? "", {
    method: "POST",
    body,
    headers,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: answer.status, text: await answer.text() };
}

const interactive = (payload: object): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const who = { team: { id: "T0WARDROOM" }, user: { id: "U1", team_id: "T0WARDROOM" }, trigger_id: "1.2.t" };
const event = (inner: object): string =>
  JSON.stringify({ type: "event_callback", team_id: "T0WARDROOM", event_id: "Ev1", event: inner });

const unmatched: readonly (readonly [what: string, body: string, type: string, answer: string])[] = [
  ["the check of the certificate", "ssl_check=1&token=legacy", form, ""],
  ["that it may call too often", JSON.stringify({ type: "app_rate_limited", team_id: "T0WARDROOM" }), json, ""],
  ["a type that does not exist yet", JSON.stringify({ type: "something_new" }), json, ""],
  ["an event nobody listens to", event({ type: "reaction_removed", user: "U1" }), json, ""],
  ["a sign under something that is no message", event({ type: "reaction_added", user: "U1" }), json, ""],
  ["an event without a type", event({}), json, ""],
  [
    "what the bot said itself",
    event({ type: "message", user: "U0WARDROOM", bot_id: "B0WARDROOM", ts: "1.1" }),
    json,
    "",
  ],
  [
    "a modal that was closed",
    interactive({ type: "view_closed", ...who, view: { id: "V1", callback_id: "x", type: "modal" } }),
    form,
    "",
  ],
  [
    "a form of somebody else's",
    interactive({ type: "view_submission", ...who, view: { id: "V1", callback_id: "x", state: { values: {} } } }),
    form,
    "",
  ],
  [
    "a button of a release before",
    interactive({ type: "block_actions", ...who, actions: [{ type: "button", action_id: "old", block_id: "b" }] }),
    form,
    "",
  ],
  [
    "a button that lacks what every button has",
    interactive({ type: "block_actions", ...who, trigger_id: 7, actions: [{ action_id: "press:x", block_id: "b" }] }),
    form,
    "",
  ],
  ["an entry of the menu of everything", interactive({ type: "shortcut", ...who, callback_id: "gone" }), form, ""],
  [
    "an entry of the menu of a message",
    interactive({ type: "message_action", ...who, callback_id: "gone", channel: { id: "C1" }, message: { ts: "1.1" } }),
    form,
    "",
  ],
  [
    "a menu that asks for its options",
    interactive({ type: "block_suggestion", ...who, action_id: "gone", block_id: "b", value: "" }),
    form,
    '{"options":[]}',
  ],
];

describe("over HTTP", () => {
  it("whatever Slack signed that asks nothing of the bot is answered, and nothing unsigned is taken", async () => {
    const house = await openHouse({ only: "slack", overHttp: true });
    for (const [what, body, type, text] of unmatched) {
      expect([what, await post(house, body, { type })]).toEqual([what, { status: 200, text }]);
      expect([what, await post(house, body, { type, signed: false })]).toEqual([what, { status: 401, text: "" }]);
    }
    // And then it hears as before.
    expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
  });

  it("what cannot be read is told so to whoever typed it, and an event comes again", async () => {
    const house = await openHouse({ only: "slack", overHttp: true });
    const command = await post(house, "command=%2Fops&text=status&user_id=U1&team_id=T1", { type: form });
    expect(command).toMatchObject({ status: 200, text: expect.stringContaining("nothing was done") });
    const mention = event({ type: "app_mention", user: "U1", channel: "C1" });
    expect(await post(house, mention)).toEqual({ status: 503, text: "" });
    expect(await post(house, "not json")).toMatchObject({ status: 400 });
  });

  it("one signed request that comes again acts once, and one of another workspace or of nobody never", async () => {
    const house = await openHouse({ only: "slack", overHttp: true });
    const talk = slackTalk(house);
    const channel_id = house.ids.slack["ops"] ?? "";
    const asks = (team_id: string | undefined): string =>
      new URLSearchParams({
        command: "/ops",
        text: "incident declare P2 Feed is late",
        channel_id,
        user_id: house.ids.slack["ana"] ?? "",
        trigger_id: house.slack.world.trigger(house.ids.slack["ana"] ?? ""),
        api_app_id: house.slack.world.appId,
        is_enterprise_install: "false",
        ...(team_id !== undefined && { team_id }),
      }).toString();
    const own = asks(house.slack.world.team);
    const first = house.slack.sign(own);
    const again = { ...first, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
    const odd = { ...first, "x-slack-retry-num": "often" };
    const answers = await Promise.all([first, first, again, odd].map((more) => post(house, own, { type: form, more })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const team of ["T0OTHER", "", undefined])
      expect(await post(house, asks(team), { type: form })).toMatchObject({ status: 200 });
    // Their number counts up, so that a second one would have it.
    const opened = (): readonly string[] =>
      textIn(house.slack.messages(channel_id).map((each) => each.blocks)).match(/Incident \d+/g) ?? [];
    const refused = () => house.slack.ephemerals(house.ids.slack["ana"] ?? "").map((each) => textIn([each.blocks]));
    await vi.waitFor(
      () => {
        expect(opened()).toContain("Incident 1");
        expect(refused().filter((text) => text.includes("not of the workspace"))).toHaveLength(2);
      },
      { timeout: 60_000 },
    );
    expect((await talk.asks("ana", "incident show 1")).text).toContain("Feed is late");
    expect((await talk.asks("ana", "incident show 2")).text).not.toContain("Feed is late");
    expect(new Set(opened())).toEqual(new Set(["Incident 1"]));
  });

  it.each([
    ["in another coding", { "content-encoding": "gzip" }, 401],
    ["of no known type", { "content-type": "image/png" }, 200],
    ["signed under another version", { "x-slack-signature": "v1=00" }, 401],
    ["signed without a time", { "x-slack-request-timestamp": "" }, 401],
    ["signed at a time that is none", { "x-slack-request-timestamp": "soon" }, 401],
  ])("a body %s is judged by its signature alone", async (_what, more, status) => {
    const house = await openHouse({ only: "slack", overHttp: true });
    const body = JSON.stringify({ type: "something_new", text: "é".repeat(10) });
    const sent = "content-encoding" in more ? gzipSync(body) : body;
    const headers = { "content-type": json, ...house.slack.sign(body), ...more };
    const answer = await fetch(house.slack.eventsUrl ?? "", { method: "POST", body: sent, headers });
    expect(answer.status).toBe(status);
  });

  it("what comes before it is known who the bot is is not lost: an event comes again, a command is told", async () => {
    const house = await openHouse({
      only: "slack",
      overHttp: true,
      deaf: true,
      before: ({ slack }) => void slack.fail({ method: "auth.test", kind: "status", status: 503, times: 3 }),
    });
    const ops = house.ids.slack["ops"] ?? "";
    const early = await post(house, "command=%2Fops&text=status", { type: form });
    expect(early).toMatchObject({ status: 200, text: expect.stringContaining("Nothing was done") });
    house.slack.retryAfterMs = 2_000;
    house.slack.as(house.ids.slack["ana"] ?? "").mention("portfolio alphapulse", { channel: ops });
    const said = (): string => textIn(house.slack.messages(ops).map((each) => each.blocks));
    await vi.waitFor(() => expect(said()).toContain("AlphaPulse-RL"), { timeout: 60_000, interval: 50 });
  });
});
