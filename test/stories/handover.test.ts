import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { openHouse } from "./house/house.ts";
import { discordTalk, slackTalk } from "./house/talk.ts";
import { cardOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

it("whoever goes leaves how everything stands, and one other takes it over by name (A19)", async () => {
  const room = await openRoom();
  await room.says("ana", 'incident declare P1 alphapulse "fills come late"');
  await room.says("boris", 'silence "system=logos, alertname=CpuHigh" for:2h comment:"the move"');
  await room.says("chen", 'flatten alphapulse reason:"before the weekend"');

  const left = cardOf(await room.says("ana", 'handover to:boris note:"the replica is slow since noon"'));
  expect(left.title).toBe("Ana hands over: who takes over?");
  expect(left.blocks[0]).toMatchObject({ text: "Ana: the replica is slow since noon" });
  const text = JSON.stringify(left);
  for (const told of ["BTCUSDT", "fills come late", "the move", "flatten", "On call", "Backups"])
    expect(text).toContain(told);
  // What needs somebody stands first.
  expect(JSON.stringify(left.blocks[1])).toContain("Incident 1, P1: fills come late");

  const standing = (): Card | undefined =>
    room.chat.messages.map(({ content }) => content.card).find(({ footer }) => footer === left.footer);
  const called = () => room.chat.messages.find(({ content }) => content.card.footer === left.footer)?.content.calls;
  expect(new Set(called()?.map(({ name }) => name))).toEqual(new Set(["Boris"]));

  expect(JSON.stringify(cardOf(await room.press("ana", left, "I take over")))).toContain(
    "Nobody hands over to themselves",
  );
  expect(JSON.stringify(cardOf(await room.press("dana", left, "I take over")))).not.toContain("You have taken over");
  expect(cardOf(await room.press("boris", left, "I take over")).title).toBe("You have taken over from Ana");
  await vi.waitFor(() => expect(standing()?.title).toBe("Boris has taken over from Ana"), patience);
  expect(standing()?.actions).toEqual([]);
  expect(JSON.stringify(cardOf(await room.press("chen", left, "I take over")))).toContain(
    "Boris has taken over already",
  );

  const entries = (await room.bot().store.journal({ limit: 200 })).flatMap((link) => link.entries);
  const told = entries.filter(({ kind }) => kind.startsWith("shift.")).map(({ kind, who }) => ({ kind, who }));
  expect(told).toMatchObject([
    { kind: "shift.left", who: { person: "ana" } },
    { kind: "shift.taken", who: { person: "boris" } },
  ]);

  // The next one tells of the time since this one, also after a restart.
  await room.restart();
  room.clock.aheadMs += 60_000;
  const next = cardOf(await room.says("boris", "handover"));
  expect(next.footer).toContain(` since ${left.footer?.split(" · ")[1] ?? "?"}`);
});

it.each(["slack", "discord"] as const)(
  "on %s it is a message with a button that one other presses",
  async (surface) => {
    const house = await openHouse({ only: surface });
    const talk = surface === "slack" ? slackTalk(house) : discordTalk(house);
    const left = await talk.asks("ana", "handover");
    expect([left.private, left.buttons]).toEqual([false, ["I take over"]]);
    const taken = await talk.presses("boris", "I take over");
    expect(taken.text).toContain("You have taken over from Ana");
    await vi.waitFor(
      () =>
        expect(
          talk
            .channel()
            .map(({ text }) => text)
            .join("\n"),
        ).toContain("Boris has taken over from Ana"),
      patience,
    );
  },
  120_000,
);
