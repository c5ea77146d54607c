import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 60_000, interval: 200 };

async function said(room: Room, who: string, text: string): Promise<string> {
  return JSON.stringify((await room.says(who, text)).message?.content.card ?? "nothing");
}

async function ends(room: Room, code: string, words: string): Promise<void> {
  await vi.waitFor(async () => expect(await said(room, "ana", `confirm show ${code}`)).toContain(words), patience);
}

/** Asked by Ana and approved by Boris. */
async function approved(
  room: Room,
  text: string,
  name = "",
): Promise<{ readonly code: string; readonly card: string }> {
  const card = cardOf(await room.says("ana", text));
  expect(card.title).toContain("waiting for approval");
  await room.says("boris", `confirm approve ${codeOf(card)}${name}`);
  return { code: codeOf(card), card: JSON.stringify(card) };
}

async function modelsOf({ demo }: Room): Promise<readonly string[]> {
  return Promise.all(
    demo.pulseguard.nodes.map(async ({ service }) => {
      const answer = await fetch(`${service.url}/status`).catch(() => undefined);
      return answer === undefined ? "down" : (/"model_version":"(\w+)"/.exec(await answer.text())?.[1] ?? "none");
    }),
  );
}

it("another model goes to one instance after the other and is watched beside (PG6)", async () => {
  const room = await openRoom();
  expect(await said(room, "ana", 'run pulseguard model-update version:v9 reason:"trained anew"')).toContain("v0_2_0");
  const { code, card } = await approved(room, 'run pulseguard model-update version:v0_2_0 reason:"trained anew"');
  expect(card).toContain("the model: v0_1_0 to v0_2_0; instances 1, 2 and 3 are restarted one by one");
  expect(card).toContain("Undo: run pulseguard model-update version:v0_1_0");
  await ends(room, code, ": done");
  // What watches is asked for once it is done.
  await ends(room, code, "(watch-model)");
  expect(await modelsOf(room)).toEqual(["v0_2_0", "v0_2_0", "v0_2_0"]);
  expect(readFileSync(join(room.demo.pulseguard.home, ".env"), "utf8")).toContain("MODEL_VERSION=v0_2_0\n");
  const watching = /followed by request ([0-9A-F]{6}) \(watch-model\)/.exec(
    await said(room, "ana", `confirm show ${code}`),
  )?.[1];
  await ends(room, watching ?? "none", "of 30 min");
});

it("a model that cannot be loaded stops at the first instance, and the other two go on with the one before (PG6)", async () => {
  const room = await openRoom();
  const { code } = await approved(room, 'run pulseguard model-update version:v0_3_0 reason:"trained anew"');
  await ends(room, code, "cannot load v0_3_0");
  expect(await modelsOf(room)).toEqual(["down", "v0_1_0", "v0_1_0"]);
  const status = await said(room, "dana", "status pulseguard");
  expect(status).toMatch(/Model of instance 2","value":"v0_1_0".*Model of instance 3","value":"v0_1_0"/);
  // One person starts nothing of that model.
  expect(await said(room, "ana", 'scale pulseguard 3 reason:"one is down"')).toContain(
    "a new instance would run v0_3_0",
  );
  const back = 'run pulseguard model-update version:v0_1_0 reason:"it cannot be loaded"';
  expect(cardOf(await room.says("ana", back)).title).toContain("waiting for approval");
});

it("old versions of features are shown before two people let them go, and the newest five stay (PG7)", async () => {
  const room = await openRoom();
  const { code, card } = await approved(room, 'run pulseguard cleanup reason:"the disk fills"');
  expect(card).toContain("4 versions are gone for good: features_v01, features_v02, features_v03, features_v04");
  await ends(room, code, ": done");
  const left = readdirSync(join(room.demo.pulseguard.home, "features", "artifacts"));
  expect(left).toEqual(["features_v05", "features_v06", "features_v07", "features_v08", "features_v09"]);
  expect(await said(room, "ana", 'run pulseguard cleanup reason:"once more"')).toContain("there is nothing to remove");
});

it("one person scales PulseGuard up, and to none takes two (PG10)", async () => {
  const room = await openRoom();
  const down = codeOf(cardOf(await room.says("ana", 'scale pulseguard 2 reason:"a quiet night"')));
  await ends(room, down, ": done");
  expect(await modelsOf(room)).toEqual(["v0_1_0", "v0_1_0", "down"]);
  expect(await said(room, "dana", "status pulseguard")).toMatch(
    new RegExp(
      `Instance 3 was stopped by Ana's request ${down} \\(scale\\), .*scale pulseguard, asked by Ana: a quiet night`,
    ),
  );
  // What it would say is not missed: it is down because somebody wanted it so. A rate is known once it was looked at twice.
  await vi.waitFor(async () => {
    const status = await said(room, "dana", "status pulseguard");
    expect(status).not.toMatch(/unknown|could not be read|of 3 instances|Mode of instance 3/);
  }, patience);
  expect(await said(room, "dana", "alerts pulseguard")).not.toContain("could not be read");
  expect(await said(room, "ana", 'run pulseguard model-update version:v0_2_0 reason:"trained anew"')).toContain(
    "only 2 of 3 instances run: scale pulseguard 3 comes first",
  );
  const { code } = await approved(room, 'scale pulseguard 0 reason:"an attack"', " name:pulseguard");
  await ends(room, code, ": done");
  expect(await said(room, "dana", "status pulseguard")).toContain(
    `Instance 1 and Instance 2 and Instance 3 were stopped by Ana's request ${code}`,
  );
  const up = codeOf(cardOf(await room.says("ana", 'scale pulseguard 3 reason:"it is over"')));
  await ends(room, up, ": done");
  expect(cardOf(await room.says("dana", "status pulseguard")).title).toContain("up");
});
