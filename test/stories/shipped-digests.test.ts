import { expect, it } from "vitest";
import { DigestsInFile, digestsOf } from "../../src/domain/digests/digest.ts";
import { cardOf, openRoom } from "./room.ts";

it("the manuals' evening and weekly checklists are digests of their systems, item by item (AP5, AP6)", async () => {
  const room = await openRoom({
    change: (config) => ({ ...config, digests: digestsOf(DigestsInFile.parse({}), config.systems) }),
  });
  const inFull = async (name: string) =>
    JSON.stringify(cardOf(await room.says("chen", `digest preview ${name} --full`)));

  const evening = await inFull("alphapulse-evening");
  for (const item of [
    "1. Performance: trades today, P&L, win rate",
    "1. Performance: the day's result",
    "2. Room for logs and data",
    "3. Backups",
    "3. Last proven restore",
  ])
    expect(evening).toContain(item);
  expect(evening).toMatch(/win rate \d+(?:\.\d+)? %/);
  expect(evening).toMatch(/won, \d+ lost, \d+ even, \d+ without a result/);

  const weekly = await inFull("alphapulse-weekly");
  for (const item of [
    "1. Performance of the week",
    "1. Model",
    "2. Disk and memory trend",
    "2. Errors in the log",
    "3. Security: refused access in the log",
    "3. Security: who was refused here",
  ])
    expect(weekly).toContain(item);

  // Every line of the others is read too: what a file names is there.
  for (const name of ["alphapulse-morning", "logos-daily", "logos-weekly", "prsm-daily", "prsm-weekly"])
    expect([name, await inFull(name)]).toEqual([name, expect.not.stringContaining("is no longer there")]);
});
