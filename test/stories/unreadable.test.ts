import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { acceptInvocation } from "../../src/acts/messages/accept-invocation.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import type { Log } from "../../src/domain/log.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { type Put, type Store, sortable } from "../../src/domain/store.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { chunkKeys } from "../../src/records/series.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { FakeChat } from "../fakes/chat.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { cardOf, codeOf, quiet } from "./room.ts";

// Records that this release cannot read, of every kind that a start, a worker or a list comes across.

const patience = { timeout: 60_000, interval: 50 };
const odd = { format: 99, what: "a later release" };

interface Backend {
  readonly alone: boolean;
  open(): Promise<Store>;
  end(): Promise<void>;
}

const backends = {
  async sqlite(folder: string): Promise<Backend> {
    return {
      alone: true,
      open: async () => openSqliteStore({ path: join(folder, "state.db") }),
      end: async () => undefined,
    };
  },
  async redis(): Promise<Backend> {
    const redis = await startRedis();
    return { alone: false, open: () => openRedisStore({ url: redis.url }), end: () => redis.stop() };
  },
};

interface Scene {
  readonly chat: FakeChat;
  readonly logged: { message: string; fields: unknown }[];
  store(): Store;
  says(text: string, account?: string): Promise<Card>;
  /** Ends the bot, damages what it left, and starts another. */
  restart(damage: readonly Put[]): Promise<void>;
}

async function scene(backend: keyof typeof backends): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-unreadable-"));
  const state = await backends[backend](folder);
  const demo = await startDemo({ folder, seed: 7 });
  demo.alphapulse.freezeMarket();
  const { config: written } = await configOrRefuse(demoPlace, demo.env);
  const channels = written.policy.channels.map((each) => (each.channel === "ops" ? { ...each, operator: true } : each));
  const config = { ...written, policy: { ...written.policy, channels } };
  const chat = new FakeChat("console");
  const logged: Scene["logged"] = [];
  const error: Log["error"] = (message, fields) => void logged.push({ message, fields });
  const log: Log = { ...quiet, error, child: () => log };
  const open = async (): Promise<RunningBot> => {
    const { alone } = state;
    const bot = await createBot({ store: await state.open(), config, log, meter: createMeasurements().meter, alone });
    bot.work([{ courier: chat }]);
    return bot;
  };
  let bot = await open();
  onTestFinished(async () => {
    await bot.stop();
    await demo.stop();
    await state.end();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    chat,
    logged,
    store: () => bot.store,
    says: async (text, account = "ana") =>
      cardOf(await chat.ask(bot.pipeline, { account, content: { kind: "text", text } })),
    async restart(damage) {
      await bot.stop();
      const store = await state.open();
      await store.commit({ id: "damage", put: damage });
      await store.close();
      bot = await open();
    },
  };
}

// As young as what was asked just now: a round that tidies removes what is old, legible or not.
const opened = (key: string): Put => ({
  key,
  value: odd,
  index: { open: "0", at: sortable(Date.now()), openedAt: "0" },
});
const told = ({ chat }: Scene): Card | undefined =>
  chat.messages.find(({ content }) => content.card.title === "Wardroom has trouble with its records")?.content.card;

describe.each(["sqlite", "redis"] as const)("on %s, records that cannot be read", (backend) => {
  it("keep nobody from starting, are told to the operators, and take no list with them", async () => {
    const at = await scene(backend);
    const asked = codeOf(await at.says('flatten alphapulse reason:"the exchange is halting"'));
    await at.says("incident declare P1 alphapulse the exchange answers nothing");
    const bad = ["invocation/torn", "request/torn", "incident/77"];
    const others: Put[] = ["policy/proposed", "slot/tidy", "slot/sample", "trouble/records", "asking/chen"].map(
      (key) => ({
        key,
        value: odd,
      }),
    );
    await at.restart([...bad.map(opened), ...others]);

    await vi.waitFor(() => expect(told(at)).toBeDefined(), patience);
    const words = told(at)?.summary ?? "";
    for (const key of [...bad, "policy/proposed"]) expect(words).toContain(key);
    expect(words).toMatch(/^4 records cannot be read: /);
    expect(JSON.stringify(await at.says("confirm list"))).toMatch(
      new RegExp(`2 open requests.*${asked}.*1 record cannot be read: request/torn`),
    );
    expect(JSON.stringify(await at.says("incident list"))).toMatch(
      /2 open incidents.*the exchange answers nothing.*1 record cannot be read: incident\/77/,
    );
    expect(JSON.stringify(await at.says("home"))).toMatch(/2 records cannot be read: request\/torn, incident\/77/);
    expect((await at.says("status")).title).not.toBe("");
    expect((await at.says(`confirm deny ${asked}`, "boris")).title).toContain("Boris");
    expect(await at.says('flatten alphapulse reason:"it is halting again"', "chen")).toMatchObject({ tone: "warning" });
    const kept = await at.store().read(bad);
    expect(kept.map((document) => document?.value)).toEqual(bad.map(() => odd));
  });

  it("leave the command, the run, the series and the alert beside them as they were", async () => {
    const at = await scene(backend);
    const [series = ""] = chunkKeys("alphapulse", "daily_pnl", { from: Date.now(), to: Date.now() });
    const code = codeOf(await at.says('flatten alphapulse reason:"the exchange is halting"'));
    const [request] = await at.store().list("request", "code", { from: code, to: `${code}~`, limit: 1 });
    const id = request?.key.slice("request/".length) ?? "";
    await acceptInvocation(at.store(), {
      key: "console::ana:left",
      account: { surface: "console", id: "ana" },
      place: { surface: "console", channel: "ops" },
      content: { kind: "text", text: "confirm list" },
      question: true,
    });
    await at.restart([opened("invocation/torn"), ...[series, `run/${id}`].map((key) => ({ key, value: odd }))]);

    await vi.waitFor(() => expect(told(at)?.summary).toContain(`run/${id}`), patience);
    expect((await at.says("alerts")).title).not.toContain("broke");
    expect((await at.says("metrics alphapulse daily_pnl")).title).not.toContain("broke");
    expect(await at.says(`confirm show ${code}`)).toMatchObject({
      title: "A record of Wardroom cannot be read",
      summary: expect.stringContaining(`run/${id}`),
    });
    const answers = () => at.chat.messages.filter(({ content }) => content.card.title === "1 open request");
    await vi.waitFor(() => expect(answers()).toHaveLength(1), patience);
  });
});

it("people and rules in force that cannot be read keep the bot from starting, and say what to do", async () => {
  const at = await scene("sqlite");
  await expect(at.restart([{ key: "policy/current", value: odd }])).rejects.toThrow(
    "the record policy/current cannot be read",
  );
});
