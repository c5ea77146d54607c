import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
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

it("what halts the trader outlives the demo, with the positions closed meanwhile; everything else of it begins anew", async () => {
  const folder = stateFolder();
  const Trader = z.object({
    trading: z.object({ emergency_stopped: z.boolean(), maintenance: z.boolean(), open_orders: z.number() }),
    portfolio: z.object({ positions: z.array(z.unknown()) }),
  });
  const visit = async (...changes: readonly string[]) => {
    const demo = await startDemoAgain(folder);
    const { env, alphapulse } = demo;
    const at = env["ALPHAPULSE_URL"] ?? "";
    const read = async () => Trader.parse(await (await fetch(`${at}/metrics`)).json());
    const found = await read();
    for (const change of changes) {
      const key = { "idempotency-key": change, authorization: `Bearer ${env["ALPHAPULSE_TOKEN"]}` };
      const body = change === "resume_trading" ? { reset_stop: true } : {};
      const headers = { ...key, "content-type": "application/json" };
      expect((await fetch(`${at}/${change}`, { method: "POST", headers, body: JSON.stringify(body) })).status).toBe(
        200,
      );
      if (change === "flatten_positions")
        await vi.waitUntil(async () => (await read()).portfolio.positions.length === 0, 60_000);
    }
    expect(alphapulse.effects().map(({ operation }) => operation)).toHaveLength(changes.length);
    await demo.stop();
    return { ...found.trading, positions: found.portfolio.positions.length };
  };
  const fresh = { emergency_stopped: false, maintenance: false, open_orders: 2, positions: 3 };
  const stopped = { emergency_stopped: true, maintenance: false, open_orders: 0, positions: 3 };
  expect(await visit("emergency_stop")).toEqual(fresh);
  expect(await visit("flatten_positions")).toEqual(stopped);
  expect(await visit("resume_trading", "maintenance_mode")).toEqual({ ...stopped, positions: 0 });
  expect(await visit("resume_trading")).toEqual({ ...fresh, maintenance: true, open_orders: 0, positions: 0 });
  expect(await visit()).toEqual(fresh);
});
