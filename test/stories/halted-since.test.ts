import { expect, it, vi } from "vitest";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };
const resetAsked = 'run alphapulse reset-stop reason:"all is well again"';

function effects(room: Room): string[] {
  return room.demo.alphapulse.effects().map(({ operation }) => operation);
}

async function stopped(room: Room, reason: string): Promise<string> {
  const code = codeOf(cardOf(await room.says("chen", `emergency-stop alphapulse reason:"${reason}"`)));
  await room.settled(code, "done");
  return code;
}

it("a reset that waits is over once somebody stops again: an old yes revives nothing, and what is asked anew names both", async () => {
  const room = await openRoom();
  await stopped(room, "it buys against the limit");
  room.demo.alphapulse.setPositions([]);
  const asked = codeOf(cardOf(await room.says("ana", resetAsked)));
  const second = await stopped(room, "do not resume");
  await room.settled(asked, "no longer valid");
  const said = cardOf(await room.says("boris", `confirm approve ${asked}`));
  expect(JSON.stringify(said)).toContain(`emergency-stop by Chen (request ${second}) came after this was asked`);
  expect(JSON.stringify(said)).toContain("Ask again: run alphapulse reset-stop");
  const anew = cardOf(await room.says("ana", resetAsked));
  expect(JSON.stringify(anew)).toContain("do not resume");
  expect(effects(room)).not.toContain("resume_trading");
  await room.says("boris", `confirm approve ${codeOf(anew)}`);
  await room.settled(codeOf(anew), "done");
  expect(effects(room).at(-1)).toBe("resume_trading");
});

it("a reset that was approved and is held up by a hanging restart does not run once that is over, when a stop came", async () => {
  const room = await openRoom();
  await stopped(room, "it buys against the limit");
  room.demo.alphapulse.setPositions([]);
  const asked = codeOf(cardOf(await room.says("ana", resetAsked)));
  await room.demo.alphapulse.trading.fail({ kind: "hang", only: "changes", times: 1 });
  const restart = 'run alphapulse restart-service service:data-feed reason:"it hangs since noon"';
  const holder = codeOf(cardOf(await room.says("ana", restart)));
  await vi.waitFor(() => expect(room.demo.alphapulse.trading.fault).toBeUndefined(), patience);
  await room.says("boris", `confirm approve ${asked}`);
  await room.settled(asked, "approved, held up");
  const second = await stopped(room, "do not resume");
  await room.settled(asked, "no longer valid");
  expect(room.copies(asked)[0]?.summary).toContain(`(request ${second}) came after this was asked`);
  // The restart's answer is lost by then, and the trader says that it was never done: its lock is free.
  room.clock.aheadMs += 150_000;
  await vi.waitFor(() => expect(room.copies(holder)[0]?.title).not.toMatch(/running|unknown/), patience);
  expect(effects(room)).not.toContain("resume_trading");
});

it("a resume that waits is over once somebody pauses again", async () => {
  const room = await openRoom();
  room.demo.alphapulse.setPositions([]);
  const pause = 'run alphapulse maintenance-on reason:"the exchange is upgraded"';
  await room.settled(codeOf(cardOf(await room.says("ana", pause))), "done");
  const asked = codeOf(cardOf(await room.says("ana", 'resume alphapulse reason:"the upgrade is over"')));
  await room.says("chen", 'run alphapulse maintenance-on reason:"it is not over yet"');
  await room.settled(asked, "no longer valid");
  expect(room.copies(asked)[0]?.summary).toContain('Ask again: run alphapulse resume reason:"…".');
  expect(effects(room)).not.toContain("resume_trading");
});

it("a reset that waits is over once a restore has begun: what is restored is not traded on unasked", async () => {
  const room = await openRoom();
  await stopped(room, "it buys against the limit");
  room.demo.alphapulse.setPositions([]);
  const asked = codeOf(cardOf(await room.says("ana", resetAsked)));
  const name = /daily-[\d-]+/.exec(JSON.stringify(cardOf(await room.says("ana", "backups alphapulse"))))?.[0];
  const restore = cardOf(await room.says("ana", `restore alphapulse backup:${name} reason:"the data is broken"`));
  await room.says("boris", `confirm approve ${codeOf(restore)} name:alphapulse`);
  await room.settled(asked, "no longer valid");
  expect(room.copies(asked)[0]?.summary).toContain(
    `restore by Ana (request ${codeOf(restore)}) came after this was asked`,
  );
  await room.settled(codeOf(restore), "done");
  expect(effects(room)).not.toContain("resume_trading");
});

it("a reset of one stop does not reset another that was pressed at the trader itself", async () => {
  const room = await openRoom();
  await stopped(room, "it buys against the limit");
  room.demo.alphapulse.setPositions([]);
  const asked = codeOf(cardOf(await room.says("ana", resetAsked)));
  await byHand(room, "resume_trading", { reset_stop: true });
  await byHand(room, "emergency_stop", {});
  await room.says("boris", `confirm approve ${asked}`);
  await room.settled(asked, "no longer valid");
  expect(effects(room)).toEqual(["emergency_stop", "resume_trading", "emergency_stop"]);
});

/** What somebody does at the trader itself, past Wardroom. */
async function byHand({ demo }: Room, path: string, body: object): Promise<void> {
  const answer = await fetch(`${demo.env["ALPHAPULSE_URL"] ?? ""}/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": `by-hand-${path}`,
      authorization: `Bearer ${demo.env["ALPHAPULSE_TOKEN"] ?? ""}`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} by hand: ${answer.status} ${await answer.text()}`);
}
