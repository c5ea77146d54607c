import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { Desk } from "../../demo/alphapulse/desk.ts";
import { TradingFiles } from "../../demo/alphapulse/files.ts";
import { createRandom } from "../../demo/random.ts";
import { startedAt, temporaryFolder } from "./rig.ts";

it.each([1, 3, 29, 8_000])("closes %i positions in the same time, however many they are", async (count) => {
  const random = createRandom(7);
  const folder = await temporaryFolder();
  const files = new TradingFiles(folder, startedAt, random);
  const kept = join(folder, "halt.json");
  const desk = new Desk({ files, now: () => startedAt, random, legacy: { realizedToday: 0, feesToday: 0 }, kept });
  desk.book.replace(
    Array.from({ length: count }, (_, index) => ({
      symbol: `S${index}`,
      side: "long" as const,
      quantity: 1,
      entryPrice: 1,
      openedAt: startedAt,
    })),
  );
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  desk.flatten();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(desk.book.symbols.length).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(500);
  expect(desk.book.symbols).toEqual([]);
  expect(desk.state()).toMatchObject({ flattening: false });
  await files.flush();
});
