import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { LogQuery } from "../../src/domain/systems/logs.ts";
import { hourMs, jsonLine, useLogFolder, zero } from "./log-folder.ts";

/** A line a second for ten hours, about 22 MiB: more than one part. */
const seconds = 36_000;
const filler = "x".repeat(500);
const levelOf = (second: number): string => (second % 100 === 0 ? "error" : "info");
const json = (second: number): string => jsonLine(second, { level: levelOf(second), n: second, msg: filler });
const plain = (second: number): string => {
  const time = new Date(zero + second * 1_000).toISOString();
  return `${time} ${levelOf(second).toUpperCase()} n=${second} ${filler}\n${second % 50 === 0 ? `  at line ${second}\n` : ""}`;
};
const csv = (second: number): string =>
  `${new Date(zero + second * 1_000).toISOString()},${levelOf(second)},${second},"${filler}${second % 50 === 0 ? "\nmore" : ""}"\n`;

describe("big logs", () => {
  const folder = useLogFolder();
  const all = Array.from({ length: seconds }, (_, second) => second);
  const sources = {
    json: { file: "json.log", format: "json" },
    plain: { file: "plain.log", format: "plain", time: "iso" },
    csv: { file: "csv.log", format: "csv" },
  };

  beforeAll(async () => {
    await writeFile(join(folder.path, "json.log"), all.map(json).join(""));
    await writeFile(join(folder.path, "plain.log"), all.map(plain).join(""));
    await writeFile(join(folder.path, "csv.log"), `time,level,n,note\n${all.map(csv).join("")}`);
  });

  const between = (from: number, to: number): Partial<LogQuery> => ({
    from: zero + from * 1_000,
    to: zero + to * 1_000,
  });

  it.each(Object.entries(sources))("reads only the part of a %s file that holds the range", async (_, source) => {
    const { size } = { size: seconds * 550 };
    for (const [from, to] of [
      [0, 60],
      [17_990, 18_020],
      [seconds - 60, seconds - 1],
    ] as const) {
      const found = await folder.search(source, between(from, to));
      expect(found.matched).toBe(to - from + 1);
      expect(found.lines[0]?.at).toBe(zero + to * 1_000);
      expect(found.scannedBytes).toBeLessThan(size / 20);
    }
    expect(await folder.search(source, between(-10, -1))).toMatchObject({ matched: 0 });
    expect(await folder.search(source, between(seconds, seconds + 9))).toMatchObject({ matched: 0 });
  });

  it.each(Object.entries(sources))("loses and doubles nothing where a %s file is parted", async (_, source) => {
    const found = await folder.search(source, { limit: seconds });
    expect(found).toMatchObject({ matched: seconds, malformed: 0, gaps: [] });
    expect(found.lines.map((line) => (Number(line.at) - zero) / 1_000)).toEqual(all.toReversed());
    expect(found.counts.reduce((sum, { count }) => sum + count, 0)).toBe(seconds);
    expect((await folder.search(source, { level: "error" })).matched).toBe(seconds / 100);
    expect((await folder.search(source, { where: [{ field: "n", value: "35999" }] })).matched).toBe(1);
    expect((await folder.search(source, { match: "/n\\W+1234\\b|,1234,/" })).matched).toBe(1);
  });

  it("takes lines slightly out of order", async () => {
    const shuffled = all.map((second) => second + ((second * 7_919) % 41) - 20);
    await writeFile(join(folder.path, "shuffled.log"), shuffled.map(json).join(""));
    const found = await folder.search({ file: "shuffled.log" }, between(20_000, 20_100));
    expect(found.matched).toBe(shuffled.filter((second) => second >= 20_000 && second <= 20_100).length);
    const times = found.lines.map((line) => Number(line.at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it("reads all of a file whose order is broken", async () => {
    await writeFile(
      join(folder.path, "joined.log"),
      [...all.slice(18_000), ...all.slice(0, 18_000)].map(json).join(""),
    );
    for (const [from, to] of [
      [0, 30],
      [17_000, 17_100],
      [30_000, 30_100],
    ] as const) {
      const found = await folder.search({ file: "joined.log" }, { ...between(from, to), limit: 200 });
      expect(found.lines.map((line) => (Number(line.at) - zero) / 1_000)).toEqual(all.slice(from, to + 1).toReversed());
    }
  });

  it("skips an archive that ended long before the range", async () => {
    await writeFile(join(folder.path, "z.log"), jsonLine(1));
    await writeFile(join(folder.path, "z.log.1.gz"), gzipSync(jsonLine(0)));
    const found = await folder.search(
      { file: "z.log" },
      { from: Date.now() + 48 * hourMs, to: Date.now() + 49 * hourMs },
    );
    expect(found.origins).toEqual(["z.log"]);
  });

  it("says that it is not all when the deadline ends it, and has the newest", async () => {
    const late = await folder.search(sources.json, { match: "/x{10}[a-w]|never/", deadlineMs: 1 });
    expect(late.gaps).toContainEqual({ why: "time" });
    const none = await folder.search(sources.json, { deadlineMs: 0 });
    expect(none).toMatchObject({ gaps: [{ why: "time" }] });
    expect(none.matched).toBeLessThan(seconds);
  });

  it("says so when the file shrinks while it is read", async () => {
    await writeFile(join(folder.path, "shrink.log"), all.map(json).join(""));
    const searching = folder.search({ file: "shrink.log" }, { match: "/n.:1234\\b|never/" });
    await turn();
    await truncate(join(folder.path, "shrink.log"), 100_000);
    const found = await searching;
    // Whether the scan or the cut came first is the machine's choice; a short read must never pass for a whole one.
    expect(found.gaps.length > 0 || found.scannedBytes > 20_000_000 || found.scannedBytes <= 100_000).toBe(true);
  });

  it("leaves the event loop free", async () => {
    const searching = folder.search(sources.plain, { match: "/x+ ?y|n=35999/", limit: 100 });
    const done = searching.then(() => true);
    let turns = 0;
    while (!(await Promise.race([done, turn(false)]))) turns += 1;
    expect((await searching).matched).toBe(1);
    // Scanned on this thread, the file would leave time for a turn between blocks at best: a few dozen.
    expect(turns).toBeGreaterThan(200);
  });
});
