import { appendFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linesOfTurns } from "../contracts/follow.contract.ts";
import { useLogFolder } from "./log-folder.ts";

const folder = useLogFolder();

it("a file that is rotated while it is followed gives each line once, also lines without a time and two of one moment", async () => {
  const file = join(folder.path, "app.log");
  const line = (turn: number): string => `${new Date().toISOString()} INFO turn ${turn}\n`;
  await appendFile(file, line(0));
  const turns = await linesOfTurns({
    search: (range) => folder.search({ file: "app.log", format: "plain", time: "iso", level: undefined }, range),
    async write(turn) {
      if (turn === 2) await rename(file, join(folder.path, "app.log.1"));
      const twice = line(turn);
      await appendFile(file, twice + twice);
    },
    counts: (text) => text.includes("turn"),
  });
  expect(turns).toEqual([
    [2, 0],
    [2, 0],
    [2, 0],
  ]);
});

it("records that cannot be read are followed like the lines before them", async () => {
  const file = join(folder.path, "app.json");
  const line = (): string => `${JSON.stringify({ time: new Date().toISOString(), message: "turn" })}\n{broken turn\n`;
  await appendFile(file, line());
  const turns = await linesOfTurns({
    search: (range) => folder.search({ file: "app.json" }, range),
    write: () => appendFile(file, line()),
    counts: (text) => text.includes("turn"),
  });
  expect(turns).toEqual([
    [2, 0],
    [2, 0],
    [2, 0],
  ]);
});
