import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { LogFile } from "../../demo/log-file.ts";
import { temporaryFolder } from "./rig.ts";

test("past its size a log is rotated: the newest plain, one plain sibling, one gzipped, nothing older", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "app.log");
  const log = new LogFile({ path, bytes: 0, limitBytes: 100 });
  for (let round = 1; round <= 4; round += 1) {
    log.write(`round ${round} ${"x".repeat(120)}`);
    await log.flush();
  }
  expect((await readdir(folder)).toSorted()).toEqual(["app.log", "app.log.1", "app.log.2.gz"]);
  expect(await readFile(path, "utf8")).toMatch(/^round 4 x+\n$/);
  expect(await readFile(`${path}.1`, "utf8")).toMatch(/^round 3 x+\n$/);
  expect(gunzipSync(await readFile(`${path}.2.gz`)).toString()).toMatch(/^round 2 x+\n$/);
});

test("lines written before a move stay in the old file, lines after it go to the new one", async () => {
  const folder = await temporaryFolder();
  const log = new LogFile({ path: join(folder, "a.log"), bytes: 0, limitBytes: 1_000 });
  log.write("before");
  log.moveTo(join(folder, "b.log"));
  log.write("after");
  await log.flush();
  expect(await readFile(join(folder, "a.log"), "utf8")).toBe("before\n");
  expect(await readFile(join(folder, "b.log"), "utf8")).toBe("after\n");
});

test("a folder that is gone loses lines and nothing else", async () => {
  const folder = await temporaryFolder();
  const log = new LogFile({ path: join(folder, "app.log"), bytes: 0, limitBytes: 1_000 });
  await rm(folder, { recursive: true });
  log.write("lost");
  await expect(log.flush()).resolves.toBeUndefined();
});
