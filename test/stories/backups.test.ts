import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 60_000, interval: 200 };

/** What an answer says, tables and steps included. */
async function saidBy(room: Room, text: string): Promise<string> {
  return JSON.stringify((await room.says("ana", text)).message?.content.card ?? "nothing");
}

/** Asked, approved where that is wanted, and what its plan says once it has ended so. */
async function carriedOut(room: Room, text: string, end: string, approver?: string): Promise<string> {
  const code = codeOf(cardOf(await room.says("ana", text)));
  if (approver !== undefined) await room.says(approver, `confirm approve ${code}`);
  const show = (): Promise<string> => saidBy(room, `confirm show ${code}`);
  await vi.waitFor(async () => expect(await show()).toContain(end), patience);
  return show();
}

it("a backup that was not taken is told; backups are listed, taken, and proven by a restore without effect (AP20)", async () => {
  const room = await openRoom();
  room.demo.alphapulse.missBackups(3);
  const missed = /of data or full is [^"]+ old; at most 25 h is promised \(daily\)/;
  expect(await saidBy(room, "status alphapulse")).toMatch(missed);
  expect(await saidBy(room, "alerts alphapulse")).toMatch(missed);
  const behind = await room.says("ana", "backups alphapulse");
  expect(behind.message?.content.card).toMatchObject({ tone: "bad" });
  room.demo.alphapulse.missBackups(0);
  const listed = await saidBy(room, "backups alphapulse");
  expect(listed).toContain("AlphaPulse-RL, Backups: 11 rows");
  expect(listed).toMatch(/The newest of data or full is [^"]+ old; at most 25 h is promised \(daily\)/);
  await carriedOut(room, 'backup alphapulse type:config reason:"before the work"', "backup AlphaPulse-RL: done");
  const list = await saidBy(room, "backups alphapulse");
  expect(list).toContain("AlphaPulse-RL, Backups: 12 rows");
  const newest = /config-\d{8}-\d{6}/.exec(list)?.[0] ?? "none";
  const drill = await carriedOut(
    room,
    `drill alphapulse backup:${newest} reason:"weekly"`,
    "drill AlphaPulse-RL: done",
  );
  expect(drill).toContain("can be restored; nothing was changed");
  // The last proof is told, and every one before is on record (AP23).
  expect(await saidBy(room, "status alphapulse")).toMatch(new RegExp(`Last proven restore.*${newest} can be restored`));
  expect(await saidBy(room, "logs alphapulse drills since:30d")).toMatch(/weekly-[\d-]+ can be restored/);
});

it("the configuration alone is restored, by two and while nothing trades (AP23)", async () => {
  const room = await openRoom();
  const daily = /daily-[\d-]+/.exec(await saidBy(room, "backups alphapulse"))?.[0] ?? "none";
  const asking = `run alphapulse restore-config backup:${daily} reason:"the limits are wrong"`;
  expect(await saidBy(room, asking)).toContain("it trades, and would go on with what is restored");
  room.demo.alphapulse.setPositions([]);
  const paused = "run alphapulse maintenance-on reason:restore";
  await carriedOut(room, paused, "maintenance-on AlphaPulse-RL: done");
  const none = await carriedOut(room, asking, "failed, nothing changed", "boris");
  expect(none).toContain("holds data and no configuration: nothing was restored");
  const weekly = /weekly-[\d-]+/.exec(await saidBy(room, "backups alphapulse"))?.[0] ?? "none";
  const shown = await carriedOut(room, asking.replace(daily, weekly), "restore-config AlphaPulse-RL: done", "boris");
  expect(shown).toContain(`Restored config from ${weekly}`);
  expect(shown).toContain("from live to paper");
  const metrics = await fetch(`${room.demo.alphapulse.trading.url}/metrics`);
  expect(await metrics.json()).toMatchObject({ mode: "paper", trading: { active: false } });
});

it("what a backup prints is in its card while it runs", async () => {
  const room = await openRoom();
  const home = room.demo.env["ALPHAPULSE_HOME"] ?? "none";
  const slow = `#!/bin/sh
printf 'table %s of 3\\n' 1 2
for each in $(seq 1200); do [ -e go ] && break; sleep 0.1; done
echo 'table 3 of 3'
`;
  writeFileSync(join(home, "deployment/scripts/backup_system.py"), slow);
  const code = codeOf(cardOf(await room.says("ana", 'backup alphapulse type:config reason:"before the work"')));
  const copies = (): string => JSON.stringify(room.copies(code));
  await vi.waitFor(() => expect(copies()).toContain("running"), patience);
  room.clock.aheadMs += 5_000;
  await vi.waitFor(
    () => expect(copies()).toMatch(/running for \d+ s of at most 30 min: table 1 of 3 \/ table 2 of 3/),
    patience,
  );
  writeFileSync(join(home, "go"), "");
  await room.settled(code, "done");
  expect(copies()).toContain("done: exit code 0: table 1 of 3 / table 2 of 3 / table 3 of 3");
  expect(copies()).not.toContain("running for");
});
