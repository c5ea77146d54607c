import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 90_000, interval: 300 };

async function said(room: Room, who: string, text: string): Promise<string> {
  return JSON.stringify((await room.says(who, text)).message?.content.card ?? "nothing");
}

/** Asked by Ana, again where programs are too slow to be read, as they may be where others work beside. */
async function answered(room: Room, text: string, words: string): Promise<Card> {
  return vi.waitFor(async () => {
    const card = cardOf(await room.says("ana", text));
    expect(JSON.stringify(card)).toContain(words);
    return card;
  }, patience);
}

async function ends(room: Room, code: string, words = ": done"): Promise<string> {
  return vi.waitFor(async () => {
    const shown = await said(room, "ana", `confirm show ${code}`);
    expect(shown).toContain(words);
    return shown;
  }, patience);
}

/** Asked by Ana and approved by Boris, to its end; what the request said. */
async function done(
  room: Room,
  text: string,
  name?: string,
): Promise<{ readonly asked: string; readonly shown: string; readonly code: string }> {
  const asked = await answered(room, text, "waiting for approval");
  const code = codeOf(asked);
  await room.says("boris", `confirm approve ${code}${name === undefined ? "" : ` name:${name}`}`);
  return { asked: JSON.stringify(asked), shown: await ends(room, code), code };
}

function envOf({ demo }: Room): string {
  return readFileSync(join(demo.alphapulse.home, "deployment", ".env"), "utf8");
}

async function modesOf({ demo }: Room): Promise<unknown> {
  const answer = await fetch(`${demo.alphapulse.trading.url}/metrics`);
  return JSON.parse(await answer.text());
}

/** As whoever holds its credential may, beside the bot. */
async function stopAtTheTrader({ demo: { alphapulse } }: Room): Promise<void> {
  const headers = { authorization: `Bearer ${alphapulse.token}` };
  const answer = await fetch(`${alphapulse.trading.url}/emergency_stop`, { method: "POST", headers });
  expect(answer.ok).toBe(true);
}

/** As a person on its host would. */
function byHand({ demo }: Room, ...words: readonly string[]): void {
  const files = ["-p", "alphapulse", "-f", "docker/docker-compose.yml", "--env-file", ".env"];
  const cwd = join(demo.alphapulse.home, "deployment");
  const end = spawnSync(demo.alphapulse.docker, ["compose", ...files, ...words], { cwd, encoding: "utf8" });
  if (end.status !== 0) throw new Error(`docker compose failed: ${end.stderr}`);
}

it("paper takes one person once nothing is open, live takes two, and both are watched (AP12)", async () => {
  const room = await openRoom();
  const open = await answered(room, 'set-mode alphapulse paper reason:"the model drifts"', "waiting for approval");
  await room.says("ana", `confirm cancel ${codeOf(open)}`);
  room.demo.alphapulse.setPositions([]);
  room.demo.alphapulse.setOpenOrders(2);
  const ordered = await answered(room, 'set-mode alphapulse paper reason:"the model drifts"', "waiting for approval");
  expect(JSON.stringify(ordered)).toContain("2 open orders");
  await room.says("ana", `confirm cancel ${codeOf(ordered)}`);
  room.demo.alphapulse.setOpenOrders(0);
  const paper = await answered(room, 'set-mode alphapulse paper reason:"the model drifts"', "live to paper");
  // What follows it is asked for once it is done, and told on its card a moment later.
  expect(await ends(room, codeOf(paper), "(watch-trading)")).toContain(": done");
  expect(envOf(room)).toBe("TRADING_MODE=paper\n");
  expect(await modesOf(room)).toMatchObject({ mode: "paper", exchange: { account: "paper" } });
  await answered(room, 'set-mode alphapulse paper reason:"once more"', "it is in paper mode already");
  const { asked, code: live } = await done(room, 'set-mode alphapulse live reason:"the model is well"', "alphapulse");
  expect(asked).toContain(".env: paper to live; the trader is made anew, from paper to live");
  expect(asked).toContain("Undo: run alphapulse set-mode mode:paper");
  expect(asked).toContain("destructive; increases what can be lost");
  expect(await modesOf(room)).toMatchObject({ mode: "live", exchange: { account: "live" } });
  const followed = await ends(room, live, "(watch-trading)");
  const watch = /followed by request ([0-9A-F]{6}) /.exec(followed)?.[1] ?? "none";
  await ends(room, watch, "holding for");
  await stopAtTheTrader(room);
  room.clock.aheadMs += 20_000;
  await ends(room, watch, "failed, nothing changed");
});

it("where file, process and exchange do not agree nobody goes live, and paper is the way out (AP12)", async () => {
  const room = await openRoom();
  room.demo.alphapulse.setPositions([]);
  writeFileSync(join(room.demo.alphapulse.home, "deployment", ".env"), "TRADING_MODE=paper\n");
  const wrong = ".env says paper, the process runs live, its orders go to live: set-mode alphapulse paper comes first";
  await answered(room, 'set-mode alphapulse live reason:"it is time"', wrong);
  const status = await said(room, "dana", "status alphapulse");
  expect(status).toContain("Trading mode in .env");
  const { asked } = await done(room, 'set-mode alphapulse paper reason:"they do not agree"');
  expect(asked).toContain("destructive");
  expect(await modesOf(room)).toMatchObject({ mode: "paper", exchange: { account: "paper" } });
});

it("a stop acts at once, one request cancels and closes, and only then one person stops the trader (AP10, AP12)", async () => {
  const room = await openRoom();
  const stopped = cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"the market falls"'));
  const shown = await ends(room, codeOf(stopped), "(close-out)");
  const early = await answered(room, 'run alphapulse stop-trader reason:"the market falls"', "waiting for approval");
  await room.says("ana", `confirm cancel ${codeOf(early)}`);
  const closing = /followed by request ([0-9A-F]{6}) \(close-out\)/.exec(shown)?.[1] ?? "none";
  await room.says("boris", `confirm approve ${closing}`);
  await ends(room, closing);
  expect(room.demo.alphapulse.effects().map(({ operation }) => operation)).toEqual([
    "emergency_stop",
    "flatten_positions",
  ]);
  const down = cardOf(await room.says("ana", 'run alphapulse stop-trader reason:"until it is mended"'));
  await ends(room, codeOf(down));
  const incidents = await said(room, "dana", "logs alphapulse incidents since:1h");
  expect(incidents).toMatch(/emergency stop by Chen \(request [0-9A-F]{6}\) is latched: the market falls \[wardroom/);
  expect(incidents).toContain("closed out after an emergency stop: no position and no order is open");
  expect(incidents).toContain("alphapulse-trading is stopped, with 0 positions and 0 orders open");
  const status = await said(room, "dana", "status alphapulse");
  expect(status).toContain("down");
  expect(status).toContain("Container of the trader: run alphapulse start-paper");
  expect(status).toContain(
    `Trading service and Container of the trader were stopped by Ana's request ${codeOf(down)} (stop-trader), `,
  );
  expect(status).toContain("stop-trader alphapulse, asked by Ana: until it is mended");
  const first = "as after stop-trader, this comes first: run alphapulse start-paper";
  await answered(room, 'run alphapulse reset-stop reason:"it is mended"', first);
  await answered(room, 'resume alphapulse reason:"it is mended"', first);
  expect(await said(room, "chen", `confirm show ${codeOf(stopped)}`)).toMatch(
    /close-out: .*run alphapulse start-paper/,
  );
  const { asked } = await done(room, 'run alphapulse start-paper reason:"the cause is mended"');
  expect(asked).toContain(".env: live to paper");
  expect(await modesOf(room)).toMatchObject({ mode: "paper", trading: { emergency_stopped: true } });
  const live = 'this comes first: run alphapulse reset-stop reason:\\"…\\"';
  await answered(room, 'set-mode alphapulse live reason:"the model is well"', live);
  const reset = await answered(room, 'run alphapulse reset-stop reason:"the cause is mended"', "Stopped by Chen");
  const words = JSON.stringify(reset);
  expect(words).toMatch(/the market falls.*close-out, request [0-9A-F]{6}, which follows the stop, is done/);
  expect(words).toMatch(/The emergency stop of [^"]* is reset.* in paper mode, with 0 positions open/);
  expect(words).toContain("Undo: run alphapulse emergency-stop");
});

it("what is not closed keeps the trader running, so that it can still be asked (AP10)", async () => {
  const room = await openRoom();
  room.demo.alphapulse.leaveOpen(["BTCUSDT"]);
  const stopped = cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"the market falls"'));
  const shown = await ends(room, codeOf(stopped), "(close-out)");
  const closing = /followed by request ([0-9A-F]{6}) \(close-out\)/.exec(shown)?.[1] ?? "none";
  await room.says("boris", `confirm approve ${closing}`);
  await vi.waitFor(() => expect(room.demo.alphapulse.effects("flatten_positions")).toHaveLength(1), patience);
  expect(await modesOf(room)).toMatchObject({ trading: { emergency_stopped: true } });
});

it("its containers are seen and restarted, and a container that is down is told (AP1)", async () => {
  const room = await openRoom();
  expect(await said(room, "dana", "ps alphapulse")).toContain("alphapulse-proxy");
  byHand(room, "stop", "alphapulse-redis");
  await answered(room, "status alphapulse", "Container of Redis");
  const asked = await answered(room, 'restart alphapulse alphapulse-redis reason:"it is down"', "of which 0 are well");
  await ends(room, codeOf(asked));
  await answered(room, 'restart alphapulse alphapulse-trading reason:"it hangs"', "waiting for approval");
});

it("a unit of systemd that runs beside the container is told, and no trader is started beside it (AP1)", async () => {
  const room = await openRoom();
  expect(await said(room, "dana", "status alphapulse")).toMatch(/systemd unit of the trader[^}]*inactive/);
  room.demo.alphapulse.setPositions([]);
  const down = await answered(room, 'run alphapulse stop-trader reason:"until it is mended"', "Stop the trader");
  expect(await ends(room, codeOf(down))).toContain("Its unit does not run either");
  writeFileSync(`${room.demo.alphapulse.systemctl}.alphapulse-trading`, "active\n");
  const status = await said(room, "dana", "status alphapulse");
  expect(status).toMatch(/systemd unit of the trader.*active.*inactive/);
  const start = 'run alphapulse start-paper reason:"the cause is mended"';
  await answered(room, start, "its systemd unit is active and would trade beside it");
});

it("an update is made in maintenance alone, in the mode of before, and has to pass the manual's check (AP14)", async () => {
  const room = await openRoom();
  room.demo.alphapulse.setPositions([]);
  await answered(
    room,
    'run alphapulse update reason:"first Sunday"',
    "it trades; first: run alphapulse maintenance-on",
  );
  const on = cardOf(await room.says("ana", 'run alphapulse maintenance-on reason:"first Sunday"'));
  await ends(room, codeOf(on));
  const env = join(room.demo.alphapulse.home, "deployment", ".env");
  const before = envOf(room);
  writeFileSync(env, "TRADING_MODE=paper\n");
  await answered(room, 'run alphapulse update reason:"first Sunday"', "it would come up in another mode");
  writeFileSync(env, before);
  appendFileSync(env, "# untouched\n");
  const { shown } = await done(room, 'run alphapulse update reason:"first Sunday"');
  expect(shown).toContain("made anew");
  expect(await modesOf(room)).toMatchObject({ mode: "live", trading: { active: false, maintenance: true } });
  await done(room, 'resume alphapulse reason:"it is done"');
  expect(await modesOf(room)).toMatchObject({ trading: { active: true } });
});
