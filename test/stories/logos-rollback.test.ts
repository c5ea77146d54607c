import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { readEngine, setEngineFault, setRegistryFault } from "../../demo/compose/engine.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

/** Each service with the images and the ids of its containers. */
function containers({ demo }: Room): Record<string, readonly string[]> {
  const of = readEngine(demo.logos.stack.engine).containers;
  return Object.fromEntries(
    of.map(({ service }) => [
      service,
      of.filter((each) => each.service === service).map(({ id, image }) => `${image} ${id}`),
    ]),
  );
}

const patience = { timeout: 60_000, interval: 500 };

/** Says it again where programs are too slow to be read, as they may be where others work beside. */
async function answersWith(room: Room, text: string, words: string): Promise<void> {
  await vi.waitFor(async () => expect(JSON.stringify(cardOf(await room.says("ana", text)))).toContain(words), patience);
}

/** What a rollback is offered to go back to, once git could be asked in time. */
async function offers(room: Room, tags: readonly string[]): Promise<void> {
  const account = { surface: "console", id: "ana" };
  const asked = { account, place: { surface: "console", channel: "ops" }, command: "rollback" };
  const read = () => room.bot().pipeline.choices({ ...asked, field: "tag", typed: "", values: { system: "logos" } });
  await vi.waitFor(async () => expect((await read()).map(({ value }) => value)).toEqual(tags), patience);
}

/** Asked by Ana: what waits for approval. */
async function waits(room: Room, text: string): Promise<Card> {
  return vi.waitFor(async () => {
    const asked = cardOf(await room.says("ana", text));
    expect(asked.title).toContain("waiting for approval");
    return asked;
  }, patience);
}

/** Asked by Ana, approved by Boris. */
async function done(room: Room, text: string, name?: string): Promise<string> {
  const asked = await waits(room, text);
  const code = codeOf(asked);
  await room.says("boris", `confirm approve ${code}${name === undefined ? "" : ` name:${name}`}`);
  await room.settled(code, "done");
  return JSON.stringify(asked);
}

function digestIn(asked: string): string {
  return /gateway:2\.4\.1@sha256:([0-9a-f]{64})/.exec(asked)?.[1] ?? "";
}

it("two people roll every service back to the images of a tag, pinned by digest, and forward again (LG8)", async () => {
  const room = await openRoom();
  const { home } = room.demo.logos.stack;
  await room.settled(
    codeOf(cardOf(await room.says("ana", 'scale logos overlay-chrono 3 reason:"the queue grows"'))),
    "done",
  );
  const before = containers(room);
  // What runs is nothing to go back to, nor what has never run.
  await offers(room, ["v2.4.0"]);
  const asked = await done(room, 'rollback logos v2.4.0 reason:"proofs fail since the release"');
  const rolled = /Request ([0-9A-F]{6})/.exec(asked)?.[1] ?? "none";
  expect(asked).toContain("gateway 1, pxl-core 1, overlay-chrono 3, overlay-v4 1, gui 1");
  expect(asked).toMatch(/every service: v2\.4\.1 to v2\.4\.0, commit [0-9a-f]{40}/);
  expect(asked).toMatch(/GATEWAY_IMAGE=registry\.example\/logos\/gateway:2\.4\.0@sha256:[0-9a-f]{12}… in /);
  const after = containers(room);
  for (const [service, of] of Object.entries(after)) {
    expect(of).toHaveLength(before[service]?.length ?? 0);
    expect(of.join()).toContain(`logos/${service}:2.4.0@sha256:`);
  }
  expect(readFileSync(join(home, ".env"), "utf8")).toContain("LOGOS_RELEASE=v2.4.0\n");
  await answersWith(room, "status logos", "v2.4.0");
  await answersWith(room, 'rollback logos v2.4.0 reason:"once more"', "every service runs v2.4.0 already");
  await offers(room, []);
  expect(asked).toContain(
    `Undo: rollback-to, asked for by a button here once this is done. As it is typed: confirm show ${rolled}`,
  );
  const whole = JSON.stringify(cardOf(await room.says("ana", `confirm show ${rolled}`)));
  expect(whole).toMatch(/Undo: run logos rollback-to images:.*overlay-chrono:2\.4\.1@sha256:.* release:v2\.4\.1/);
  // What watches it follows the images that were rolled out, and is over once they are taken back.
  const watching = await vi.waitFor(async () => {
    const shown = JSON.stringify(cardOf(await room.says("ana", `confirm show ${rolled}`)));
    const [, code] = /It is followed by request ([0-9A-F]{6}) \(watch-release\)/.exec(shown) ?? [];
    if (code === undefined) throw new Error("it is followed by nothing yet");
    return code;
  }, patience);
  await answersWith(room, `confirm show ${watching}`, "of 30 min");
  const card = room.copies(rolled).findLast(({ actions = [] }) => actions.some(({ label }) => label === "Undo"));
  if (!card) throw new Error("no card offers Undo");
  const undo = codeOf(cardOf(await room.press("ana", card, "Undo")));
  await room.says("boris", `confirm approve ${undo}`);
  await room.settled(undo, "done");
  await answersWith(room, `confirm show ${watching}`, "over, as what it followed was undone");
  await answersWith(room, `confirm show ${watching}`, "another image was rolled out since");
  expect(Object.values(containers(room)).flat().join()).not.toContain("2.4.0");
});

it("a rollback of one service leaves every other container as it was (LG8)", async () => {
  const room = await openRoom();
  const { gateway: _before, ...others } = containers(room);
  const asked = await done(room, 'run logos rollback-one service:gateway tag:v2.4.0 reason:"it answers 502"');
  expect(asked).toMatch(/gateway: registry\S+gateway:2\.4\.1@sha256:\S+ to registry\S+gateway:2\.4\.0@sha256:/);
  expect(asked).toMatch(/Undo: run logos set-image image:\S*gateway:2\.4\.1@sha256:/);
  const { gateway = [], ...after } = containers(room);
  expect(after).toEqual(others);
  expect(gateway.join()).toContain("gateway:2.4.0@sha256:");
  // .env names what runs: only beside the others does it show.
  await answersWith(
    room,
    "status logos",
    "Release that runs is 2.4.0 in gateway, 2.4.1 in 4 services, not one for all",
  );
  await answersWith(
    room,
    "rollback logos v2.4.0 --dry-run",
    "Of that image already, and not made anew: gateway. The project",
  );
  const image = `registry.example/logos/gateway:2.4.1@sha256:${digestIn(asked)}`;
  await done(room, `run logos set-image service:gateway image:"${image}" reason:"it was something else"`);
  expect(containers(room)["gateway"]?.join()).toContain("gateway:2.4.1@sha256:");
  const tagged = 'run logos set-image service:gateway image:"registry.example/logos/gateway:2.4.0" reason:"try it"';
  await answersWith(room, tagged, "names no image by its digest");
});

it("what is no stable tag, and a stack that was changed by hand, are not rolled back", async () => {
  const room = await openRoom();
  const { home } = room.demo.logos.stack;
  const before = containers(room);
  await answersWith(room, 'rollback logos v2.5.0-rc1 reason:"try it"', "v2.5.0-rc1 is no stable release");
  await answersWith(room, 'rollback logos v2.4.8 reason:"try it"', "v2.4.8");
  appendFileSync(join(home, "docker-compose.yml"), "# by hand\n");
  await answersWith(room, 'rollback logos v2.4.0 reason:"it is slow"', "were changed by hand");
  // A tag that is moved after people have agreed is not what they agreed to.
  spawnSync("git", ["checkout", "-q", "--", "docker-compose.yml"], { cwd: home });
  const code = codeOf(await waits(room, 'rollback logos v2.4.0 reason:"it is slow"'));
  spawnSync("git", ["update-ref", "refs/tags/v2.4.0", "v2.5.0-rc1^{commit}"], { cwd: home });
  await room.says("boris", `confirm approve ${code}`);
  await room.settled(code, "no longer valid");
  expect(containers(room)).toEqual(before);
});

it("a rollback whose images cannot be fetched changes nothing; what stopped half-way is led back to what ran by Undo (LG8)", async () => {
  const room = await openRoom();
  const { home, engine } = room.demo.logos.stack;
  const variables = (): string => readFileSync(join(home, ".env"), "utf8");
  const before = variables();
  const running = containers(room);
  setRegistryFault(engine, "manifest unknown: manifest unknown");
  const code = codeOf(await waits(room, 'rollback logos v2.4.0 reason:"proofs fail since the release"'));
  await room.says("boris", `confirm approve ${code}`);
  await room.settled(code, "failed, nothing changed");
  expect(room.copies(code)[0]?.summary).toMatch(
    /Fetch the images: .*manifest unknown; no container and no file was changed/,
  );
  expect(variables()).toBe(before);
  setRegistryFault(engine, undefined);
  setEngineFault(engine, "permission denied while trying to connect to the Docker daemon socket");
  const half = codeOf(await waits(room, 'rollback logos v2.4.0 reason:"once more"'));
  await room.says("boris", `confirm approve ${half}`);
  await room.settled(half, "stopped half-way");
  const [stopped] = room.copies(half);
  expect(variables()).toContain("LOGOS_RELEASE=v2.4.0\n");
  // What runs is told, and one person starts nothing of the other release.
  await answersWith(room, "status logos", "2.4.1 in 5 services instead of 2.4.0");
  await answersWith(
    room,
    'scale logos overlay-chrono 3 reason:"the queue grows"',
    "another image runs, or none by digest",
  );
  await answersWith(room, "backups logos", "data-backup-");
  // Whatever .env names: the way back of the same, asked again, is what runs.
  await answersWith(
    room,
    'rollback logos v2.4.0 dry-run:true reason:"again"',
    "gateway=registry.example/logos/gateway:2.4.1@sha256",
  );
  setEngineFault(engine, undefined);
  if (!stopped) throw new Error("no card tells of it");
  const undo = await vi.waitFor(async () => {
    const asked = cardOf(await room.press("ana", stopped, "Undo"));
    expect(asked.title).toContain("waiting for approval");
    return codeOf(asked);
  }, patience);
  await room.says("boris", `confirm approve ${undo}`);
  await room.settled(undo, "done");
  expect(variables()).toBe(before);
  expect(containers(room)).toEqual(running);
  await answersWith(room, "status logos", "what the files name");
});

it("what one person starts of a service with no container is of the images that run (LG7)", async () => {
  const room = await openRoom();
  const { home } = room.demo.logos.stack;
  await done(room, 'scale logos overlay-v4 0 reason:"maintenance"', "overlay-v4");
  const env = readFileSync(join(home, ".env"), "utf8");
  writeFileSync(join(home, ".env"), env.replace(/(?<=^GATEWAY_IMAGE=.*gateway:).*$/m, `9@sha256:${"9".repeat(64)}`));
  const refused = "another image runs, or none by digest";
  await answersWith(room, 'scale logos overlay-v4 1 reason:"it is mended"', refused);
  await answersWith(room, 'run logos up service:overlay-v4 reason:"it is mended"', refused);
  await answersWith(room, 'scale logos gateway 2 reason:"many ask"', refused);
  // What runs as .env names it has more of the same.
  const more = cardOf(await room.says("ana", 'scale logos overlay-chrono 3 dry-run:true reason:"the queue grows"'));
  expect(JSON.stringify(more)).toContain("overlay-chrono: 2 to 3 containers");
  // One person may go down to half of what runs, and to less than half of what the files want takes two.
  const fewer = 'scale logos overlay-chrono 1 dry-run:true reason:"it is quiet"';
  await answersWith(room, fewer, '"Risk","value":"change"');
  const prod = join(home, "docker-compose.prod.yml");
  writeFileSync(prod, readFileSync(prod, "utf8").replace("replicas: 2", "replicas: 4"));
  await answersWith(room, fewer, '"Risk","value":"destructive"');
  await answersWith(
    room,
    'run logos use-volume volume:logos_data reason:"it was something else"',
    "it runs on logos_data already",
  );
});
