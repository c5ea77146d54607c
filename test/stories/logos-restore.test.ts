import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { readEngine, setRegistryFault } from "../../demo/compose/engine.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 200_000, interval: 500 };

async function said(room: Room, text: string): Promise<string> {
  return JSON.stringify((await room.says("ana", text)).message?.content.card ?? "nothing");
}

function envOf({ demo }: Room): string {
  return readFileSync(join(demo.logos.stack.home, ".env"), "utf8");
}

function coreOf({ demo }: Room) {
  const found = readEngine(demo.logos.stack.engine).containers.filter(({ service }) => service === "pxl-core");
  return found.map(({ id, volumes, state }) => ({ id, volumes, state }));
}

/** Asked by Ana, again where programs are too slow to be read, as they may be where others work beside. */
async function waits(room: Room, text: string): Promise<Card> {
  return vi.waitFor(async () => {
    const asked = cardOf(await room.says("ana", text));
    codeOf(asked);
    return asked;
  }, patience);
}

async function ends(room: Room, code: string, end: string): Promise<void> {
  await vi.waitFor(async () => expect(await said(room, `confirm show ${code}`)).toContain(end), patience);
}

/** Asked by Ana and agreed to by Boris, with the name of the system; what was shown to him, once it has ended so. */
async function agreed(room: Room, text: string, end: string): Promise<string> {
  const asked = await waits(room, text);
  await room.says("boris", `confirm approve ${codeOf(asked)} name:logos`);
  await ends(room, codeOf(asked), `LOGOS PXL Core: ${end}`);
  return JSON.stringify(asked);
}

/** The names in a list, newest first. */
function backupsIn(list: string, kind: "data" | "config"): readonly string[] {
  return list.match(new RegExp(`${kind}-backup-[\\w-]+\\.tar\\.gz`, "g")) ?? [];
}

it("the core runs on the data of a backup once that was checked, and on that of before again (LG10)", async () => {
  const room = await openRoom();
  const list = await said(room, "backups logos");
  expect(list).toMatch(/The newest is [^"]+ old; at most 60 min is promised \(RPO\)/);
  const [backup = "none"] = backupsIn(list, "data").slice(2);
  const [before] = coreOf(room);
  const asked = await agreed(room, `restore logos ${backup} reason:"proofs are lost"`, "done");
  expect(asked).toMatch(
    /data of the last \d+ (s|min|h|d)( \d+ \w+)? is lost to it, and whatever is written up to the restore \(it is 2/,
  );
  expect(asked).toContain("Undo: run logos use-volume volume:logos_data");
  const volume = /^DATA_VOLUME=(logos_data_\S+)$/m.exec(envOf(room))?.[1] ?? "none";
  const [core] = coreOf(room);
  expect(core).toMatchObject({ state: "running", volumes: [volume] });
  expect(core?.id).not.toBe(before?.id);
  const { volumes } = readEngine(room.demo.logos.stack.engine);
  expect(volumes.map(({ name }) => name)).toEqual(["logos_data", volume]);
  await agreed(room, 'run logos use-volume volume:logos_data reason:"it was something else"', "done");
  expect(coreOf(room)[0]?.volumes).toEqual(["logos_data"]);
}, 420_000);

it.each([
  ["cannot be unpacked", Buffer.from("no archive"), "tar: invalid magic"],
  ["is damaged", gzipSync("something else"), "checksums differ"],
])(
  "a backup that %s never gets to the core (LG10)",
  async (_what, bytes, words) => {
    const room = await openRoom();
    const [backup = "none"] = backupsIn(await said(room, "backups logos"), "data");
    const [core, env] = [coreOf(room), envOf(room)];
    writeFileSync(join(room.demo.logos.stack.backups.folder, "data", backup), bytes);
    const asked = await agreed(room, `restore logos ${backup} reason:"proofs are lost"`, "failed, nothing changed");
    expect(await said(room, `confirm show ${/Request ([0-9A-F]{6})/.exec(asked)?.[1] ?? ""}`)).toContain(words);
    expect(coreOf(room)).toEqual(core);
    expect(envOf(room)).toBe(env);
  },
  120_000,
);

it("a backup of the data is taken by one person, and is the newest then (LG10)", async () => {
  const room = await openRoom();
  const before = backupsIn(await said(room, "backups logos"), "data");
  await ends(room, codeOf(await waits(room, 'backup logos reason:"before the work"')), ": done");
  const after = await said(room, "backups logos");
  expect(backupsIn(after, "data")).toHaveLength(Math.min(20, before.length + 1));
  expect(after).toMatch(/The newest is \d+ s old/);
}, 420_000);

it("the configuration is restored by two who saw what differs, and what was there is kept (LG10)", async () => {
  const room = await openRoom();
  const configs = backupsIn(await said(room, "query logos config-backups"), "config");
  const same = `run logos restore-config backup:${configs[0] ?? ""} reason:"it was changed by hand"`;
  expect(await said(room, same)).toContain("the stack's files are those of");
  const env = envOf(room);
  const { engine, backups } = room.demo.logos.stack;
  const kept = () => readdirSync(join(backups.folder, "config")).length;
  const before = kept();
  const old = `run logos restore-config backup:${configs.at(-1) ?? ""} reason:"it was changed by hand"`;
  // What cannot be fetched is known before any file is another one.
  setRegistryFault(engine, "manifest unknown: manifest unknown");
  const code = /Request ([0-9A-F]{6})/.exec(await agreed(room, old, "failed, nothing changed"))?.[1] ?? "none";
  expect(await said(room, `confirm show ${code}`)).toContain("manifest unknown");
  expect(envOf(room)).toBe(env);
  expect(kept()).toBe(before);
  setRegistryFault(engine, undefined);
  const asked = await agreed(room, old, "done");
  expect(asked).toContain(".env: Contents differ");
  expect(envOf(room)).toContain("LOGOS_RELEASE=v2.4.0\n");
  const images = readEngine(room.demo.logos.stack.engine).containers.map(({ image }) => image);
  expect(images.join()).not.toContain("2.4.1");
  const [undo = "none"] = /(?<=Undo: run logos restore-config backup:)\S+\.tar\.gz/.exec(asked) ?? [];
  const path = join(room.demo.logos.stack.backups.folder, "config", undo);
  const { stdout } = spawnSync("tar", ["-xOzf", path, ".env"], { encoding: "utf8" });
  expect(stdout).toBe(env);
}, 420_000);
