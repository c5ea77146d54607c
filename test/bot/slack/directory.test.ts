import { expect, it, onTestFinished } from "vitest";
import { SlackDirectory } from "../../../src/bot/slack/directory.ts";
import { SlackWeb } from "../../../src/bot/slack/web.ts";
import type { Trouble } from "../../../src/domain/messages/trouble.ts";
import { createLog } from "../../../src/ops/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { startFakeSlack } from "../../fakes/slack/slack.ts";

/** A directory on a fake Slack, in which ana is in the group SONCALL. */
async function open(named: readonly string[]) {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  const told = new Map<string, string>();
  const troubles = {
    raise: ({ id, what }: Trouble): void => void told.set(id, what),
    clear: (id: string): void => void told.delete(id),
  };
  const log = createLog({ level: "silent" });
  const parts = { token: slack.botToken, apiUrl: slack.apiUrl, troubles, log, meter: createMeasurements().meter };
  const web = new SlackWeb(parts);
  const directory = new SlackDirectory({
    web,
    team: () => slack.world.team,
    groupsNamed: async () => named,
    troubles,
  });
  const ana = slack.world.addUser({ name: "ana" });
  slack.world.groups.set("SONCALL", new Set([ana])).set("SOTHER", new Set([ana]));
  const standing = (maxAgeMs: number) => directory.standing({ surface: "slack", id: ana }, { maxAgeMs });
  const asked = (method: string): number => slack.calls.filter((each) => each.method === method).length;
  return { slack, told, standing, asked };
}

it("where no group is named, none is asked for", async () => {
  const { standing, asked } = await open([]);
  expect(await standing(0)).toEqual({ ok: true, groups: [] });
  expect(asked("usergroups.list")).toBe(0);
});

it("of the groups somebody is in it says those that are named", async () => {
  const { standing } = await open(["SONCALL"]);
  expect(await standing(0)).toEqual({ ok: true, groups: ["SONCALL"] });
});

it.each([
  "unknown_method",
  "paid_teams_only",
  "plan_upgrade_required",
  "access_denied",
  "not_allowed_token_type",
  "team_access_not_granted",
  "method_deprecated",
  "no_permission",
])(
  "a workspace that says %s of its user groups gives no role by them, told once, and everything else goes on",
  async (error) => {
    const { slack, told, standing, asked } = await open(["SONCALL"]);
    slack.fail({ method: "usergroups.list", kind: "ok-false", error, times: 2 });
    for (const maxAgeMs of [60_000, 60_000, 0]) expect(await standing(maxAgeMs)).toEqual({ ok: true, groups: [] });
    // A question takes the refusal that is known; only a decision asks anew.
    expect(asked("usergroups.list")).toBe(2);
    expect([...told]).toEqual([["slack/groups", expect.stringContaining(error)]]);
    expect(await standing(0)).toEqual({ ok: true, groups: ["SONCALL"] });
    expect([...told]).toEqual([]);
  },
);

it("a scope that is missing for them is told as that alone", async () => {
  const { slack, told, standing } = await open(["SONCALL"]);
  slack.scopes.delete("usergroups:read");
  expect(await standing(0)).toEqual({ ok: true, groups: [] });
  expect([...told.keys()]).toEqual(["slack/scope/usergroups:read"]);
});

it("groups that Slack does not answer about are never no groups: a decision is not made", async () => {
  const { slack, standing } = await open(["SONCALL"]);
  const down = slack.fail({ method: "usergroups.list", kind: "status", status: 503, times: 9 });
  // Whether the last try was answered or no longer found its turn hangs on pauses that are spread at random.
  const fault = expect.stringMatching(/^(?:broken|overloaded)$/);
  await expect(standing(0)).rejects.toMatchObject({ name: "BackendError", fault });
  expect(down.hits).toBeGreaterThan(1);
});

it.each(["missing_scope", "access_denied", "unknown_method"])(
  "an account that Slack says nothing of (%s) may do nothing: it could be a guest",
  async (error) => {
    const { slack, standing } = await open([]);
    slack.fail({ method: "users.info", kind: "ok-false", error, extra: { needed: "users:read" }, times: 9 });
    await expect(standing(0)).rejects.toMatchObject({ name: "BackendError", fault: "refused" });
  },
);
