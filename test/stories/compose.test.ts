import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

/** Runs a verb by hand, as a person on the machine would. */
function byHand({ demo }: Room, ...words: readonly string[]): void {
  const { docker, home } = demo.logos.stack;
  const files = ["-f", "docker-compose.yml", "-f", "docker-compose.prod.yml", "--env-file", ".env"];
  const end = spawnSync(docker, ["compose", "-p", "logos", ...files, ...words], { cwd: home, encoding: "utf8" });
  if (end.status !== 0) throw new Error(`docker compose failed: ${end.stderr}`);
}

function countsOf({ demo }: Room): Record<string, number> {
  return Object.fromEntries(demo.logos.stack.running());
}

const others = { "pxl-core": 1, "overlay-v4": 1, gui: 1 };
/** As its files have it. */
const atFirst = { gateway: 1, "overlay-chrono": 2, ...others };

/** The card of a request, as the approvers see it. */
function cardIn(room: Room, code: string) {
  const [card] = room.copies(code);
  if (!card) throw new Error("the request stands nowhere");
  return card;
}

it("scale logos overlay-chrono 3 leaves every other service as it was, and is undone by a press (LG7)", async () => {
  const room = await openRoom();
  byHand(room, "up", "-d", "--no-deps", "--no-recreate", "--scale", "gateway=2", "gateway");
  const asked = cardOf(await room.says("ana", 'scale logos overlay-chrono 3 reason:"the queue grows"'));
  expect(JSON.stringify(asked)).toContain("overlay-chrono: 2 to 3 containers");
  await room.settled(codeOf(asked), "done");
  expect(countsOf(room)).toEqual({ gateway: 2, "overlay-chrono": 3, ...others });
  const [done] = room.copies(codeOf(asked));
  expect(JSON.stringify(done)).toContain("every other service has as many as it had");
  expect(JSON.stringify(cardOf(await room.says("dana", "ps logos")))).toContain("logos-overlay-chrono-3");
});

it("more than its fixed port allows, and a service that is not there, are refused before anything is asked for", async () => {
  const room = await openRoom();
  expect(JSON.stringify(cardOf(await room.says("ana", 'scale logos gui 2 reason:"the queue grows"')))).toContain(
    "gui has a fixed port, so 2 cannot run",
  );
  expect(
    JSON.stringify(cardOf(await room.says("ana", 'scale logos overlay-chrno 2 reason:"the queue grows"'))),
  ).toContain("Did you mean overlay-chrono? It has: gateway, pxl-core, overlay-chrono, overlay-v4, gui.");
  // What runs already would be refused, so it is not what was meant.
  expect(JSON.stringify(cardOf(await room.says("ana", 'rollback logos v2.4.O reason:"it is slow"')))).toMatch(
    /has no tag v2\.4\.O\. Did you mean v2\.4\.0\? It has: .*v2\.4\.1/,
  );
  expect(countsOf(room)).toEqual(atFirst);
});

it("scaling to none waits for a second person, and none to three does not", async () => {
  const room = await openRoom();
  const asked = cardOf(await room.says("ana", 'scale logos overlay-chrono 0 reason:"maintenance"'));
  const code = codeOf(asked);
  expect(asked.title).toContain("waiting for approval");
  expect(countsOf(room)).toEqual(atFirst);
  expect((await room.press("boris", cardIn(room, code), "Approve")).form?.about).toEqual([
    `Request ${code}; a yes takes the name overlay-chrono`,
  ]);
  await room.says("boris", `confirm approve ${code} name:overlay-chrono`);
  await room.settled(code, "done");
  expect(countsOf(room)).toEqual({ gateway: 1, ...others });
  const status = JSON.stringify(cardOf(await room.says("dana", "status logos")));
  expect(status).toContain(`Overlay Chrono was scaled to 0 by Ana's request ${code} (scale), `);
  const back = cardOf(await room.says("ana", 'scale logos overlay-chrono 3 reason:"the queue grows"'));
  await room.settled(codeOf(back), "done");
  expect(countsOf(room)).toEqual({ gateway: 1, "overlay-chrono": 3, ...others });
});

it("a stopped gateway is seen by its health, and one person starts it again and restarts it (LG1)", async () => {
  const room = await openRoom();
  const status = async () => JSON.stringify(cardOf(await room.says("dana", "status logos")));
  expect(cardOf(await room.says("dana", "status logos")).title).toContain("up");
  byHand(room, "stop", "gateway");
  expect(await status()).toContain("down");
  const asked = cardOf(await room.says("ana", 'restart logos gateway reason:"it hangs"'));
  expect(JSON.stringify(asked)).toContain("of which 0 are well");
  await room.settled(codeOf(asked), "done");
  expect(cardOf(await room.says("dana", "status logos")).title).toContain("up");
  // The core keeps the data, and it is well.
  const core = cardOf(await room.says("ana", 'restart logos pxl-core reason:"it is slow"'));
  expect(core.title).toContain("waiting for approval");
});

it("what runs is stopped by two, and started again by one", async () => {
  const room = await openRoom();
  const asked = cardOf(await room.says("ana", 'run logos stop service:overlay-v4 reason:"it floods the core"'));
  const code = codeOf(asked);
  expect(asked.title).toContain("waiting for approval");
  await room.press("boris", cardIn(room, code), "Approve");
  await room.settled(code, "done");
  expect(countsOf(room)).toEqual({ gateway: 1, "overlay-chrono": 2, "pxl-core": 1, gui: 1 });
  const status = async () => JSON.stringify(cardOf(await room.says("dana", "status logos")));
  expect(await status()).toMatch(
    new RegExp(
      `Overlay V4 was stopped by Ana's request ${code} \\(stop\\), .*Request ${code}, [^"]*: stop logos, asked by Ana: it floods`,
    ),
  );
  const again = await room.says("ana", 'run logos stop service:overlay-v4 reason:"it floods the core"');
  expect(cardOf(again).summary).toContain("there is nothing to stop: no container of overlay-v4 runs");
  const up = 'run logos up service:overlay-v4 reason:"it is mended"';
  const back = cardOf(await room.says("ana", up));
  await room.settled(codeOf(back), "done");
  expect(cardOf(await room.says("ana", up)).summary).toContain("there is nothing to start: every container");
  expect(countsOf(room)).toEqual(atFirst);
  // What was started since is down by something else.
  byHand(room, "stop", "overlay-v4");
  expect(await status()).not.toMatch(/stopped by .* request/);
});

it("its eight panels have a number each and a course, and say what is wrong with the guide's (LG3, LG9)", async () => {
  const room = await openRoom();
  const all = JSON.stringify(cardOf(await room.says("dana", "metrics logos")));
  expect(all).toContain("Queue depth");
  expect(all).not.toMatch(/unknown|no value/i);
  const one = JSON.stringify(cardOf(await room.says("dana", "metrics logos error_rate range:1h")));
  expect(one).toContain("the labels of both sides differ");
  const rules = room.config.systems.find(({ id }) => id === "logos")?.rules ?? [];
  const judged = rules.map(({ metric, above, for: holds }) => [metric, above, holds / 60_000]);
  for (const trigger of [
    ["cpu", 70, 15],
    ["memory", 80, 10],
    ["queue_depth", 50, 5],
    ["latency_p95", 0.4, 10],
  ])
    expect(judged).toContainEqual(trigger);
});

it("requests are found by their user, and every container's lines by their level (LG12)", async () => {
  const room = await openRoom();
  const audit = "logs logos audit since:6h limit:3 where:user=mira fields:user,status,client_ip,user_agent";
  const asked = async (who: string, text: string) => JSON.stringify(await room.says(who, text));
  const requests = await asked("boris", audit);
  expect(requests).toContain("203.0.113.");
  expect(requests).toContain("mira");
  expect(requests).not.toContain("jonas");
  // Where somebody was and with what is not for everybody who reads logs, in whatever way it is asked for.
  const masked = await asked("ana", audit);
  expect(masked).toContain("mira");
  expect(masked).toContain("client_ip, user_agent take the right audit here");
  const ways = ["audit count-by:client_ip", "containers match:client_ip", "audit match:203.0.113", "audit limit:9"];
  const told = await Promise.all(ways.map((way) => asked("ana", `logs logos ${way} since:6h`)));
  expect([masked, ...told].join()).not.toMatch(/203\.0\.113\.\d/);
  expect(await asked("ana", "logs logos audit since:6h where:client_ip=203.0.113.9")).toContain("is hidden");
  const failed = JSON.stringify(cardOf(await room.says("ana", "logs logos containers since:6h level:error")));
  expect(failed).toContain("a proof was given up");
});
