import { describe, expect, it } from "vitest";
import { Step } from "../../src/domain/systems/steps.ts";
import { HttpStep } from "../../src/integrations/http/http-step.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const ask = 'flatten alphapulse reason:"the exchange is halting"';

async function asked(room: Room) {
  const card = cardOf(await room.says("ana", ask));
  return { card, code: codeOf(card) };
}

const effects = (room: Room) => room.demo.alphapulse.effects("flatten_positions").length;

describe("a flatten that needs two people", () => {
  it("shows the live positions, waits for somebody else, runs once, and is verified closed (A7, AP11)", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    expect(card.title).toBe("flatten AlphaPulse-RL: waiting for approval");
    expect(card.blocks).toContainEqual({ kind: "text", text: "Reason: the exchange is halting" });
    const table = card.blocks.find((block) => block.kind === "table");
    expect(table?.rows).toEqual([
      ["BTCUSDT", "long", "90,000 USD", "1.5", "60,000"],
      ["ETHUSDT", "short", "30,000 USD", "10", "3,000"],
    ]);

    for (const account of ["ana", "ana-phone"]) {
      const refused = await room.press(account, card, "Approve");
      expect(cardOf(refused).summary).toContain("it takes somebody else");
      expect(refused.message?.content.audience).toEqual({ surface: "console", id: account });
    }
    expect(cardOf(await room.says("dana", `confirm approve ${code}`)).summary).toContain("may not decide");
    expect(effects(room)).toBe(0);

    expect(cardOf(await room.press("boris", card, "Approve")).title).toBe("Boris approved flatten alphapulse");
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
    const copies = room.copies(code).map(({ title }) => title);
    expect(new Set(copies)).toEqual(new Set(["flatten AlphaPulse-RL: done"]));
    // What stays as it was said tells nothing that is over by now.
    const shown = JSON.stringify(room.chat.messages.map((each) => each.content.card));
    expect(shown).not.toContain("about to run");
    expect(cardOf(await room.says("boris", `confirm show ${code}`)).title).toMatch(/: done, at \d\d:\d\d/);
    // Asked in ops; shown in trading and approvals too.
    expect(
      new Set(
        room.chat.messages.filter((each) => each.content.card.footer?.includes(code)).map((each) => each.ref.channel),
      ),
    ).toEqual(new Set(["ops", "trading", "approvals"]));
    expect(await verifyJournal(room.bot().store)).toMatchObject({ ok: true });
  });

  it("leaves a receipt on every copy: where the journal stood, as its verification takes it", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    await room.press("boris", card, "Approve");
    await room.settled(code, "done");
    const receipts = room.copies(code).map(({ footer }) => /Journal (\d+):([0-9a-f]{16})$/.exec(footer ?? ""));
    expect(receipts.length).toBeGreaterThan(1);
    expect(new Set(receipts.map((each) => each?.[0])).size).toBe(1);
    const [, seq, hash = ""] = receipts[0] ?? [];
    expect(await verifyJournal(room.bot().store, { seq: Number(seq), hash })).toMatchObject({ ok: true });
    expect(await verifyJournal(room.bot().store, { seq: Number(seq) - 1, hash })).toMatchObject({ ok: false });
  });

  it("runs once however often and from wherever the yes is pressed", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    await Promise.all(["boris", "chen", "boris", "chen"].map((account) => room.press(account, card, "Approve")));
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it("is approved by the code as well, and shows who could say yes", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const who = cardOf(await room.says("ana", `confirm who ${code}`)).summary;
    expect(who).toContain(`Boris, Chen can: confirm approve ${code}`);
    expect(cardOf(await room.says("ana", "confirm list")).title).toBe("1 open request");
    await room.says("chen", `confirm approve ${code}`);
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it("asked for twice is one request, and whoever asks again is told that their reason was not added", async () => {
    const room = await openRoom();
    const { code } = await asked(room);
    const again = cardOf(await room.says("ana", 'flatten alphapulse reason:"another reason altogether"'));
    expect(again.title).toBe(`Asked for before, as ${code}`);
    expect(again.summary).toContain("waiting for approval. What you said now was not added.");
    expect(again.actions).toMatchObject([{ label: `Show ${code}`, command: "confirm show" }]);
    expect(await room.bot().store.list("request", "openedAt")).toHaveLength(1);
  });

  it("denied, taken back, expired: nothing is sent and every copy says so", async () => {
    const room = await openRoom();
    const denied = await asked(room);
    await room.says("boris", `confirm deny ${denied.code} reason:"not now"`);
    await room.settled(denied.code, "denied");
    const cancelled = await asked(room);
    await room.press("ana", cancelled.card, "Cancel");
    await room.settled(cancelled.code, "taken back");
    const expired = await asked(room);
    room.clock.aheadMs = 15 * 60_000 + 1;
    expect(cardOf(await room.press("boris", expired.card, "Approve")).summary).toContain("Nobody decided in time");
    await room.settled(expired.code, "expired");
    expect(effects(room)).toBe(0);
  });
});

describe("what changed since it was asked", () => {
  it("smaller and repriced positions run", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    room.demo.alphapulse.setPositions([{ symbol: "BTCUSDT", side: "long", quantity: 0.4, price: 48_000 }]);
    await room.press("boris", card, "Approve");
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it.each([
    ["a new symbol", [{ symbol: "SOLUSDT", side: "long" as const, quantity: 5 }], "SOLUSDT: new"],
    [
      "a side flip",
      [{ symbol: "BTCUSDT", side: "short" as const, quantity: 1.5 }],
      "BTCUSDT: was long 1.5, now short 1.5",
    ],
    ["growth", [{ symbol: "BTCUSDT", side: "long" as const, quantity: 3 }], "BTCUSDT: grew from 1.5 to 3"],
  ])("%s is asked again, with the difference", async (_what, positions, words) => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    room.demo.alphapulse.setPositions(positions);
    await room.press("boris", card, "Approve");
    await room.settled(code, "no longer valid");
    expect(room.copies(code)[0]?.summary).toContain(words);
    expect(effects(room)).toBe(0);
  });
});

describe("a target that misbehaves", () => {
  it("that lists eight thousand positions: the card stays a card, the file holds them all, and it can be approved", async () => {
    const room = await openRoom();
    room.demo.alphapulse.setPositions(
      Array.from({ length: 8_000 }, (_, index) => ({
        symbol: `S${index}<b>@everyone`,
        side: "long",
        quantity: 1,
        price: 1,
      })),
    );
    const { card, code } = await asked(room);
    expect(JSON.stringify(card).length).toBeLessThan(20_000);
    expect(JSON.stringify(card)).toContain("8,000");
    const shown = await room.says("boris", `confirm show ${code}`);
    const [file] = shown.message?.content.files ?? [];
    expect(new TextDecoder().decode(file?.bytes)).toContain("S7999");
    expect(cardOf(await room.press("boris", card, "Approve")).title).toBe("Boris approved flatten alphapulse");
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it("that says no: failed, nothing changed, and the target is free again", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    await room.demo.alphapulse.trading.fail({ kind: "refuse", times: 1 });
    await room.press("boris", card, "Approve");
    await room.settled(code, "failed, nothing changed");
    const again = await asked(room);
    await room.press("boris", again.card, "Approve");
    await room.settled(again.code, "done");
    expect(effects(room)).toBe(1);
  });

  it("that is down: failed, nothing was sent", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    await room.demo.alphapulse.trading.fail({ kind: "down" });
    await room.press("boris", card, "Approve");
    await room.settled(code, "failed, nothing changed");
    expect(room.copies(code)[0]?.summary).toContain("Nothing was sent");
  });

  it("that acts and loses the answer: looked up by its key, verified, done once", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    await room.demo.alphapulse.trading.fail({ kind: "lost-answer", times: 1 });
    await room.press("boris", card, "Approve");
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });

  it("that takes the call and never answers: unknown, and nothing else may touch it", async () => {
    const room = await openRoom({ change: withTimeouts });
    const { card, code } = await asked(room);
    await room.demo.alphapulse.trading.fail({ kind: "hang", only: "changes" });
    await room.press("boris", card, "Approve");
    await room.settled(code, "outcome unknown");
    for (const copy of room.copies(code))
      expect(JSON.stringify(copy.blocks)).toContain("Positions can be closed at the exchange itself");
    const all = cardOf(await room.says("ana", "status"));
    expect(all).toMatchObject({ title: expect.stringMatching(`^AlphaPulse-RL: flatten ${code} is unknown`) });
    expect(all.actions?.[0]).toMatchObject({ label: `Show ${code}` });
    const one = cardOf(await room.says("ana", "status alphapulse"));
    expect(one.title).toMatch(new RegExp(`^AlphaPulse-RL: flatten ${code} is unknown; AlphaPulse-RL is up`));
    const again = cardOf(await room.says("ana", ask));
    expect([again.title, again.summary]).toEqual([
      expect.stringContaining(code),
      expect.stringContaining("outcome unknown"),
    ]);
  });

  it("that answers nonsense for its positions: nothing can be asked, and nothing is called flat", async () => {
    const room = await openRoom();
    for (const lie of ["html", "missing", "null", "text"] as const) {
      await room.demo.alphapulse.trading.fail({ kind: "lying", lie });
      const card = cardOf(await room.says("ana", ask));
      expect(`${card.title} ${card.summary ?? ""}`).toMatch(/could not be read|could not prove/);
    }
    expect(await room.bot().store.list("request", "openedAt")).toEqual([]);
  });

  it("that does not answer is said not to answer, and its address is not doubted", async () => {
    const room = await openRoom();
    await room.demo.alphapulse.trading.fail({ kind: "down" });
    const silent = JSON.stringify(cardOf(await room.says("ana", ask)));
    expect(silent).toContain("AlphaPulse-RL does not answer, so it could not prove that it is itself");
    expect(silent).not.toContain("Check its address");
    expect(silent).toContain(
      "Nothing was sent, and no request was opened. Positions can be closed at the exchange itself",
    );
    await room.demo.alphapulse.trading.heal();
    await room.demo.alphapulse.trading.fail({ kind: "lying", lie: "imposter" });
    expect(JSON.stringify(cardOf(await room.says("ana", ask)))).toContain("Check its address");
  });

  it.each([
    ["a broken trader", { kind: "error", times: 1_000 }],
    ["a trader that hangs", { kind: "hang" }],
    ["an answer that is none", { kind: "lying", lie: "html" }],
  ] as const)("%s leaves the way to the exchange, and its address is not doubted", async (_, fault) => {
    const room = await openRoom();
    await room.demo.alphapulse.trading.fail(fault);
    const refused = JSON.stringify(cardOf(await room.says("ana", ask)));
    expect(refused).toContain(
      "Nothing was sent, and no request was opened. Positions can be closed at the exchange itself",
    );
    expect(refused).not.toContain("Check its address");
  });

  it("that is another system on the same address is not touched (A15)", async () => {
    const room = await openRoom();
    await room.demo.alphapulse.trading.fail({ kind: "lying", lie: "imposter" });
    expect(cardOf(await room.says("ana", ask)).summary).toContain("could not prove that it is itself");
  });
});

describe("a process that dies", () => {
  it("after the yes: another takes the run up, once", async () => {
    const room = await openRoom();
    const { card, code } = await asked(room);
    const waiting = room.press("boris", card, "Approve");
    await waiting;
    await room.restart();
    await room.settled(code, "done");
    expect(effects(room)).toBe(1);
  });
});

function withTimeouts(config: Room["config"]): Room["config"] {
  return {
    ...config,
    systems: config.systems.map((system) => ({
      ...system,
      operations: Object.fromEntries(
        Object.entries(system.operations).map(([id, operation]) => [
          id,
          {
            ...operation,
            hardDeadlineMs: 3_600_000,
            steps: operation.steps.map((step) =>
              step.kind === "http"
                ? Step.parse({ ...step, spec: { ...HttpStep.parse(step.spec), timeoutMs: 500 } })
                : step,
            ),
          },
        ]),
      ),
    })),
  };
}
