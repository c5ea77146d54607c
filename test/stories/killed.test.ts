import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Fault } from "../../demo/fault.ts";
import { type Demo, startDemo } from "../../demo/start.ts";
import { askRunningBot } from "../../src/bot/terminal/client.ts";
import { readStateOwner } from "../../src/compose/state-owner.ts";
import { startBotProcess } from "../fakes/bot-process.ts";
import type { ServerProcess } from "../fakes/server-process.ts";
import { layDemoFiles } from "./demo-files.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(clone, "bin/wardroom.js");
const run = promisify(execFile);

/** A bot in a process of its own, run for real on demo systems that outlive it. */
interface Watch {
  readonly demo: Demo;
  start(): Promise<void>;
  kill(): Promise<void>;
  ask(person: string, text: string): Promise<string>;
}

async function standWatch(configure = hastyConfig): Promise<Watch> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-killed-"));
  const state = join(folder, "state");
  const demo = await startDemo({ folder: join(folder, "demo"), seed: 5 });
  demo.alphapulse.freezeMarket();
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "error",
    PORT: "0",
    WARDROOM_CONFIG: configure(folder),
    WARDROOM_STATE: state,
    ...demo.env,
  };
  let running: ServerProcess<string> | undefined;
  const kill = async (): Promise<void> => running?.kill();
  onTestFinished(async () => {
    await kill();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const tokens = new Map<string, string>();
  const enrol = async (person: string): Promise<void> => {
    await run(process.execPath, [bin, "enrol", person], { env });
    tokens.set(person, readFileSync(join(state, "tokens", `${person}.token`), "utf8").trim());
  };
  return {
    demo,
    kill,
    async start() {
      running = await startBotProcess(env);
      if (tokens.size === 0) await Promise.all(["ana", "boris", "chen"].map(enrol));
    },
    async ask(person, text) {
      const at = readStateOwner(state)?.door?.at;
      if (!at) throw new Error("no bot is there to be asked");
      const { text: answer } = await askRunningBot({ at, token: tokens.get(person) ?? "" }, { text });
      return answer;
    },
  };
}

/** The demo's rules and one or two of its systems, as they are shipped. */
const shippedConfig =
  (...more: readonly string[]) =>
  (folder: string): string => {
    const config = join(folder, "config");
    layDemoFiles(config, more);
    return config;
  };

/** The same, and the real operation with a shorter patience. */
function hastyConfig(folder: string): string {
  const config = shippedConfig()(folder);
  const file = join(config, "systems", "alphapulse.yaml");
  const patient = readFileSync(file, "utf8");
  const hasty = patient
    .replace(
      "    summary: Cancel open orders and close every position\n",
      "    summary: Cancel open orders and close every position\n    hardDeadlineMs: 9000\n",
    )
    .replaceAll("within: 60s", "within: 4s")
    .replace(/(path: \/flatten_positions }\n)/, "$1          timeoutMs: 1000\n");
  expect(hasty).not.toBe(patient);
  writeFileSync(file, hasty);
  return config;
}

async function killInTheMiddle(fault: Fault, reached: (demo: Demo) => void): Promise<{ watch: Watch; code: string }> {
  const watch = await standWatch();
  await watch.start();
  const asked = await watch.ask("ana", "flatten alphapulse reason:the exchange is halting");
  const code = /Request ([0-9A-F]{6})/.exec(asked)?.[1] ?? "";
  await watch.demo.alphapulse.trading.fail(fault);
  await watch.ask("boris", `confirm approve ${code}`);
  await vi.waitFor(() => reached(watch.demo), { timeout: 60_000, interval: 10 });
  await watch.kill();
  await watch.demo.alphapulse.trading.heal();
  await watch.start();
  return { watch, code };
}

it("killed after the target acted and before its answer: looked up by its key, verified, done once", async () => {
  const { watch, code } = await killInTheMiddle({ kind: "slow", ms: 60_000, only: "changes", times: 1 }, (demo) => {
    expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
  });
  await expect
    .poll(() => watch.ask("boris", `confirm show ${code}`), { timeout: 60_000, interval: 300 })
    .toContain("flatten AlphaPulse-RL: done");
  expect(watch.demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
});

it("killed after the call was sent and before the target acted: nothing changed, and it can be asked again", async () => {
  const { watch, code } = await killInTheMiddle({ kind: "hang", only: "changes", times: 1 }, (demo) => {
    expect(demo.alphapulse.trading.fault).toBeUndefined();
  });
  await expect
    .poll(() => watch.ask("boris", `confirm show ${code}`), { timeout: 60_000, interval: 300 })
    .toContain("failed, nothing changed");
  expect(watch.demo.alphapulse.effects("flatten_positions")).toEqual([]);
  expect(await watch.ask("ana", "flatten alphapulse reason:the exchange is still halting")).toContain(
    "waiting for approval",
  );
});

it("killed in the middle of a rollout that it watches: the watch goes on to its end, and nothing is rolled out twice", async () => {
  const watch = await standWatch(shippedConfig("prsm"));
  await watch.start();
  const revisions = async (): Promise<number> =>
    Number(/Revisions of the API: (\d+) rows/.exec(await watch.ask("ana", "query prsm history"))?.[1]);
  const before = await revisions();
  const asked = await watch.ask("ana", 'restart prsm api reason:"its memory grows"');
  const code = /Request ([0-9A-F]{6})/.exec(asked)?.[1] ?? "";
  const shown = () => watch.ask("boris", `confirm show ${code}`);
  await expect.poll(shown, { timeout: 60_000, interval: 100 }).toMatch(/waiting for/);
  await watch.kill();
  await watch.start();
  await expect.poll(shown, { timeout: 120_000, interval: 500 }).toContain("restart PRSM: done");
  expect(await revisions()).toBe(before + 1);
  expect(await watch.ask("chen", "audit")).not.toContain("request.lost");
});

it("killed while it waits for what it did to show: it waits on, and nobody calls it lost", async () => {
  const watch = await standWatch();
  await watch.start();
  const asked = await watch.ask("ana", "flatten alphapulse reason:the exchange is halting");
  const code = /Request ([0-9A-F]{6})/.exec(asked)?.[1] ?? "";
  const shown = () => watch.ask("boris", `confirm show ${code}`);
  await watch.ask("boris", `confirm approve ${code}`);
  await vi.waitFor(() => expect(watch.demo.alphapulse.effects("flatten_positions")).toHaveLength(1), {
    timeout: 60_000,
    interval: 10,
  });
  await watch.demo.alphapulse.trading.fail({ kind: "lying", lie: "missing" });
  await expect
    .poll(shown, { timeout: 60_000, interval: 300 })
    .toMatch(/No position is left \(GET [^)]+\), waiting for/);
  await watch.kill();
  await watch.start();
  await watch.demo.alphapulse.trading.heal();
  await expect.poll(shown, { timeout: 60_000, interval: 300 }).toContain("flatten AlphaPulse-RL: done");
  expect(watch.demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
  const told = await watch.ask("chen", "audit");
  expect(told).toContain("request.finished");
  expect(told).not.toContain("request.lost");
});

it("killed while what follows an emergency stop waits for the last position: what it closed itself is no drift to whoever goes on", async () => {
  const watch = await standWatch(shippedConfig());
  watch.demo.alphapulse.setPositions([{ symbol: "BTCUSDT", side: "long", quantity: 1.5, price: 60_000 }]);
  watch.demo.alphapulse.leaveOpen(["BTCUSDT"]);
  await watch.start();
  await watch.ask("chen", 'emergency-stop alphapulse reason:"it buys against the limit"');
  const listed = async () => /([0-9A-F]{6})\W+close-out/.exec(await watch.ask("boris", "confirm list"))?.[1];
  const code = await vi.waitUntil(listed, { timeout: 60_000, interval: 300 });
  const shown = () => watch.ask("boris", `confirm show ${code}`);
  await watch.ask("boris", `confirm approve ${code}`);
  await expect
    .poll(shown, { timeout: 60_000, interval: 300 })
    .toMatch(/No position is left \(GET [^)]+\), waiting for/);
  await watch.kill();
  watch.demo.alphapulse.setPositions([]);
  await watch.start();
  await expect.poll(shown, { timeout: 60_000, interval: 500 }).toContain("close-out AlphaPulse-RL: done");
  expect(watch.demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
  expect(await watch.ask("ana", "logs alphapulse incidents")).toContain("closed out after an emergency stop");
  expect(await watch.ask("chen", "audit")).not.toContain("request.lost");
});
