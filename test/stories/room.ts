import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { type Demo, startDemo } from "../../demo/start.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import type { Config } from "../../src/config/load-config.ts";
import type { Log } from "../../src/domain/log.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { FakeChat, type Given } from "../fakes/chat.ts";
import { demoFiles, withoutEscalation } from "./demo-files.ts";

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

/** The whole bot on the demo systems, with a chat in memory and a clock that can be moved. */
export interface Room {
  readonly demo: Demo;
  readonly config: Config;
  readonly chat: FakeChat;
  readonly folder: string;
  readonly clock: { aheadMs: number };
  bot(): RunningBot;
  /** Types a line as somebody. */
  says(account: string, text: string, channel?: string): Promise<Given>;
  press(account: string, card: Card, label: string): Promise<Given>;
  /** The newest card of a request, wherever it stands: every copy must say the same. */
  copies(code: string): Card[];
  settled(code: string, words: string): Promise<void>;
  /**
   * Ends the bot as a kill would: its workers stop, nothing is tidied; then starts another on the same state, with other files
   * when they are given.
   */
  restart(files?: Config): Promise<void>;
}

export interface RoomOptions {
  readonly change?: (config: Config) => Config;
  /** What fires is told by itself, beside what the story is about. */
  readonly watched?: boolean;
  /** Whoever should have it is called while nobody has an alert. */
  readonly escalates?: boolean;
  /** Of the test's own context where tests run beside each other in a file. */
  readonly atEnd?: (tidy: () => Promise<void>) => void;
}

export async function openRoom(options: RoomOptions = {}): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-story-"));
  const demo = await startDemo({ folder: join(folder, "demo"), seed: 7 });
  demo.alphapulse.freezeMarket();
  demo.alphapulse.setPositions([
    { symbol: "BTCUSDT", side: "long", quantity: 1.5, price: 60_000 },
    { symbol: "ETHUSDT", side: "short", quantity: 10, price: 3_000 },
  ]);
  // Digests have a story of their own: no other crosses the time of one by chance.
  const shipped = await demoFiles(demo.env);
  // So have windows of maintenance, which hold alerts back besides.
  const written = { ...shipped, digests: [], alerts: { ...shipped.alerts, announce: {} } };
  const calm = options.watched ? written : { ...written, alerts: { ...written.alerts, watch: "off" as const } };
  const quietly = options.escalates ? calm : withoutEscalation(calm);
  const config = options.change?.(quietly) ?? quietly;
  const chat = new FakeChat("console");
  const clock = { aheadMs: 0 };
  const open = async (files: Config): Promise<RunningBot> => {
    const store = openSqliteStore({ path: join(folder, "wardroom.db"), now: () => Date.now() + clock.aheadMs });
    const bot = await createBot({ store, config: files, log: quiet, meter: createMeasurements().meter });
    bot.work([{ courier: chat, rooms: chat }]);
    return bot;
  };
  let bot = await open(config);
  (options.atEnd ?? onTestFinished)(async () => {
    await bot.stop();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const room: Room = {
    demo,
    config,
    chat,
    folder,
    clock,
    bot: () => bot,
    says: (account, text, channel) =>
      chat.ask(bot.pipeline, { account, ...(channel && { channel }), content: { kind: "text", text } }),
    press(account, card, label) {
      const action = card.actions?.find((each) => each.label === label);
      if (!action?.id) throw new Error(`the card has no button ${label}`);
      return chat.ask(bot.pipeline, { account, content: { kind: "press", action: action.id } });
    },
    copies: (code) =>
      chat.messages.map((message) => message.content.card).filter((card) => card.footer?.includes(code) ?? false),
    async settled(code, words) {
      await vi.waitFor(
        () => {
          const cards = room.copies(code);
          const wrong = cards.find((card) => !card.title.endsWith(words));
          if (cards.length === 0 || wrong)
            throw new Error(`a copy says: ${wrong?.title ?? "nothing"}: ${wrong?.summary ?? ""}`);
        },
        { timeout: 120_000, interval: 50 },
      );
    },
    async restart(files = config) {
      await bot.stop();
      bot = await open(files);
    },
  };
  return room;
}

/** The card an asking was answered with. */
export function cardOf(given: Given): Card {
  if (!given.message) throw new Error("nothing was answered");
  return given.message.content.card;
}

export function codeOf(card: Card): string {
  const code = /Request ([0-9A-F]{6})/.exec(`${card.footer ?? ""} ${card.summary ?? ""}`)?.[1];
  if (code === undefined) throw new Error(`no request on the card ${card.title}`);
  return code;
}
