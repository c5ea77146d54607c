import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { imageOf } from "../../demo/kubernetes/registry.ts";
import { startDemo } from "../../demo/start.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { kubectlWith } from "../demo/kubectl.ts";
import { FakeChat } from "../fakes/chat.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { cardOf, codeOf, quiet } from "./room.ts";

/** The demo, a Redis, and as many replicas of the bot on both as are asked for. */
async function openFleet() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-replicas-"));
  const redis = await startRedis();
  const demo = await startDemo({ folder, seed: 3 });
  const { config } = await configOrRefuse(demoPlace, demo.env);
  const chat = new FakeChat("console");
  const running = new Set<RunningBot>();
  onTestFinished(async () => {
    await Promise.all([...running].map((bot) => bot.stop()));
    await demo.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const replica = async (): Promise<RunningBot> => {
    const store = await openRedisStore({ url: redis.url });
    const bot = await createBot({ store, config, log: quiet, meter: createMeasurements().meter });
    bot.work([{ courier: chat }]);
    running.add(bot);
    return bot;
  };
  const says = async (bot: RunningBot, account: string, text: string): Promise<Card> =>
    cardOf(await chat.ask(bot.pipeline, { account, content: { kind: "text", text } }));
  const ended = async (bot: RunningBot): Promise<void> => {
    running.delete(bot);
    await bot.stop();
  };
  return { demo, chat, replica, says, ended };
}

it("two replicas on one Redis: asked on one, approved on both at once, run once, and every copy says so", async () => {
  const { demo, chat, replica } = await openFleet();
  demo.alphapulse.freezeMarket();
  const [first, second] = [await replica(), await replica()];

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
    { timeout: 60_000, interval: 50 },
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

it("a replica that ends in the middle of a rollout it watches: another one watches on, and nothing is rolled out again", async () => {
  const { demo, replica, says, ended } = await openFleet();
  const kubectl = kubectlWith(demo.env["PRSM_KUBECONFIG"] ?? "");
  const ofWorker = (...args: readonly string[]) => kubectl(...args, "-n", "prsm-production");
  const generation = () =>
    ofWorker(
      "get",
      "deployment",
      "prsm-api",
      "-o",
      "jsonpath={.metadata.generation} {.spec.template.spec.containers[0].image}",
    );
  const first = await replica();
  // It never becomes ready, so that it is waited for until somebody comes between.
  const asked = await says(first, "ana", `deploy prsm ${imageOf("v1.5.1").split("@")[1]} reason:"it is due"`);
  const code = codeOf(asked);
  await says(first, "boris", `confirm approve ${code}`);
  const shown = async (bot: RunningBot) => JSON.stringify(await says(bot, "ana", `confirm show ${code}`));
  const patience = { timeout: 60_000, interval: 200 };
  await vi.waitFor(async () => expect(await shown(first)).toMatch(/1 of 3 new, .*not yet/), patience);
  const rolledOut = await generation();
  const second = await replica();
  await ended(first);
  expect(await shown(second)).toContain("deploy PRSM: running");
  await ofWorker("set", "image", "deployment/prsm-worker", `prsm-worker=${imageOf("v1.5.2")}`);
  await vi.waitFor(async () => expect(await shown(second)).toMatch(/it was changed meanwhile/), patience);
  expect(await generation()).toBe(rolledOut);
  expect(await verifyJournal(second.store)).toMatchObject({ ok: true });
});
