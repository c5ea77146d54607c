import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import type { Store } from "../../src/domain/store.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { chunkKeys, samplesIn } from "../../src/records/series.ts";
import { boundStore } from "../../src/store/bound-store.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { FakeChat } from "../fakes/chat.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { cardOf, quiet } from "./room.ts";

const everyMs = 1_000;
const patience = { timeout: 60_000, interval: 50 };

interface Replica {
  readonly bot: RunningBot;
  readonly store: Store;
  /** As `kill -9` looks to the others: whatever it was about to do does not happen. */
  kill(): void;
}

/** Replicas of the bot on one Redis and on the demo's systems, which they sample every second. */
async function openReplicas() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-periodic-"));
  const redis = await startRedis();
  const demo = await startDemo({ folder, seed: 3 });
  const { config } = await configOrRefuse(demoPlace, demo.env);
  const chat = new FakeChat("console");
  const opened: { readonly store: Store; readonly bot: RunningBot; dead: boolean }[] = [];
  onTestFinished(async () => {
    await Promise.all(opened.map(({ bot, store, dead }) => (dead ? store.close() : bot.stop())));
    await Promise.all([demo.stop(), redis.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const replica = async (): Promise<Replica> => {
    const store = await openRedisStore({ url: redis.url });
    let dead = false;
    const mortal = new Proxy(boundStore(store), {
      get(target, name, receiver) {
        return dead ? () => new Promise(() => {}) : Reflect.get(target, name, receiver);
      },
    });
    const own = { ...config, history: { everyMs, keepMs: 3_600_000 } };
    const bot = await createBot({ store: mortal, config: own, log: quiet, meter: createMeasurements().meter });
    bot.work([{ courier: chat }]);
    const entry = { store, bot, dead: false };
    opened.push(entry);
    return {
      bot,
      store,
      kill() {
        dead = true;
        entry.dead = true;
      },
    };
  };
  return { chat, demo, replica };
}

/** The seconds in which a metric was sampled, in order. */
async function sampledSeconds(store: Store): Promise<number[]> {
  const to = await store.now();
  const chunks = await store.read(chunkKeys("alphapulse", "daily_pnl", { from: to - 600_000, to }));
  return chunks.flatMap(samplesIn).map(({ at }) => Math.floor(at / everyMs));
}

it("two replicas sample once a slot between them, also when the one that does it is killed", async () => {
  const { replica } = await openReplicas();
  const [first, second] = [await replica(), await replica()];
  const samples = (): Promise<number[]> => sampledSeconds(second.store);
  await vi.waitUntil(async () => (await samples()).length >= 5, patience);
  const before = await samples();
  expect(new Set(before).size).toBe(before.length);
  expect(before.length).toBeLessThanOrEqual((before.at(-1) ?? 0) - (before[0] ?? 0) + 1);

  // Whichever of the two samples: one is killed, and the other goes on after a lease at the most.
  first.kill();
  await vi.waitUntil(async () => (await samples()).length >= before.length + 5, patience);
  const after = await samples();
  expect(new Set(after).size).toBe(after.length);
  expect(after.slice(0, before.length)).toEqual(before);
});

it("a replica that does not sample answers rates and charts like the one that does", async () => {
  const { chat, replica } = await openReplicas();
  const replicas = [await replica(), await replica()];
  for (const { bot } of replicas) {
    await vi.waitFor(async () => {
      const given = await chat.ask(bot.pipeline, {
        account: "ana",
        content: { kind: "text", text: "metrics pulseguard" },
      });
      expect(JSON.stringify(cardOf(given))).not.toContain("only just been looked at");
    }, patience);
    const chart = await chat.ask(bot.pipeline, {
      account: "ana",
      content: { kind: "text", text: "metrics alphapulse daily_pnl 1h" },
    });
    expect(JSON.stringify(cardOf(chart))).not.toContain("No samples yet");
  }
});
