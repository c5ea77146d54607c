import { describe, expect, it, vi } from "vitest";
import { splitForm } from "../../src/bot/language/split-form.ts";
import { findRequest, readRequest } from "../../src/records/request.ts";
import { ask, evidence, nobodyActs, unknown } from "./lost-flatten.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const journal = async (room: Room) =>
  (await room.bot().store.journal({ limit: 200 })).flatMap(({ entries }) => entries);

describe("an outcome that nothing can prove", () => {
  it("is settled by two people who looked, frees its target, and is on record with what each saw", async () => {
    const room = await unknown();
    const card = room.copies(room.code)[0];
    expect(JSON.stringify(card?.blocks)).toContain(`confirm settle ${room.code}`);
    nobodyActs(room);
    const opened = cardOf(await room.says("chen", `confirm settle ${room.code} failed ${evidence}`));
    expect(opened.title).toBe(`settle flatten ${room.code} as failed: waiting for approval`);
    const code = codeOf(opened);
    const shown = JSON.stringify(opened.blocks);
    expect(shown).toContain("Chen saw: the exchange lists no open position");
    expect(shown).toContain(`How flatten ${room.code} stood when this was asked:`);
    expect(shown).toMatch(new RegExp(`${room.code} is outcome unknown\\. .*not known whether it took effect`));
    // What was asked for stands in the title, and stands there once.
    expect(shown).not.toContain('"name":"outcome"');
    expect(opened.summary).toContain(`confirm approve ${code} seen:`);
    const settled = await findRequest(room.bot().store, room.code, () => true);
    const id = settled?.request.id.slice(0, 12) ?? "";
    expect(id).toHaveLength(12);
    for (const words of [code, room.code]) {
      const { title, summary, blocks } = cardOf(await room.says("boris", `confirm show ${words}`));
      expect(JSON.stringify({ title, summary, blocks })).not.toContain(id);
    }
    const listed = cardOf(await room.says("boris", "confirm list"));
    expect(JSON.stringify(listed.blocks)).toContain(`settle flatten ${room.code} as failed`);
    const silent = cardOf(await room.says("boris", `confirm approve ${code}`));
    expect(silent.summary).toContain("Say what you saw yourself");
    // The whole digest, as a card's button has it, is no way around that.
    const digest = JSON.stringify(cardOf(await room.says("boris", `confirm show ${code}`))).match(/[0-9a-f]{64}/)?.[0];
    const whole = cardOf(await room.says("boris", `confirm approve ${code} digest:${digest}`));
    expect(whole.summary).toContain("Say what you saw yourself");
    await room.says("boris", `confirm approve ${code} seen:"the broker's page is flat"`);
    await room.settled(code, "done");
    await room.settled(room.code, "settled as failed");
    expect(room.copies(room.code)[0]?.summary).toBe(
      "Settled as failed by Chen and Boris. Chen saw: the exchange lists no open position; Boris saw: the broker's page is flat",
    );
    expect((await journal(room)).find(({ kind }) => kind === "request.settled")).toMatchObject({
      system: "alphapulse",
      witnesses: [
        { person: "chen", saw: "the exchange lists no open position" },
        { person: "boris", saw: "the broker's page is flat" },
      ],
    });
    // Free again: the next one runs.
    await room.demo.alphapulse.trading.heal();
    const again = cardOf(await room.says("ana", ask));
    await room.press("boris", again, "Approve");
    await room.settled(codeOf(again), "done");
  });

  it("is told to whoever asks for the same again, with who can settle it", async () => {
    const room = await unknown();
    const again = cardOf(await room.says("ana", ask));
    expect(JSON.stringify(again.blocks)).toMatch(
      new RegExp(`Wardroom keeps looking\\. From .* UTC on two people can settle it: confirm settle ${room.code}`),
    );
    expect(JSON.stringify(again.blocks)).toContain("Boris, Chen can agree to that");
    const who = cardOf(await room.says("ana", `confirm who ${room.code}`));
    expect(who.summary).toContain("Boris, Chen can.");
    // It was not asked for again, so a script is told that it was refused.
    const asked = (await journal(room)).filter(({ kind, command }) => kind === "invocation" && command === "flatten");
    expect(asked.map(({ outcome }) => outcome)).toEqual(["answered", "refused"]);
  });

  it("is told before by why: who may say how it ended, from when on, and who could agree", async () => {
    const room = await unknown();
    const why = async (account: string, text: string) => JSON.stringify(cardOf(await room.says(account, text)).blocks);
    expect(await why("chen", "why confirm settle")).toContain("it can be settled from");
    nobodyActs(room);
    expect(await why("chen", `why confirm settle ${room.code}`)).toContain("Who could agree: Boris.");
    const code = codeOf(cardOf(await room.says("chen", `confirm settle ${room.code} failed ${evidence}`)));
    const agree = await why("boris", "why confirm settle");
    expect(agree).toContain("Chen says already that it failed");
    expect(agree).toContain(`you may agree: confirm approve ${code} seen:`);
    const own = await why("chen", "why confirm settle");
    expect(own).toContain(`settlement ${code}, and saw: the exchange lists no open position. You asked for this`);
    const asked = JSON.stringify(cardOf(await room.says("ana", ask)).blocks);
    expect(asked).toContain(`Settlement ${code}, waiting for approval: Chen says it failed`);
    const yes = await why("boris", `why confirm approve ${code}`);
    expect(yes).toContain("Yours would be the last yes that it needs");
    expect(yes).toContain(`confirm approve ${code} seen:`);
    expect(await why("chen", `why confirm approve ${code}`)).toContain("it takes somebody else");
  });

  it("is settled from the card alone: each button asks for what was seen", async () => {
    const room = await unknown();
    nobodyActs(room);
    const card = room.copies(room.code)[0];
    if (!card) throw new Error("there is no card");
    const form = (await room.press("chen", card, "Settle…")).form;
    expect(form?.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(["outcome", "evidence"]));
    expect(form?.submit).toBe("Send");
    const opened = cardOf(await room.says("chen", `confirm settle ${room.code} succeeded ${evidence}`));
    const approval = (await room.press("boris", opened, "Approve")).form;
    if (!approval) throw new Error("no form was opened");
    expect(approval.fields.find(({ name }) => name === "seen")).toMatchObject({ required: true });
    // Which request it is stands there to be read, and nothing of it to be edited.
    expect(splitForm(approval).shown.fields.map(({ name }) => name)).toEqual(["seen"]);
    expect(approval.about).toEqual([`Request ${codeOf(opened)}`]);
    const filledIn = async (seen: string) => {
      const { values, carried } = approval;
      return room.chat.ask(room.bot().pipeline, {
        account: "boris",
        content: { kind: "form", command: "confirm approve", values: { ...values, seen }, carried: [...carried] },
      });
    };
    const tooLong = (await filledIn("x".repeat(301))).form;
    expect(tooLong?.errors).toHaveProperty("seen");
    expect(tooLong?.carried).toEqual(approval.carried);
    const blank = cardOf(await filledIn("   "));
    expect(`${blank.title} ${blank.summary}`).toMatch(/seen/);
    await room.settled(codeOf(opened), "waiting for approval");
  });

  it.each([
    ["before the hard deadline", false, "ana", "it can be settled from"],
    ["by whoever may not ask for anything there", true, "dana", "may not ask"],
  ])("is not settled %s", async (_when, past, who, words) => {
    const room = await unknown();
    if (past) nobodyActs(room);
    const refused = cardOf(await room.says(who, `confirm settle ${room.code} failed ${evidence}`));
    expect(refused.summary).toContain(words);
    await room.settled(room.code, "outcome unknown");
  });

  it("is not settled by one person, nor by a second account of theirs", async () => {
    const room = await unknown();
    nobodyActs(room);
    const code = codeOf(cardOf(await room.says("ana", `confirm settle ${room.code} failed ${evidence}`)));
    for (const account of ["ana", "ana-phone"]) {
      const refused = cardOf(await room.says(account, `confirm approve ${code} seen:"it is flat"`));
      expect(refused.summary).toContain("it takes somebody else");
    }
    expect(cardOf(await room.says("dana", `confirm approve ${code} seen:"it is flat"`)).summary).toContain("may not");
    await room.settled(room.code, "outcome unknown");
  });

  it("is not run as an operation of a system by name", async () => {
    const room = await openRoom();
    const card = cardOf(await room.says("chen", 'run wardroom settle reason:"let me"'));
    expect(card.summary).toContain("no system wardroom");
  });

  it("that was settled is not settled again, and what is contrary to a settlement that waits is not asked for", async () => {
    const room = await unknown();
    nobodyActs(room);
    const settle = async (account: string, outcome: string) =>
      cardOf(await room.says(account, `confirm settle ${room.code} ${outcome} ${evidence}`));
    const code = codeOf(await settle("chen", "failed"));
    const said = `said already that it failed: settlement ${code}, waiting for approval; saw: the exchange lists no open position.`;
    expect((await settle("chen", "succeeded")).summary).toBe(
      `You have ${said} The contrary is not asked for while that is open. If it is wrong, take it back first: confirm cancel ${code}`,
    );
    const other = (await settle("ana", "succeeded")).summary;
    expect(other).toContain(`Chen has ${said}`);
    expect(other).toContain(
      `If you saw the same: confirm approve ${code} seen:"what you saw". If it is wrong: confirm deny ${code}.`,
    );
    // The same is what waits already, and how to agree to it.
    const same = await settle("ana", "failed");
    expect(same.title).toBe(`Asked for before, as ${code}`);
    expect(JSON.stringify(same.blocks)).toContain(`confirm approve ${code} seen:`);
    // Once it is out of the way, it is said otherwise.
    await room.says("chen", `confirm cancel ${code}`);
    const now = codeOf(await settle("chen", "succeeded"));
    await room.says("boris", `confirm approve ${now} seen:"the order is filled"`);
    await room.settled(room.code, "settled as done, AGAINST what was read");
    expect((await settle("chen", "failed")).summary).toContain("nothing to settle");
  });

  it("is settled once, also by a process that dies before it has written down that it did", async () => {
    const room = await unknown();
    nobodyActs(room);
    const code = codeOf(cardOf(await room.says("chen", `confirm settle ${room.code} failed ${evidence}`)));
    await room.says("boris", `confirm approve ${code} seen:"the page is flat"`);
    await room.restart();
    await room.settled(code, "done");
    await vi.waitFor(
      async () => {
        const settled = (await journal(room)).filter(({ kind }) => kind === "request.settled");
        expect(settled).toHaveLength(1);
      },
      { timeout: 60_000 },
    );
    const [listed] = await room.bot().store.list("request", "code", { from: room.code, to: `${room.code}~`, limit: 1 });
    const read = await readRequest(room.bot().store, String(listed?.key).replace("request/", ""));
    expect(read?.request.state).toBe("FAILED");
  });
});

describe("a settlement that Wardroom itself reads otherwise", () => {
  it("says so before anything else to whoever is to agree, and in how it ended", async () => {
    const room = await unknown();
    nobodyActs(room);
    await room.demo.alphapulse.trading.heal();
    const opened = cardOf(await room.says("chen", `confirm settle ${room.code} succeeded ${evidence}`));
    expect(opened.tone).toBe("bad");
    expect(opened.summary).toMatch(
      /^Wardroom itself reads OTHERWISE than succeeded: No order is open: NOT so now\. 2, not yet; No position is left: NOT so now\. .*Agree only to what you saw/,
    );
    await room.says("boris", `confirm approve ${codeOf(opened)} seen:"the page is flat"`);
    await room.settled(room.code, "settled as done, AGAINST what was read");
    const [card] = room.copies(room.code);
    expect(card?.tone).toBe("bad");
    expect(card?.summary).toMatch(
      /^AGAINST what Wardroom itself read: No order is open: NOT so now\. 2, not yet; No position is left: NOT so now\. .*Settled as succeeded/,
    );
  });

  it("is none where nothing can be read, nor where it is so by now", async () => {
    const room = await unknown();
    nobodyActs(room);
    await room.demo.alphapulse.trading.fail({ kind: "down" });
    const blind = cardOf(await room.says("chen", `confirm settle ${room.code} succeeded ${evidence}`));
    expect(blind.summary).toMatch(/^Chen looked and says so\./);
    await room.says("chen", `confirm cancel ${codeOf(blind)}`);
    await room.demo.alphapulse.trading.heal();
    room.demo.alphapulse.setPositions([]);
    const flat = cardOf(await room.says("chen", `confirm settle ${room.code} succeeded ${evidence}`));
    expect(flat.summary).toMatch(/^Chen looked and says so\./);
    await room.says("chen", `confirm cancel ${codeOf(flat)}`);
    // That no position is left speaks as loudly against saying that it failed.
    const failed = cardOf(await room.says("chen", `confirm settle ${room.code} failed ${evidence}`));
    expect(failed.tone).toBe("bad");
    expect(failed.summary).toMatch(
      /^Wardroom itself reads OTHERWISE than failed: No order is open: so now\. 0, read 2 times in a row; No position is left: so now\. /,
    );
    await room.says("boris", `confirm approve ${codeOf(failed)} seen:"the page is flat"`);
    await room.settled(room.code, "settled as failed, AGAINST what was read");
    expect(room.copies(room.code)[0]?.summary).toMatch(
      /^AGAINST what Wardroom itself read: No order is open: so now\. 0, read 2 times in a row; No position is left: so now/,
    );
  });
});
