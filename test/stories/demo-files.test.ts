import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import { demoFiles } from "./demo-files.ts";

it("what a room says of its demo is what the files say of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, seed] of [
    ["one", 7],
    ["two", 8],
  ] as const) {
    const demo = await startDemo({ folder: join(folder, name), seed });
    onTestFinished(() => demo.stop());
    expect(await demoFiles(demo.env)).toEqual((await configOrRefuse(demoPlace, demo.env)).config);
  }
});
