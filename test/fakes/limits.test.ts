import { describe, expect, it } from "vitest";
import { Buckets } from "./discord/buckets.ts";
import { commandProblems, messageProblems, modalProblems } from "./discord/limits.ts";
import { parsedIn as parsedOnDiscord } from "./discord/parsed.ts";
import { blockProblems, textProblems, viewProblems } from "./slack/limits.ts";
import { SlackPace } from "./slack/pace.ts";
import { type FakeSlack, startFakeSlack } from "./slack/slack.ts";
import { parsedIn as parsedOnSlack } from "./slack/world.ts";

const long = (length: number): string => "x".repeat(length);
const section = (text: unknown) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (id: string, text = "x") => ({ type: "button", action_id: id, text: { type: "plain_text", text } });

describe("the fake Slack refuses what Slack refuses", () => {
  it.each([
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
    ["a long section", [section(long(3_001))]],
    ["an empty section", [section("")]],
    ["eleven fields", [{ type: "section", fields: Array.from({ length: 11 }, () => ({ type: "mrkdwn", text: "x" })) }]],
    ["a long field", [{ type: "section", fields: [{ type: "mrkdwn", text: long(2_001) }] }]],
    ["a long header", [{ type: "header", text: { type: "plain_text", text: long(151) } }]],
    ["26 buttons", [{ type: "actions", elements: Array.from({ length: 26 }, (_, index) => button(`${index}`)) }]],
    ["a long button", [{ type: "actions", elements: [button("1", long(76))] }]],
    ["one id twice", [{ type: "actions", elements: [button("1"), button("1")] }]],
    ["more text than a message holds", Array.from({ length: 5 }, () => section(long(2_900)))],
    ["half a character", [section("\uD800")]],
    ["an unknown block", [{ type: "table2" }]],
    [
      "an empty rich text",
      [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "" }] }] }],
    ],
    ["a picture from nowhere", [{ type: "image", alt_text: "x" }]],
  ])("%s", (_what, blocks) => {
    expect(blockProblems(blocks)).not.toEqual([]);
  });

  it("takes what is just within", () => {
    expect(blockProblems([section(long(3_000)), { type: "actions", elements: [button("1", long(75))] }])).toEqual([]);
    expect(textProblems(long(40_000))).toEqual([]);
    expect(textProblems(long(40_001))).toEqual(["msg_too_long"]);
  });

  it.each([
    ["a long title", { type: "modal", title: { type: "plain_text", text: long(25) }, blocks: [] }],
    [
      "no way to send it",
      {
        type: "modal",
        title: { type: "plain_text", text: "x" },
        blocks: [{ type: "input", label: { type: "plain_text", text: "x" }, element: { type: "plain_text_input" } }],
      },
    ],
    [
      "too much carried",
      { type: "modal", title: { type: "plain_text", text: "x" }, blocks: [], private_metadata: long(3_001) },
    ],
  ])("a view with %s", (_what, view) => {
    expect(viewProblems(view)).not.toEqual([]);
  });

  it.each(["<!channel>", "<@U1>", "<https://x.test|Approve>", "https://x.test", "*bold*", "`code`", ":fire:"])(
    "sees %s",
    (text) => {
      expect(parsedOnSlack({ text, blocks: [], mrkdwn: true })).not.toEqual([]);
      expect(parsedOnSlack({ text: "x", blocks: [section(text)], mrkdwn: false })).not.toEqual([]);
    },
  );
});

describe("the fake Discord refuses what Discord refuses", () => {
  const row = (count: number) => ({
    type: 1,
    components: Array.from({ length: count }, (_, index) => ({ type: 2, style: 1, label: "x", custom_id: `${index}` })),
  });
  it.each([
    ["long content", { content: long(2_001) }],
    ["nothing", {}],
    ["eleven embeds", { embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }],
    ["a long title", { embeds: [{ title: long(257) }] }],
    ["a long description", { embeds: [{ description: long(4_097) }] }],
    ["26 fields", { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: "x", value: "x" })) }] }],
    ["an empty field", { embeds: [{ fields: [{ name: "x", value: " " }] }] }],
    ["6,001 in all", { embeds: [{ description: long(4_000) }, { description: long(2_001) }] }],
    ["six buttons in a row", { content: "x", components: [row(6)] }],
    ["six rows", { content: "x", components: Array.from({ length: 6 }, () => row(1)) }],
    ["one id twice", { content: "x", components: [row(1), row(1)] }],
    ["a picture that is not there", { embeds: [{ title: "x", image: { url: "attachment://no.png" } }] }],
    ["a long nonce", { content: "x", nonce: long(26) }],
  ])("%s", (_what, body) => {
    expect(messageProblems(body)).not.toEqual([]);
  });

  it.each([
    ["capitals", [{ name: "Status", description: "x" }]],
    ["a long description", [{ name: "status", description: long(101) }]],
    [
      "required after optional",
      [
        {
          name: "a",
          description: "x",
          options: [
            { name: "b", description: "x" },
            { name: "c", description: "x", required: true },
          ],
        },
      ],
    ],
    [
      "26 choices",
      [
        {
          name: "a",
          description: "x",
          options: [{ name: "b", description: "x", choices: Array.from({ length: 26 }, () => ({ name: "x" })) }],
        },
      ],
    ],
    [
      "a name twice",
      [
        { name: "a", description: "x" },
        { name: "a", description: "x" },
      ],
    ],
  ])("a command with %s", (_what, commands) => {
    expect(commandProblems(commands)).not.toEqual([]);
  });

  it("a modal with six fields", () => {
    const label = (id: number) => ({ type: 18, label: "x", component: { type: 4, style: 1, custom_id: `${id}` } });
    expect(modalProblems({ title: "x", custom_id: "x", components: [0, 1, 2, 3, 4].map(label) })).toEqual([]);
    expect(modalProblems({ title: "x", custom_id: "x", components: [0, 1, 2, 3, 4, 5].map(label) })).not.toEqual([]);
  });

  it.each([
    "@everyone",
    "<@1>",
    "</status:1>",
    "https://x.test",
    "[a](b)",
    "*it*",
    "`code`",
    "# heading",
    "> quote",
    "- item",
    "1. item",
    "||spoiler||",
  ])("sees %s", (text) => {
    expect(parsedOnDiscord({ embeds: [{ description: text }] })).not.toEqual([]);
  });
});

describe("the fake Discord holds its rate limits", () => {
  const post = "/channels/900000000000000003/messages";

  it("five messages in five seconds to a channel, each told what is left; another channel has its own", () => {
    const buckets = new Buckets();
    const taken = Array.from({ length: 6 }, () => buckets.take("POST", post, 0));
    expect(taken.map(({ headers }) => headers["x-ratelimit-remaining"])).toEqual(["4", "3", "2", "1", "0", "0"]);
    expect(taken.map(({ refused }) => refused)).toEqual([
      ...Array.from({ length: 5 }),
      { retryAfter: 5, global: false, wasTold: false },
    ]);
    expect(buckets.take("POST", post, 1_000).refused).toEqual({ retryAfter: 4, global: false, wasTold: true });
    expect(buckets.take("POST", post.replace("3", "4"), 0).refused).toBeUndefined();
    expect(buckets.take("POST", post, 5_000).refused).toBeUndefined();
  });

  it("fifty calls a second in all, interactions not counted", () => {
    const buckets = new Buckets();
    const call = (at: number) => buckets.take("POST", `/channels/9000000000000${at}/messages`, 0);
    const interact = () => buckets.take("POST", "/interactions/900000000000000003/token/callback", 0);
    for (let each = 0; each < 50; each += 1)
      expect([interact().refused, call(10_000 + each).refused]).toEqual([undefined, undefined]);
    expect(call(20_000).refused).toEqual({ retryAfter: 1, global: true, wasTold: false });
    expect(interact().refused).toBeUndefined();
  });
});

describe("the fake Slack holds its rate limits", () => {
  it("a burst and then a message a second to a channel; another channel has its own", () => {
    const pace = new SlackPace();
    const taken = Array.from({ length: 16 }, () => pace.take("chat.postMessage", "C1", 0));
    expect(taken).toEqual([...Array.from({ length: 15 }), 5]);
    expect(pace.take("chat.postMessage", "C2", 0)).toBeUndefined();
    expect(pace.take("chat.postMessage", "C1", 5_000)).toBeUndefined();
  });

  it.each([
    ["chat.update", 55],
    ["usergroups.list", 22],
    ["views.open", 110],
  ])("%s at most %i times in any minute, in whichever channel", (method, most) => {
    const pace = new SlackPace();
    for (let at = 0; at < most; at += 1) expect(pace.take(method, `C${at}`, at * 100)).toBeUndefined();
    expect(pace.take(method, "C1", 59_000)).toBe(1);
    expect(pace.take(method, "C1", 60_000)).toBeUndefined();
  });

  it("the end of a fake fails where it was called faster than it takes, and not for a 429 that was planted", async () => {
    const call = async (slack: FakeSlack, times: number): Promise<number[]> => {
      const user = slack.world.addUser({ name: "ana" });
      const all: number[] = [];
      const headers = {
        authorization: `Bearer ${slack.botToken}`,
        "content-type": "application/x-www-form-urlencoded",
      };
      for (let at = 0; at < times; at += 1)
        all.push(
          (await fetch(`${slack.apiUrl}usergroups.list`, { method: "POST", headers, body: `user=${user}` })).status,
        );
      return all;
    };
    const planted = await startFakeSlack();
    planted.fail({ kind: "rate-limited", retryAfter: 1, method: "usergroups.list" });
    expect(await call(planted, 2)).toEqual([429, 200]);
    await planted.stop();
    const ends = { held: "Slack was called faster than it takes: usergroups.list", forgiven: "well" };
    for (const pace of ["held", "forgiven"] as const) {
      const slack = await startFakeSlack({ pace });
      expect((await call(slack, 23)).at(-1)).toBe(429);
      expect(await slack.stop().then(() => "well", String)).toContain(ends[pace]);
    }
  });
});
