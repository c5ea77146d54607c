import { expect, it, vi } from "vitest";
import { raiseTrouble } from "../../src/acts/messages/tell-trouble.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import type { Config } from "../../src/config/load-config.ts";
import { BackendError, type BackendFault } from "../../src/domain/failure.ts";
import { OperatorTroubles } from "../../src/workers/operator-troubles.ts";
import { openRoom, quiet, type Room } from "./room.ts";

const operatorsListen = (config: Config): Config => ({
  ...config,
  policy: {
    ...config.policy,
    channels: config.policy.channels.map((channel) => ({ ...channel, operator: channel.id === "approvals" })),
  },
});

const titlesIn = (room: Room, channel: string) =>
  room.chat.messages.filter((message) => message.ref.channel === channel).map((message) => message.content.card.title);

/** The chat refuses one channel, as a platform does that no longer lets the bot in. */
function refuse(room: Room, channel: string, fault: BackendFault): { lift(): void } {
  const post = room.chat.post.bind(room.chat);
  room.chat.post = (place, message) => {
    if (place.channel === channel) throw new BackendError("console", { fault, detail: "the bot is not in it" });
    return post(place, message);
  };
  return {
    lift() {
      room.chat.post = post;
    },
  };
}

it.concurrent.for(["missing", "refused", "unauthorised"] as const)(
  "an answer that its channel does not take (%s) goes to the operators, and says what it was meant for",
  { timeout: 90_000 },
  async (fault, { onTestFinished: atEnd }) => {
    const room = await openRoom({ change: operatorsListen, atEnd });
    refuse(room, "ops", fault);
    await room.says("ana", "portfolio alphapulse");
    await vi.waitFor(() => expect(titlesIn(room, "approvals")).toHaveLength(1), { timeout: 60_000 });
    expect(room.chat.messages[0]?.content.card.footer).toContain("Meant for Everything that runs on console.");
    expect(room.chat.messages[0]?.content.card.footer).toContain("the bot is not in it");
  },
);

it.concurrent("a private answer never goes to the operators", async ({ onTestFinished: atEnd }) => {
  const room = await openRoom({ change: operatorsListen, atEnd });
  const gate = refuse(room, "ops", "missing");
  await room.says("ana", "help");
  await room.says("ana", "portfolio alphapulse");
  await vi.waitFor(() => expect(titlesIn(room, "approvals")).toHaveLength(1), { timeout: 60_000 });
  gate.lift();
  await vi.waitFor(() => expect(room.chat.messages).toHaveLength(2), { timeout: 60_000 });
  expect(room.chat.messages[1]).toMatchObject({ ref: { channel: "ops" }, content: { audience: { id: "ana" } } });
});

it.concurrent("what fails for now is tried until it arrives, once", async ({ onTestFinished: atEnd }) => {
  const room = await openRoom({ atEnd });
  room.chat.failing = new BackendError("console", { fault: "overloaded", detail: "it has too much to do" });
  await room.says("ana", "portfolio alphapulse");
  expect(room.chat.messages).toEqual([]);
  room.chat.failing = undefined;
  await vi.waitFor(() => expect(room.chat.messages).toHaveLength(1), { timeout: 60_000 });
});

it.concurrent("a trouble is told once however often and by however many it is raised, and its message says when it is over", async ({
  onTestFinished: atEnd,
}) => {
  const room = await openRoom({ change: operatorsListen, atEnd });
  const { store, policyInForce } = room.bot();
  const replica = () => new OperatorTroubles({ store, policyInForce, surfaces: knownSurfaces, log: quiet });
  const [one, two] = [replica(), replica()];
  const trouble = {
    id: "slack/token",
    surface: "slack",
    what: "The bot's token was revoked.",
    remedy: "Install the app again and set SLACK_BOT_TOKEN.",
  } as const;
  for (const each of [one, two, one]) each.raise(trouble);
  await Promise.all([one.settled(), two.settled()]);
  await vi.waitFor(() => expect(titlesIn(room, "approvals")).toEqual(["Wardroom has trouble with Slack"]), {
    timeout: 60_000,
  });
  expect(await raiseTrouble(store, { ...trouble, surfaceName: "Slack" }, [])).toBe(false);
  const restarted = replica();
  restarted.clear("slack/token");
  await restarted.settled();
  await vi.waitFor(() => expect(titlesIn(room, "approvals")).toEqual(["Wardroom's trouble with Slack is over"]), {
    timeout: 60_000,
  });
  one.clear("slack/token");
  one.raise(trouble);
  await one.settled();
  await vi.waitFor(() => expect(titlesIn(room, "approvals")).toHaveLength(2), { timeout: 60_000 });
});

it.concurrent("a trouble that deafens explains why nobody is heard, until it is another one or is over", async ({
  onTestFinished: atEnd,
}) => {
  const room = await openRoom({ change: operatorsListen, atEnd });
  const { store, policyInForce } = room.bot();
  const troubles = new OperatorTroubles({ store, policyInForce, surfaces: knownSurfaces, log: quiet });
  const trouble = {
    id: "discord/commands",
    surface: "discord",
    what: "Not in the server.",
    remedy: "Invite it.",
  } as const;
  troubles.raise({ ...trouble, deafens: true });
  expect([troubles.explains("discord"), troubles.explains("slack")]).toEqual([true, false]);
  troubles.raise({ ...trouble, what: "It may not register commands." });
  expect(troubles.explains("discord")).toBe(false);
  troubles.raise({ ...trouble, deafens: true });
  troubles.clear(trouble.id);
  expect(troubles.explains("discord")).toBe(false);
  await troubles.settled();
});
