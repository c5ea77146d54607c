import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { slackTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

/** Calls that are of use and not needed: whoever refuses one of them costs what it is for and nothing else. */
const optional = [
  ["usergroups.list", "paid_teams_only"],
  ["conversations.history", "missing_scope"],
  ["conversations.replies", "not_allowed_token_type"],
  ["conversations.info", "access_denied"],
  ["files.getUploadURLExternal", "unknown_method"],
  ["files.completeUploadExternal", "access_denied"],
  ["files.info", "missing_scope"],
  ["chat.getPermalink", "unknown_method"],
  ["chat.delete", "cant_delete_message"],
  ["views.publish", "not_enabled"],
  ["views.open", "access_denied"],
  ["users.conversations", "unknown_method"],
] as const;

it("a workspace that refuses every call that is not needed still asks, approves and sees cards follow", async () => {
  const house = await openHouse({
    only: "slack",
    change: (config) => ({
      ...config,
      policy: {
        ...config.policy,
        groups: [{ surface: "slack", group: "SONCALL", role: "lead", systems: "*" }],
      },
    }),
    before: ({ slack }) => {
      for (const [method, error] of optional) slack.fail({ method, kind: "ok-false", error, times: 1_000 });
    },
  });
  const talk = slackTalk(house);
  expect((await talk.asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
  expect((await talk.asks("ana", "metrics alphapulse daily_pnl")).text).toContain("AlphaPulse");
  await talk.asks("ana", "flatten alphapulse reason:drill");
  await talk.presses("boris", "Approve");
  await vi.waitFor(() => {
    const cards = talk.channel().map((each) => each.text);
    expect(cards.join("\n")).toContain("flatten AlphaPulse-RL: done");
  }, patience);
  // What it costs is told where operators look, once.
  const told = talk.channel("desk").map((each) => each.text);
  expect(told.filter((each) => each.includes("user groups (paid_teams_only)"))).toHaveLength(1);
  // Whoever has a role by a group alone has none now, and nobody else loses theirs.
  expect((await talk.asks("dana", "flatten alphapulse reason:drill")).text).toContain("may not");
});
