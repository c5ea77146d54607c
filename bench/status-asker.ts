import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBot } from "../src/compose/bot.ts";
import type { Card } from "../src/domain/messages/card.ts";
import type { System } from "../src/domain/systems/system.ts";
import { createLog } from "../src/ops/log.ts";
import { createMeasurements } from "../src/ops/metrics.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { FakeChat } from "../test/fakes/chat.ts";
import { configOf } from "./bench-config.ts";

/** The whole bot on these systems, asked for `status` by somebody on the console. */
export interface StatusAsker {
  /** How long the answer took, in ms. Throws when `check` does: a figure for another answer would be worth nothing. */
  ask(): Promise<number>;
  stop(): Promise<void>;
}

export async function openStatusAsker(
  systems: readonly System[],
  check: (card: Card | undefined) => void,
): Promise<StatusAsker> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const bot = await createBot({
    store: openSqliteStore({ path: join(folder, "state.db") }),
    config: configOf(systems),
    log: createLog({ level: "error" }),
    meter: createMeasurements().meter,
  });
  const chat = new FakeChat("console");
  return {
    async ask() {
      const before = performance.now();
      const given = await chat.ask(bot.pipeline, { account: "ana", content: { kind: "text", text: "status" } });
      const took = performance.now() - before;
      check(given.message?.content.card);
      return took;
    },
    async stop() {
      await bot.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
