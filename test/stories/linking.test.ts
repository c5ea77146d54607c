import { expect, it, vi } from "vitest";
import type { Standing } from "../../src/domain/people/directory.ts";
import { FakeChat } from "../fakes/chat.ts";
import { cardOf, openRoom, type Room } from "./room.ts";

/** The demo with a Slack beside the console: Chen administers, and a Slack account that nobody owns asks. */
async function openRoomWithSlack(standing: Standing = { ok: true, groups: [] }) {
  const slack = new FakeChat("slack");
  const room = await openRoom({
    change: (config) => ({
      ...config,
      policy: {
        ...config.policy,
        roles: config.policy.roles.map((role) =>
          role.id === "lead" ? { ...role, may: [...role.may, "administer"] } : role,
        ),
        channels: [
          ...config.policy.channels.map((channel) => ({
            ...channel,
            allow: [...channel.allow, "administer" as const],
          })),
          {
            id: "slack-ops",
            surface: "slack",
            channel: "ops",
            systems: "*",
            allow: ["read", "query", "ask", "approve"],
            requests: false,
            operator: false,
          },
        ],
      },
    }),
  });
  room.bot().directories.add("slack", { standing: async () => standing });
  const asks = (account: string, text: string) =>
    slack.ask(room.bot().pipeline, { account, content: { kind: "text", text } });
  return { room, slack, asks };
}

const codeShown = (given: Awaited<ReturnType<Room["says"]>>): string =>
  /link claim ([\w-]+)/.exec(JSON.stringify(cardOf(given)))?.[1] ?? "";

it("an account becomes somebody's by a code shown there, typed here, and confirmed by another person", async () => {
  const { room, asks } = await openRoomWithSlack();
  const refused = await asks("U1", "status");
  expect(refused.message?.content.audience).toEqual({ surface: "slack", id: "U1" });
  const code = codeShown(refused);
  expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  expect(codeShown(await asks("U1", "no such thing"))).toBe(code);

  const claimed = cardOf(await room.says("boris", `link claim ${code.toLowerCase()}`));
  expect(claimed.title).toBe("Is slack:U1 an account of Boris?");
  expect(cardOf(await asks("U1", "status")).title).toContain("does not know");
  for (const account of ["boris", "ana", "dana"])
    expect(cardOf(await room.press(account, claimed, "Confirm")).title).toContain("Not allowed");
  expect(cardOf(await room.press("chen", claimed, "Confirm")).title).toBe("slack:U1 now belongs to Boris");
  const titles = (): string[] => room.chat.messages.map(({ content }) => content.card.title);
  await vi.waitFor(() => expect(titles()).not.toContain(claimed.title), { timeout: 60_000, interval: 20 });
  expect(titles().filter((title) => title === "slack:U1 now belongs to Boris")).toHaveLength(2);

  expect(cardOf(await asks("U1", "portfolio alphapulse")).title).toContain("AlphaPulse");
  await room.restart();
  room.bot().directories.add("slack", { standing: async () => ({ ok: true, groups: [] }) });
  expect(cardOf(await asks("U1", "portfolio alphapulse")).title).toContain("AlphaPulse");

  const desk = { surface: "console", channel: "ops", direct: false } as const;
  const offered = async (account: string) =>
    (await room.bot().pipeline.complete({ surface: "console", id: account }, desk, "link remove ")).map(
      (each) => each.insert,
    );
  expect([await offered("chen"), await offered("ana")]).toEqual([["slack:U1"], []]);
  expect(cardOf(await room.says("chen", "link remove slack:U1")).title).toBe("slack:U1 belongs to nobody now");
  expect(cardOf(await asks("U1", "portfolio alphapulse")).title).toContain("does not know");
});

it("nobody confirms their own claim, whatever they administer", async () => {
  const { room, asks } = await openRoomWithSlack();
  const code = codeShown(await asks("U1", "status"));
  const claimed = cardOf(await room.says("chen", `link claim ${code}`));
  expect(cardOf(await room.press("chen", claimed, "Confirm")).summary ?? "").toContain("takes somebody else");
  expect(cardOf(await asks("U1", "status")).title).toContain("does not know");
});

it("a code is used once, and not after its time", async () => {
  const { room, asks } = await openRoomWithSlack();
  const code = codeShown(await asks("U1", "status"));
  await room.says("boris", `link claim ${code}`);
  expect(JSON.stringify(cardOf(await room.says("ana", `link claim ${code}`)))).toContain("That code is not known");
  const late = codeShown(await asks("U2", "status"));
  room.clock.aheadMs = 10 * 60_000 + 1;
  expect(JSON.stringify(cardOf(await room.says("ana", `link claim ${late}`)))).toContain("That code is not known");
  expect(codeShown(await asks("U2", "status"))).not.toBe(late);
});

it("an account its platform does not vouch for gets no code and no answer, whoever owns it", async () => {
  const { asks } = await openRoomWithSlack({ ok: false, why: "This is a guest.", remedy: "Ask as a full member." });
  const card = cardOf(await asks("U1", "status"));
  expect(card).toMatchObject({ title: "Not allowed", summary: "This is a guest. Ask as a full member." });
  expect(JSON.stringify(card)).not.toContain("link claim");
});
