import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { FakeChat } from "../fakes/chat.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { cardOf, codeOf, quiet } from "./room.ts";

it("two replicas on one Redis: asked on one, approved on both at once, run once, and every copy says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-replicas-"));
  const redis = await startRedis();
  const demo = await startDemo({ folder, seed: 3 });
  demo.alphapulse.freezeMarket();
  const { config } = await configOrRefuse(demoPlace, demo.env);
  const chat = new FakeChat("console");
  const replica = async (): Promise<RunningBot> => {
    const store = await openRedisStore({ url: redis.url });
    const bot = await createBot({ store, config, log: quiet, meter: createMeasurements().meter });
    bot.work([{ courier: chat }]);
    return bot;
  };
  const [first, second] = [await replica(), await replica()];
  onTestFinished(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await demo.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const asked = cardOf(
    await chat.ask(first.pipeline, {
      account: "ana",
      content: { kind: "text", text: "flatten alphapulse reason:the exchange is halting" },
    }),
  );
  const code = codeOf(asked);
  const yes = { kind: "text", text: `confirm approve ${code}` } as const;
  await Promise.all([
    chat.ask(first.pipeline, { account: "boris", content: yes }),
    chat.ask(second.pipeline, { account: "chen", content: yes }),
    chat.ask(second.pipeline, { account: "ana", content: yes }),
  ]);
  const copies = () =>
    chat.messages.filter((message) => message.content.card.footer?.includes(`Request ${code}`) ?? false);
  await vi.waitFor(
    () => {
      expect(copies().map((message) => message.content.card.title)).toEqual(
        Array.from({ length: 3 }, () => "flatten AlphaPulse-RL: done"),
      );
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
  expect(await verifyJournal(second.store)).toMatchObject({ ok: true });

  const delivery = {
    account: "ana",
    content: { kind: "text", text: "portfolio alphapulse" },
    delivery: "same",
  } as const;
  const answers = await Promise.all([chat.ask(first.pipeline, delivery), chat.ask(second.pipeline, delivery)]);
  expect(new Set(answers.flatMap((given) => given.message?.ref.id ?? [])).size).toBe(1);
});
