import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const words = ({ blocks, title, summary }: Card): string => JSON.stringify({ title, summary, blocks });

/** Chen stops AlphaPulse; answers with the code of that. */
async function stopped(room: Room): Promise<string> {
  const code = codeOf(cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"')));
  await room.settled(code, "done");
  return code;
}

/** Every copy of the card of a request comes to say this. */
async function say(room: Room, code: string, told: string | RegExp): Promise<void> {
  await vi.waitFor(
    () => {
      const copies = room.copies(code).map(words);
      expect(copies.length).toBeGreaterThan(0);
      for (const copy of copies) expect(copy).toMatch(told);
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** The code of what followed a stop by itself, once its card says so. */
async function followed(room: Room, code: string): Promise<string> {
  await say(room, code, "It is followed by request");
  const copy = room.copies(code).map(words)[0] ?? "";
  return /followed by request ([0-9A-F]{6})/.exec(copy)?.[1] ?? "none";
}

it("the card of a stop says how what follows it stands: it waits, it was denied, it was asked for by hand, it is done", async () => {
  const room = await openRoom();
  const stop = await stopped(room);
  const closing = await followed(room, stop);
  await say(room, stop, `close-out: request ${closing} is waiting: 1 approver or 1 lead must say yes`);
  await room.says("boris", `confirm deny ${closing}`);
  await say(room, stop, new RegExp(`close-out: request ${closing} is denied since .*again: run alphapulse close-out`));

  const again = codeOf(cardOf(await room.says("ana", 'run alphapulse close-out reason:"all of it has to go"')));
  await say(room, stop, `close-out: request ${again} is waiting`);
  await room.says("boris", `confirm approve ${again}`);
  await room.settled(again, "done");
  await say(room, stop, new RegExp(`close-out: request ${again} is done since [0-9:]+ UTC`));
  expect(cardOf(await room.says("ana", "confirm list")).title).toBe("Nothing waits for a decision");
});

it("the card of a stop that was reset says so, offers no next steps, and shown later says when it ended", async () => {
  const room = await openRoom();
  const stop = await stopped(room);
  await followed(room, stop);
  const status = async () => words(cardOf(await room.says("dana", "status alphapulse")));
  expect(await status()).toMatch(
    new RegExp(`Emergency stop was set by Chen's request ${stop} .*asked by Chen: it buys against the limit`),
  );
  const reset = cardOf(await room.says("ana", 'run alphapulse reset-stop reason:"the limit is back"'));
  await say(room, stop, `reset-stop: request ${codeOf(reset)} is waiting`);
  await room.press("boris", reset, "Approve");
  await room.settled(codeOf(reset), "done");
  await say(room, stop, new RegExp(`Undone since by request ${codeOf(reset)} \\(reset-stop\\) at [0-9:]+ UTC`));
  for (const copy of room.copies(stop)) expect(words(copy)).not.toContain("Next, in this order");

  const ended = Date.now();
  room.clock.aheadMs = 3 * 24 * 3_600_000;
  const shown = cardOf(await room.says("ana", `confirm show ${stop}`));
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  expect(shown.title).toContain(`: done, at ${day(ended)}`);
  expect(shown.blocks).toContainEqual({ kind: "moment", label: "Ended", at: expect.any(Number) });
  expect(shown.footer).toMatch(/^As it stood when shown, at [0-9:]+ UTC;/);
  expect(words(shown)).toContain(`Undone since by request ${codeOf(reset)}`);
});

it("a reset of the stop shows whoever approves it what is open, and who stopped trading, when and why", async () => {
  const room = await openRoom();
  const code = await stopped(room);
  const ask = 'run alphapulse reset-stop reason:"the limit is back"';
  for (const typed of [`${ask} --dry-run`, ask]) {
    const card = cardOf(await room.says("ana", typed));
    expect(card.blocks.find((block) => block.kind === "table")?.rows).toEqual([
      ["BTCUSDT", "long", "90,000 USD", "1.5", "60,000"],
      ["ETHUSDT", "short", "30,000 USD", "10", "3,000"],
    ]);
    expect(words(card)).toMatch(
      new RegExp(
        String.raw`Stopped by Chen at \d\d:\d\d:\d\d UTC: emergency-stop, request ${code} \(done\): it buys against the limit`,
      ),
    );
    expect(words(card)).toContain("Stopped since, when asked");
  }
});

it("a second emergency stop names the first, and goes out all the same", async () => {
  const room = await openRoom();
  const first = await stopped(room);
  const second = cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"I see no effect"'));
  expect(words(second)).toMatch(
    new RegExp(String.raw`Already stopped by Chen at [\d:]+ UTC: emergency-stop, request ${first} \(done\)`),
  );
  expect(words(second)).toContain("This one is sent all the same.");
  await room.settled(codeOf(second), "done");
});

it("what was stopped and set going again is told by nobody as stopped", async () => {
  const room = await openRoom();
  await stopped(room);
  const reset = cardOf(await room.says("ana", 'run alphapulse reset-stop reason:"the limit is back"'));
  await room.press("boris", reset, "Approve");
  await room.settled(codeOf(reset), "done");
  const again = cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"it does it again"'));
  expect(words(again)).not.toContain("Already stopped");
  await room.settled(codeOf(again), "done");
  const next = words(cardOf(await room.says("ana", 'run alphapulse reset-stop reason:"the limit is back"')));
  expect(next).toContain(codeOf(again));
  expect(next).not.toContain("it buys against the limit");
});

it("a stop that is not latched is not reset, and nobody is asked", async () => {
  const room = await openRoom();
  const refused = cardOf(await room.says("ana", 'run alphapulse reset-stop reason:"the limit is back"'));
  expect(words(refused)).toContain("no emergency stop is latched");
  expect(cardOf(await room.says("ana", "confirm list")).title).toBe("Nothing waits for a decision");
});

it("resuming after maintenance shows what is open", async () => {
  const room = await openRoom();
  const pause = cardOf(await room.says("ana", 'run alphapulse maintenance-on reason:"a new model"'));
  await room.press("boris", pause, "Approve");
  await room.settled(codeOf(pause), "done");
  const card = cardOf(await room.says("ana", 'resume alphapulse reason:"the maintenance is over"'));
  expect(card.blocks.find((block) => block.kind === "table")?.rows).toHaveLength(2);
  expect(words(card)).not.toContain("Stopped by");
});

it("nobody is asked to agree to resuming what trades", async () => {
  const room = await openRoom();
  const refused = cardOf(await room.says("ana", 'resume alphapulse reason:"it looks idle"'));
  expect(words(refused)).toContain("there is nothing to resume: trading is on");
  expect(cardOf(await room.says("ana", "confirm list")).title).toBe("Nothing waits for a decision");
});

it.each(["flatten", "close-out"])("%s asks nobody where nothing is open, and says so", async (operation) => {
  const room = await openRoom();
  // With no position no order is left either.
  room.demo.alphapulse.setPositions([]);
  if (operation === "close-out") await stopped(room);
  const refused = cardOf(await room.says("ana", `run alphapulse ${operation} reason:"the exchange is halting"`));
  expect(words(refused)).toContain("there is nothing to close: no position is open, and no order");
  expect(cardOf(await room.says("ana", "confirm list")).title).toBe("Nothing waits for a decision");
});

it("flatten cancels orders that alone are open, with nothing stopped, and two agree to it", async () => {
  const room = await openRoom();
  room.demo.alphapulse.setPositions([]);
  room.demo.alphapulse.setOpenOrders(3);
  expect(words(cardOf(await room.says("ana", "portfolio alphapulse")))).toContain("Open orders");
  const asked = cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"'));
  expect(words(asked)).toContain("3 open orders are cancelled");
  await room.press("boris", asked, "Approve");
  await room.settled(codeOf(asked), "done");
  expect(room.demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
  const again = words(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
  expect(again).toContain("no position is open, and no order");
});

it("what is open and cannot be read is not taken for nothing", async () => {
  const room = await openRoom();
  await room.demo.alphapulse.trading.fail({ kind: "down" });
  const refused = words(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
  expect(refused).not.toContain("there is nothing to close");
  expect(refused).toContain("Nothing was sent, and no request was opened");
});

it("what followed a stop ends when that is reset, says so, and is not asked for anew", async () => {
  const room = await openRoom();
  const stop = await stopped(room);
  const closing = await followed(room, stop);
  const reset = cardOf(await room.says("chen", 'run alphapulse reset-stop reason:"false alarm"'));
  await room.press("boris", reset, "Approve");
  await room.settled(codeOf(reset), "done");
  await room.settled(closing, "no longer valid");
  const told = room.copies(closing).map(words).join(" ");
  expect(told).toContain(
    `AlphaPulse-RL runs again: emergency-stop (request ${stop}), which this follows, was undone by reset-stop (request ${codeOf(reset)}). Nothing was run. Where it is still wanted: run alphapulse flatten reason:`,
  );
  const late = cardOf(await room.says("boris", `confirm approve ${closing}`));
  expect(words(late)).toContain("was undone by reset-stop");
  expect(room.demo.alphapulse.effects("flatten_positions")).toEqual([]);
  expect(cardOf(await room.says("ana", "confirm list")).title).toBe("Nothing waits for a decision");
  const again = cardOf(await room.says("ana", 'run alphapulse close-out reason:"it has to go"'));
  expect(words(again)).toContain("no emergency stop is latched");
});

it("a yes to what followed a stop closes nothing once somebody has reset that at the trader itself", async () => {
  const room = await openRoom();
  const stop = await stopped(room);
  const closing = await followed(room, stop);
  await fetch(`${room.demo.env["ALPHAPULSE_URL"]}/resume_trading`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${room.demo.env["ALPHAPULSE_TOKEN"]}`,
      "content-type": "application/json",
      "idempotency-key": "by-hand",
    },
    body: JSON.stringify({ reset_stop: true }),
  });
  expect(room.demo.alphapulse.effects("resume_trading")).toHaveLength(1);
  await room.says("boris", `confirm approve ${closing}`);
  await say(room, closing, "no emergency stop is latched");
  expect(room.demo.alphapulse.effects("flatten_positions")).toEqual([]);
});

it("whoever agrees to a reset sees what fires, what follows the stop, and the positions as they are now beside those of then", async () => {
  const room = await openRoom();
  room.demo.alphapulse.setPositions([{ symbol: "BTCUSDT", side: "long", quantity: 1.5, price: 60_000 }]);
  await room.demo.alphapulse.monitor.fail({ kind: "down" });
  const stop = await stopped(room);
  const closing = await followed(room, stop);
  const reset = cardOf(await room.says("chen", 'run alphapulse reset-stop reason:"false alarm"'));
  const asked = words(reset);
  expect(asked).toContain("Alerts and limits when this was asked, at ");
  expect(asked).toContain("Emergency stop");
  expect(asked).toMatch(/could not be read/);
  expect(asked).toContain(`close-out, request ${closing}, which follows the stop, is waiting for approval`);
  expect(asked).toContain("It ends, with nothing run, once this is done.");
  expect(asked).toContain(`"name":"Positions being closed, when asked","value":"no"`);

  room.demo.alphapulse.setPositions([]);
  const shown = words(cardOf(await room.says("boris", `confirm show ${codeOf(reset)}`)));
  expect(shown).toContain("Alerts and limits now, at ");
  expect(shown).toContain("Open positions when this was asked:");
  expect(shown).toMatch(/No open positions now, at [0-9:]+ UTC\./);
  await room.demo.alphapulse.trading.fail({ kind: "down" });
  const unread = words(cardOf(await room.says("boris", `confirm show ${codeOf(reset)}`)));
  expect(unread).toMatch(/Open positions now, at [0-9:]+ UTC: unknown/);

  await room.demo.alphapulse.trading.heal();
  await room.says("boris", `confirm deny ${closing}`);
  await say(room, codeOf(reset), new RegExp(`close-out, request ${closing}, which follows the stop, is denied, since`));
});

it("what was undone says by what and offers no Undo, and Undo of an Undo does it again and says that it was left", async () => {
  const room = await openRoom();
  const down = cardOf(await room.says("ana", 'scale prsm api 1 reason:"the night is quiet"'));
  const first = codeOf(down);
  expect(words(down)).toContain("Undo: run prsm scale n:3 service:api");
  await room.press("boris", down, "Approve");
  await room.settled(first, "done");
  const back = codeOf(cardOf(await room.press("ana", room.copies(first)[0] ?? down, "Undo")));
  await room.settled(back, "done");
  await room.settled(first, "undone");
  for (const copy of room.copies(first)) {
    expect(copy.actions ?? []).toEqual([]);
    expect(words(copy)).not.toContain("Undo:");
    expect(words(copy)).toContain(`Undone since by request ${back} (scale, done)`);
  }
  const again = cardOf(await room.press("ana", room.copies(back)[0] ?? down, "Undo"));
  expect(words(again)).toContain("prsm-api: 3 to 1 replicas");
  expect(words(again)).toContain(`It undoes request ${back} (scale, done), which Ana asked for at`);
  expect(words(again)).toContain(`That had undone request ${first} (scale, undone)`);
  expect(words(again)).toContain("the night is quiet");

  const up = codeOf(cardOf(await room.says("ana", 'scale prsm api 5 reason:"the load is back"')));
  await room.settled(up, "done");
  await room.press("boris", again, "Approve");
  await room.settled(codeOf(again), "no longer valid");
  await say(room, codeOf(again), /what it changes has changed: prsm-api: .*replicas 3 → 5/);
  await say(
    room,
    codeOf(again),
    new RegExp(
      String.raw`Done through Wardroom to the same while this was open: request ${up} \(scale, done\), which Ana asked for at .*the load is back`,
    ),
  );
});
