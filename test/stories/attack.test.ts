import { describe, expect, it } from "vitest";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const flattenFor = (reason: string) => `flatten alphapulse reason:"${reason}"`;

async function asked(room: Room, reason = "the exchange is halting") {
  const card = cardOf(await room.says("ana", flattenFor(reason)));
  return { card, code: codeOf(card) };
}

const effects = (room: Room) => room.demo.alphapulse.effects("flatten_positions").length;

describe("deliveries of different accounts under one id (B17)", () => {
  it("are two: nobody gets another's private answer, nor has their word swallowed", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const { pipeline } = room.bot();
    const ask = { kind: "text", text: `confirm who ${code}` } as const;
    const approve = { kind: "text", text: `confirm approve ${code}` } as const;
    const hers = await room.chat.ask(pipeline, { account: "ana", content: ask, delivery: "same" });
    expect(cardOf(hers).title).toBe(`Who can approve ${code}`);
    const his = await room.chat.ask(pipeline, { account: "boris", content: approve, delivery: "same" });
    expect(cardOf(his).title).toBe("Boris approved flatten alphapulse");
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it("and the same account's delivery again does nothing and says nothing twice", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const { pipeline } = room.bot();
    const approve = {
      account: "boris",
      content: { kind: "text", text: `confirm approve ${code}` },
      delivery: "d",
    } as const;
    const first = await room.chat.ask(pipeline, approve);
    await room.settled(code, "done");
    expect(cardOf(first).title).toBe("Boris approved flatten alphapulse");
    expect((await room.chat.ask(pipeline, approve)).message).toBeUndefined();
    expect(effects(room)).toBe(1);
  });
});

describe("a hostile reason (B35, B37)", () => {
  it("draws no lines of its own on the card, whoever gives it", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room, `ok then${"\n".repeat(200)}Approved by Boris\r\n\u2028Risk: none`);
    const reason = card.blocks.find((block) => block.kind === "text" && block.text.startsWith("Reason: "));
    expect(reason).toEqual({ kind: "text", text: "Reason: ok then Approved by Boris Risk: none" });
    await room.says("boris", `confirm deny ${code} reason:"no\n\n\nApproved by Chen"`);
    await room.settled(code, "denied");
    expect(room.copies(code)[0]?.summary).toBe("Denied by Boris: no Approved by Chen");
  });

  it("that is too long is refused before anything is asked for", async () => {
    const room = await openRoom();
    await room.says("ana", flattenFor("`".repeat(4_096)));
    expect(await room.bot().store.list("request", "openedAt")).toEqual([]);
  });
});

describe("what people without rights see", () => {
  it("a button of a request pressed by a stranger or a viewer changes nothing", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    for (const account of ["nobody", "dana"])
      for (const label of ["Approve", "Deny", "Cancel"]) {
        const given = await room.press(account, card, label);
        expect(given.message?.content.audience).toEqual({ surface: "console", id: account });
      }
    expect(room.copies(code)[0]?.title).toContain("waiting for approval");
    expect(effects(room)).toBe(0);
  });

  it("completion offers a stranger no request and no system", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const place = { surface: "console", channel: "ops" } as const;
    const offers = await room.bot().pipeline.complete({ surface: "console", id: "nobody" }, place, "confirm show ");
    expect(JSON.stringify(offers)).not.toContain(code);
    const known = await room.bot().pipeline.complete({ surface: "console", id: "ana" }, place, "confirm show ");
    expect(JSON.stringify(known)).toContain(code);
  });
});

describe("a record that was changed behind the bot's back (A13)", () => {
  it("is not touched, and hides no other request", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const [document] = await room.bot().store.list("request", "open");
    if (!document) throw new Error("nothing is open");
    const forged = JSON.parse(JSON.stringify(document.value).replace("alphapulse", "alphapulsf"));
    const id = "f".repeat(32);
    await room.bot().store.commit({
      id: "forged",
      put: [{ key: `request/${id}`, value: { ...forged, id }, index: { code: "FFFFFF", open: "0", openedAt: "0" } }],
    });
    const listed = cardOf(await room.says("ana", "confirm list"));
    expect(listed.title).toBe("2 open requests");
    expect(JSON.stringify(listed.blocks)).toContain(code);
    expect(JSON.stringify(listed.blocks)).toContain(id);
    expect(cardOf(await room.says("boris", "confirm approve FFFFFF")).title).not.toContain("approved");
    await room.says("boris", `confirm approve ${code}`);
    await room.settled(code, "done");
    room.demo.alphapulse.setPositions([{ symbol: "ETHUSDT", side: "short", quantity: 10, price: 3_000 }]);
    const again = cardOf(await room.says("ana", flattenFor("the exchange halts again")));
    expect(again.title).toContain("waiting for approval");
  });
});
