import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { startDemoAgain } from "../../demo/start-again.ts";
import { tellTrouble } from "../../demo/trouble.ts";
import { getJson, temporaryFolder } from "./rig.ts";

async function running() {
  const folder = await temporaryFolder();
  const demo = await startDemoAgain(folder);
  onTestFinished(() => demo.stop());
  return { folder, demo };
}

const Disk = z.object({ host: z.object({ disk_percent: z.number() }) });

test("a trouble is let happen by its name, and undone", async () => {
  const { folder, demo } = await running();
  const disk = async (): Promise<number> =>
    Disk.parse(await getJson(`${demo.alphapulse.trading.url}/metrics`)).host.disk_percent;
  expect(await tellTrouble(["full-disk"], folder)).toEqual({
    ok: true,
    lines: ["Now the disk is full.", "To undo it: npm run demo:trouble -- full-disk undo"],
  });
  expect(await disk()).toBe(97);
  expect(await tellTrouble(["full-disk", "undo"], folder)).toEqual({ ok: true, lines: ["full-disk is undone."] });
  expect(await disk()).toBeLessThan(90);
});

test("two troubles of one machine happen at once, and each is undone by itself", async () => {
  const { folder, demo } = await running();
  const Metrics = Disk.extend({ exchange: z.object({ api_error_percent: z.number() }) });
  const figures = async () => Metrics.parse(await getJson(`${demo.alphapulse.trading.url}/metrics`));
  await tellTrouble(["dead-exchange"], folder);
  await tellTrouble(["full-disk"], folder);
  expect(await figures()).toMatchObject({ host: { disk_percent: 97 }, exchange: { api_error_percent: 82 } });
  await tellTrouble(["full-disk", "undo"], folder);
  const after = await figures();
  expect(after.exchange.api_error_percent).toBe(82);
  expect(after.host.disk_percent).toBeLessThan(90);
});

test("a service that is down is healed through another door of its system", async () => {
  const { folder, demo } = await running();
  expect((await tellTrouble(["dead-trader"], folder)).ok).toBe(true);
  await expect(getJson(`${demo.alphapulse.trading.url}/health`)).rejects.toThrow("fetch failed");
  expect(await tellTrouble(["dead-trader", "undo"], folder)).toMatchObject({ ok: true });
  expect(await getJson(`${demo.alphapulse.trading.url}/health`)).toMatchObject({ status: "healthy" });
});

test("without a name it lists what there is, each once", async () => {
  const { folder } = await running();
  const { lines } = await tellTrouble([], folder);
  const names = lines.map((line) => line.split(/\s/)[0]);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toEqual(expect.arrayContaining(["drawdown", "dead-exchange", "full-disk", "slow-instance"]));
});

test("what is wrong is said with what to do", async () => {
  const { folder } = await running();
  expect(await tellTrouble(["meteor"], folder)).toMatchObject({
    ok: false,
    lines: [expect.stringContaining("There is no trouble meteor. There are: ")],
  });
  expect(await tellTrouble(["meteor", "heal"], folder)).toMatchObject({
    ok: false,
    lines: [expect.stringMatching(/^After meteor only undo is understood.* not: heal\. .*meteor undo$/)],
  });
  const nowhere = await temporaryFolder();
  const words = [`No demo runs on ${nowhere}. Start it first: npm start`];
  expect(await tellTrouble(["drawdown"], nowhere)).toEqual({ ok: false, lines: words });
  writeFileSync(join(nowhere, "demo-ports.json"), "{ not json");
  const typed = spawnSync(process.execPath, ["scripts/demo-trouble.ts", "drawdown"], {
    env: { WARDROOM_STATE: nowhere },
    encoding: "utf8",
  });
  expect(typed).toMatchObject({ status: 1, stdout: `${words[0]}\n` });
});
