import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withEngine } from "../../demo/compose/engine.ts";

test("a program that was killed while it held the engine holds it up no longer", () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lock = join(folder, "lock");
  mkdirSync(lock);
  const longAgo = Date.now() / 1_000 - 60;
  utimesSync(lock, longAgo, longAgo);
  expect(withEngine(folder, ({ containers }) => containers)).toEqual([]);
});
