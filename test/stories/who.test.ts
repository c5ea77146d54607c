import { describe, expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { ask, evidence, nobodyActs, unknown } from "./lost-flatten.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const rowsOf = ({ blocks }: Card) => blocks.flatMap((block) => (block.kind === "table" ? block.rows : []));
/** The rows as text, cell by cell. */
const told = (card: Card) =>
  rowsOf(card).map((row) => row.map((cell) => (typeof cell === "string" ? cell : cell.text)).join(" | "));
const who = async (room: Room, code: string) => cardOf(await room.says("dana", `confirm who ${code}`));

describe("confirm who", () => {
  it("says of what waits who may agree and who has, and of what is over that nobody need", async () => {
    const room = await openRoom();
    const asked = cardOf(await room.says("ana", ask));
    const code = codeOf(asked);
    const fields = asked.blocks.flatMap((block) => (block.kind === "fields" ? block.fields : []));
    expect(fields).toContainEqual({ name: "Can say yes", value: "Boris, Chen" });
    expect(told(cardOf(await room.says("dana", "confirm list")))[0]).toMatch(/ \| Boris, Chen$/);
    const waiting = await who(room, code);
    expect(waiting.title).toBe(`Who can approve ${code}`);
    expect(waiting.summary).toBe(`Boris, Chen can: confirm approve ${code}. It takes 1 approver or 1 lead.`);
    expect(told(waiting)).toContain("Ana | no | asked for it");
    await room.says("ana", `confirm cancel ${code}`);
    const over = await who(room, code);
    expect(over.title).toBe(`Nobody can do anything about ${code}: it is over`);
    expect(over.summary).toBe("flatten AlphaPulse-RL is taken back. Taken back by Ana.");
    expect(rowsOf(over)).toEqual([]);
  });

  it("says of what nobody decided on in time that it is over, also before that is written down", async () => {
    const room = await openRoom();
    const code = codeOf(cardOf(await room.says("ana", ask)));
    room.clock.aheadMs += 86_400_000;
    expect((await who(room, code)).summary).toContain("is expired. Nobody decided in time.");
  });

  it("says of what runs that nobody needs to agree, and who may abort its wait", async () => {
    const room = await openRoom();
    room.demo.alphapulse.leaveOpen(["BTCUSDT"]);
    const code = codeOf(cardOf(await room.says("ana", ask)));
    await room.says("boris", `confirm approve ${code}`);
    await room.settled(code, "running");
    await vi.waitFor(async () => expect((await who(room, code)).summary).toContain("can end its wait"), 60_000);
    const running = await who(room, code);
    expect(running.title).toBe(`Nobody needs to approve ${code} any more`);
    expect(running.summary).toBe(`It is running. Boris agreed. Boris can end its wait: confirm abort ${code}.`);
    expect(told(running)).toEqual([
      "Ana | no | did not approve it",
      "Boris | yes | has approved",
      "Chen | no | did not approve it",
      "Dana | no | did not approve it",
    ]);
    const left = ": symbol BTCUSDT, side long, quantity 1.5, ";
    const shown = async () => JSON.stringify(cardOf(await room.says("dana", `confirm show ${code}`)));
    await vi.waitFor(async () => expect(await shown()).toContain(left), 60_000);
  });

  it("says of an open outcome from when and by whom it can be settled, and who could agree", async () => {
    const room = await unknown();
    const early = await who(room, room.code);
    expect(early.title).toBe(`Who can settle ${room.code}`);
    expect(early.summary).toMatch(
      /^It is outcome unknown\. Ana, Chen can ask to settle it from (\S+ )?\d\d:\d\d:\d\d UTC on/,
    );
    expect(told(early)).toEqual([
      "Ana | yes | no | as operator; may not approve for alphapulse",
      "Boris | no | yes | may not ask for anything on alphapulse; as approver",
      "Chen | yes | yes | as lead",
      "Dana | no | no | may not ask for anything on alphapulse; may not approve for alphapulse",
    ]);
    nobodyActs(room);
    expect((await who(room, room.code)).summary).toContain("can ask to settle it now");
  });
});

describe("a settlement that is open", () => {
  it("is named by the card of what it settles, by who could agree and by their home, until it is decided", async () => {
    const room = await unknown();
    const early = cardOf(await room.says("ana", "home"));
    expect(early.title).toBe("Nothing waits for you");
    expect(JSON.stringify(early.blocks)).toMatch(/Wardroom keeps looking; you can settle it from .* UTC on\./);
    nobodyActs(room);
    const waiting = cardOf(await room.says("ana", "home"));
    expect(waiting.title).toBe("1 waiting for you");
    expect(JSON.stringify(waiting.blocks)).toContain(`confirm settle ${room.code} succeeded or failed`);
    const opened = cardOf(await room.says("ana", `confirm settle ${room.code} failed ${evidence}`));
    const code = codeOf(opened);
    expect(JSON.stringify(opened.blocks)).toContain(`How it stands now: confirm show ${room.code}`);

    const said = `Settlement ${code}, waiting for approval: Ana says it failed, and saw: the exchange lists no open position. 1 approver or 1 lead who looked, too, must agree: confirm approve ${code} seen:\\"what you saw\\". Who can: confirm who ${code}`;
    const everyCopy = (words: string) => () => {
      for (const card of room.copies(room.code).filter(({ title }) => title.endsWith("unknown")))
        expect(JSON.stringify(card.blocks)).toContain(words);
    };
    await vi.waitFor(everyCopy(said), 60_000);
    expect(JSON.stringify(cardOf(await room.says("boris", `confirm show ${room.code}`)).blocks)).toContain(said);

    const settling = await who(room, room.code);
    expect(settling.summary).toBe("It is outcome unknown. Somebody has said how it ended.");
    const words = JSON.stringify(settling.blocks);
    expect(words).toContain(`${code}: Ana says it failed, and saw: the exchange lists no open position`);
    expect(words).toContain(`Boris, Chen can: confirm approve ${code} seen:`);

    expect(cardOf(await room.says("boris", "home")).title).toBe("1 waiting for you");
    expect(cardOf(await room.says("ana", "home")).title).toBe("Nothing waits for you");

    await room.says("boris", `confirm deny ${code}`);
    await vi.waitFor(everyCopy(`confirm settle ${room.code} succeeded or failed`), 60_000);
  });

  it("leaves the card, once it is settled as failed, saying what is free, what may be open and how to try again", async () => {
    const room = await unknown();
    expect(room.copies(room.code)[0]?.summary).toMatch(
      /nothing else runs on alphapulse, except emergency-stop, until it is known\.$/,
    );
    nobodyActs(room);
    const code = codeOf(cardOf(await room.says("chen", `confirm settle ${room.code} failed ${evidence}`)));
    await room.says("boris", `confirm approve ${code} seen:"the page is flat"`);
    await room.settled(room.code, "settled as failed");
    expect(room.copies(room.code)[0]?.blocks).toContainEqual({
      kind: "text",
      text: 'alphapulse is free again. What this was for may not be done: Cancel open orders and close every position. Positions may still be open: portfolio alphapulse. To try again: run alphapulse flatten reason:"…"',
    });
  });
});

describe("what a refusal tells to do", () => {
  it("is a command that can be typed wherever it is read", async () => {
    const room = await openRoom();
    const code = codeOf(cardOf(await room.says("ana", ask)));
    const refused = cardOf(await room.says("ana", `confirm deny ${code}`));
    expect(refused.summary).toBe(`You asked for this yourself. To take it back: confirm cancel ${code}`);
  });

  it("calls channels by their titles", async () => {
    const room = await openRoom();
    const refused = cardOf(await room.says("ana", ask, "quiet"));
    expect(refused.summary).toBe(
      'The channel "Look, but do not touch" does not allow ask. Ask in a channel that allows it: "Everything that runs", "AlphaPulse", "Waiting for a second person", "The terminal".',
    );
    expect(cardOf(await room.says("ana", "why flatten", "quiet")).summary).toContain(
      'in the channel "Look, but do not touch".',
    );
  });
});
