import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startDemoAgain } from "../../demo/start-again.ts";

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-again-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts and stops, and answers the addresses it had. The token is another one each time. */
async function addresses(folder: string): Promise<Readonly<Record<string, string>>> {
  const demo = await startDemoAgain(folder);
  await demo.stop();
  const { ALPHAPULSE_TOKEN: token, ...found } = demo.env;
  expect(token).toMatch(/^[\w-]{32}$/);
  return found;
}

it("the demo stands where it stood the last time on the same state", async () => {
  const folder = stateFolder();
  const first = await addresses(folder);
  expect(await addresses(folder)).toEqual(first);
});

it("where another program has taken its place the demo goes elsewhere, and is found there from then on", async () => {
  const folder = stateFolder();
  const first = await addresses(folder);
  const other = createServer().listen(Number(new URL(first["ALPHAPULSE_URL"] ?? "").port), "127.0.0.1");
  await once(other, "listening");
  const second = await addresses(folder);
  expect(second["ALPHAPULSE_URL"]).not.toBe(first["ALPHAPULSE_URL"]);
  other.close();
  await once(other, "close");
  expect(await addresses(folder)).toEqual(second);
});
