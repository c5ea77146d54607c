import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { imageOf, type Release } from "../../demo/kubernetes/registry.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

/** An image as a card shows it. */
const shown12 = (release: Release): string => imageOf(release).replace(/(sha256:.{12}).*/, "$1…");
const patience = { timeout: 60_000, interval: 200 };

/** What an answer says, tables and steps included. */
async function saidBy(room: Room, who: string, text: string): Promise<string> {
  const given = await room.says(who, text);
  return JSON.stringify(given.message?.content.card ?? "nothing");
}

/** Scripts, a rollout and its validation take their time where others work beside. */
async function ends(room: Room, code: string, words: string): Promise<void> {
  const title = async (): Promise<string> =>
    cardOf(await room.says("ana", `confirm show ${code}`)).title.replace(/, at .*/, "");
  await vi.waitFor(async () => expect(await title()).toMatch(new RegExp(`: ${words}$`)), patience);
}

/** Asked by Ana; approved by Boris, where that is wanted, with the name that he types. */
async function asked(room: Room, text: string, approved: boolean | string): Promise<string> {
  const code = codeOf(cardOf(await room.says("ana", text)));
  const name = typeof approved === "string" ? ` name:${approved}` : "";
  if (approved !== false) await room.says("boris", `confirm approve ${code}${name}`);
  return code;
}

it("a release goes by staging, takes a backup, is validated, and is watched beside whatever else is done (PR4)", async () => {
  const room = await openRoom();
  // Where others work beside, the first look at a cluster may take longer than it is waited for.
  const refused = (words: string) => () =>
    vi.waitFor(
      async () => expect(await saidBy(room, "ana", 'release prsm v1.5.0 reason:"it is due"')).toContain(words),
      patience,
    );
  await refused("staging does not run v1.5.0: stage prsm v1.5.0 comes first. No request was opened.")();
  const missing = await asked(room, 'stage prsm v9.9.9 reason:"it is due"', false);
  await ends(room, missing, "failed, nothing changed");
  expect(await saidBy(room, "ana", `confirm show ${missing}`)).toContain("the registry has no image of v9.9.9");
  const crashing = await asked(room, 'stage prsm v1.5.0 reason:"it is due"', false);
  await ends(room, crashing, "done");
  await refused("v1.5.0 does not pass the validation of staging. No request was opened.")();

  await ends(room, await asked(room, 'stage prsm v1.4.2 reason:"it is due"', false), "done");
  await vi.waitFor(
    async () =>
      expect(await saidBy(room, "ana", 'release prsm v1.4.2 reason:"it is due"')).toContain(
        "prsm-api and prsm-worker run v1.4.2 already: there is nothing to release. No request was opened.",
      ),
    patience,
  );
  const staged = await asked(room, 'stage prsm v1.4.1 reason:"it is due"', false);
  await ends(room, staged, "done");
  const released = await asked(room, 'release prsm v1.4.1 reason:"it is due"', true);
  await ends(room, released, "done");
  const shown = await saidBy(room, "ana", `confirm show ${released}`);
  expect(shown).toContain("Uploading to s3://prsm-backups/production/backup_production_");
  expect(shown).toContain("targets of prsm-api are up");
  const followed = /It is followed by request ([0-9A-F]{6}) \(watch-release\)/;
  const watching = await vi.waitFor(async () => {
    const [, code] = followed.exec(await saidBy(room, "ana", `confirm show ${released}`)) ?? [];
    if (code === undefined) throw new Error("it is followed by nothing yet");
    return code;
  }, patience);
  await vi.waitFor(
    async () => expect(await saidBy(room, "ana", `confirm show ${watching}`)).toMatch(/holding for .* of 120 min/),
    patience,
  );
  const offering = offersUndo(room, released);
  const back = codeOf(cardOf(await room.press("ana", offering, "Undo")));
  expect(await saidBy(room, "ana", `confirm show ${back}`)).toContain(
    `prsm-api: ${shown12("v1.4.1")} to ${shown12("v1.4.2")}`,
  );
  await room.says("boris", `confirm approve ${back}`);
  await ends(room, back, "done");
  await ends(room, watching, "over, as what it followed was undone");
  expect(await saidBy(room, "ana", `confirm show ${watching}`)).toContain("it was changed meanwhile");
  await ends(room, released, "undone");
  // An old message of it may stand somewhere still.
  const late = JSON.stringify((await room.press("ana", offering, "Undo")).message?.content.card);
  expect(late).toContain("there is nothing to undo: prsm-api and prsm-worker are as they were before it already");
  expect(late).toContain(`Done through Wardroom to the same since request ${released} (release, undone): `);
  expect(late).toContain(`request ${back} (rollback-to, done), which Ana asked for at`);
});

/** The card of a request, with its Undo. */
function offersUndo(room: Room, code: string) {
  const card = room.copies(code).findLast(({ actions = [] }) => actions.some(({ label }) => label === "Undo"));
  if (!card) throw new Error(`no card of ${code} offers Undo`);
  return card;
}

/** Presses Undo on the card of a request. */
async function undo(room: Room, code: string) {
  return room.press("ana", offersUndo(room, code), "Undo");
}

it("a release that does not come to its end is followed by no watch, and its card says so (PR4)", async () => {
  const room = await openRoom();
  await ends(room, await asked(room, 'stage prsm v1.4.1 reason:"it is due"', false), "done");
  await writeFile(join(room.demo.env["PRSM_HOME"] ?? "", "scripts/deploy-k8s.sh"), "#!/bin/sh\nexit 2\n");
  const released = await asked(room, 'release prsm v1.4.1 reason:"it is due"', true);
  await ends(room, released, "stopped half-way");
  const shown = await saidBy(room, "ana", `confirm show ${released}`);
  expect(shown).toContain("watch-release is not asked for: this was not done.");
  expect(JSON.stringify((await undo(room, released)).message?.content.card)).toContain("there is nothing to undo");
});

it("a backup is taken by one person and restored by two, by its name in the list (PR9)", async () => {
  const room = await openRoom();
  const list = () => saidBy(room, "ana", "backups prsm");
  // How many there are by themselves hangs on the hour.
  const count = async () => Number(/PRSM, Backups: (\d+) rows/.exec(await list())?.[1]);
  const before = await count();
  const taken = await asked(room, 'backup prsm reason:"before the work"', false);
  await ends(room, taken, "done");
  expect(await count()).toBeGreaterThan(before);
  expect(await list()).toMatch(/The newest is \d+ s old; at most 60 min is promised \(RPO\)/);
  expect(await saidBy(room, "ana", 'restore prsm backup_production_20200101_000000 reason:"drill"')).toContain(
    "backup_production_20200101_000000",
  );
  const newest = /backup_production_\d{8}_\d{6}/.exec(await list())?.[0] ?? "none";
  const given = await room.says("ana", `restore prsm ${newest} reason:"what was written is wrong"`);
  expect(JSON.stringify(given.message?.content.card)).toMatch(
    new RegExp(
      `to ${newest} \\(\\w+, [\\d.]+[GM]\\), made \\d{4}-\\S+Z: data of the last \\d+ (s|min|h|d)( \\d+ \\w+)? is lost, and whatever is written up to the restore`,
    ),
  );
  expect(JSON.stringify(given.message?.content.card)).toContain(
    "NOTHING UNDOES THAT: for a way back, first backup prsm",
  );
  const code = codeOf(cardOf(given));
  expect(await saidBy(room, "ana", `confirm approve ${code}`)).toContain("asked for");
  await room.says("boris", `confirm approve ${code} name:prsm`);
  await ends(room, code, "done");
  expect(await saidBy(room, "ana", `confirm show ${code}`)).toContain("production is as it was at");
});

it("what a release did to the data is taken back with its tag (PR27)", async () => {
  const room = await openRoom();
  const newest = /backup_production_\d{8}_\d{6}/.exec(await saidBy(room, "ana", "backups prsm"))?.[0] ?? "none";
  const code = await asked(
    room,
    `run prsm restore-release backup:${newest} tag:v1.4.1 reason:"the release has spoiled data"`,
    "prsm",
  );
  await ends(room, code, "done");
  const shown = await saidBy(room, "ana", `confirm show ${code}`);
  expect(shown).toContain("v1.4.1 is deployed to production");
  expect(shown).toContain("production is as it was at");
});

it("half a rollback is not repeated, says what stopped it, and its Undo takes back that half past what it holds", async () => {
  const room = await openRoom();
  room.demo.kubernetes.deny("prsm-worker");
  const half = await asked(room, 'rollback prsm api,worker reason:"it crashes"', true);
  await ends(room, half, "stopped half-way");
  expect(await saidBy(room, "ana", `confirm show ${half}`)).toContain("changes of prsm-worker are frozen (403)");
  expect(await saidBy(room, "ana", 'rollback prsm api,worker reason:"it crashes"')).toContain(
    "prsm-api and prsm-worker run different images",
  );
  room.demo.kubernetes.deny();
  const back = codeOf(cardOf(await undo(room, half)));
  const shown = await saidBy(room, "ana", `confirm show ${back}`);
  expect(shown).toContain(`prsm-api: ${shown12("v1.4.1")} to ${shown12("v1.4.2")}`);
  expect(shown).toContain(`prsm-worker: ${shown12("v1.4.2")} to ${shown12("v1.4.2")}`);
  await room.says("boris", `confirm approve ${back}`);
  await ends(room, back, "done");
  await ends(room, half, "undone");
});

it("half a deploy that is asked for again says how that comes to be possible", async () => {
  const room = await openRoom();
  room.demo.kubernetes.deny("prsm-worker");
  const [, digest] = imageOf("v1.5.2").split("@");
  const half = await asked(room, `deploy prsm ${digest} reason:"it is due"`, true);
  await ends(room, half, "stopped half-way");
  expect(await saidBy(room, "ana", `deploy prsm ${digest} reason:"it is due"`)).toContain(
    `It stopped half-way, and can be asked for again once people have said how it ended. What it did is on its card, and Undo there where there is one: confirm show ${half}.`,
  );
  room.demo.kubernetes.deny();
  const back = codeOf(cardOf(await undo(room, half)));
  await room.says("boris", `confirm approve ${back}`);
  await ends(room, back, "done");
});
