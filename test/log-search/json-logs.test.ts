import { appendFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { hourMs, jsonLine, useLogFolder, zero } from "./log-folder.ts";

describe("JSON logs", () => {
  const folder = useLogFolder();
  const write = (name: string, text: string | Buffer) => writeFile(join(folder.path, name), text);

  it("answers newest first, counts everything and cuts to the limit", async () => {
    await write("a.log", Array.from({ length: 300 }, (_, second) => jsonLine(second, { n: second })).join(""));
    const found = await folder.search({ file: "a.log" }, { from: zero, to: zero + 299_000, limit: 3 });
    expect(found.lines.map((line) => line.at)).toEqual([299, 298, 297].map((second) => zero + second * 1_000));
    expect(found.matched).toBe(300);
    expect(found.counts).toEqual([0, 1, 2, 3, 4].map((minute) => ({ at: zero + minute * 60_000, count: 60 })));
    expect(found).toMatchObject({ bucketMs: 60_000, gaps: [], malformed: 0, origins: ["a.log"] });
    expect(found.lines[0]).toMatchObject({ level: "info", origin: "a.log" });
  });

  it("takes both ends of the range in", async () => {
    await write("range.log", [0, 1, 2, 3, 4].map((second) => jsonLine(second)).join(""));
    const found = await folder.search({ file: "range.log" }, { from: zero + 1_000, to: zero + 3_000 });
    expect(found.lines.map((line) => line.at)).toEqual([3_000, 2_000, 1_000].map((ms) => zero + ms));
  });

  it("scales the buckets with the range and keeps the empty ones", async () => {
    await write("long.log", jsonLine(0) + jsonLine(86_400) + jsonLine(2 * 86_400));
    const found = await folder.search({ file: "long.log" }, { from: zero, to: zero + 48 * hourMs });
    expect(found.bucketMs).toBe(30 * 60_000);
    expect(found.counts).toHaveLength(97);
    expect(found.counts.filter(({ count }) => count > 0)).toHaveLength(3);
  });

  it("tells where what is kept begins, rotated files with it, and counts nothing before that", async () => {
    const range = { from: zero - 24 * hourMs, to: zero + hourMs };
    await write("young.log", jsonLine(600, { n: 1 }) + jsonLine(3_000));
    const found = await folder.search({ file: "young.log" }, { ...range, match: '"n":1' });
    expect(found).toMatchObject({ matched: 1, begins: { at: zero + 600_000, why: "kept" }, bucketMs: 60_000 });
    expect(found.counts).toHaveLength(51);
    expect(found.counts[0]).toEqual({ at: zero + 600_000, count: 1 });
    await write("young.log.1.gz", gzipSync(jsonLine(60) + jsonLine(590)));
    const rotated = await folder.search({ file: "young.log" }, { ...range, match: "nothing" });
    expect(rotated.begins).toEqual({ at: zero + 60_000, why: "kept" });
    expect(await folder.search({ file: "young.log" }, { ...range, from: zero + 60_000 })).not.toHaveProperty("begins");
    // A file so old that it is not read holds what is older.
    const old = new Date(zero - 100 * hourMs);
    await write("young.log.2.gz", gzipSync(jsonLine(-720_000)));
    await utimes(join(folder.path, "young.log.2.gz"), old, old);
    expect(await folder.search({ file: "young.log" }, range)).not.toHaveProperty("begins");
    // Nothing tells from when it is.
    await write("bare.log", "no time\n");
    expect(await folder.search({ file: "bare.log" }, range)).not.toHaveProperty("begins");
  });

  it("filters by level: words of several loggers and pino's numbers", async () => {
    const levels = ["DEBUG", "Info", "WARNING", "err", "critical", 20, 30, 40, 50, 60, "30", "notice", "nonsense"];
    await write("levels.log", levels.map((level, second) => jsonLine(second, { level })).join(""));
    const at = async (level: string) =>
      (await folder.search({ file: "levels.log" }, { level })).lines.map((line) => line.level).toReversed();
    // What nobody knows may be the worst, and is shown without a level.
    expect(await at("error")).toEqual(["error", "critical", "error", "critical", undefined]);
    expect(await at("warning")).toEqual(["warn", "error", "critical", "warn", "error", "critical", undefined]);
    expect(await at("50")).toEqual(["error", "critical", "error", "critical", undefined]);
  });

  it("is not fooled by a nested field of the level's or the time's name", async () => {
    const line = (level: string, inner: string) =>
      `{"ctx":{"level":"${inner}","time":"1999-01-01T00:00:00Z"},"time":"2026-11-20T00:00:00Z","level":"${level}"}\n`;
    await write("nested.log", line("error", "debug") + line("debug", "error"));
    const found = await folder.search({ file: "nested.log" }, { level: "error", from: zero, to: zero });
    expect(found.matched).toBe(1);
    expect(found.lines[0]?.text).toContain('"level":"error"}');
  });

  it("finds text, also where the writer escaped it", async () => {
    await write(
      "text.log",
      jsonLine(0, { msg: 'say "café"' }) +
        jsonLine(1, { msg: "none" }) +
        `${jsonLine(2).slice(0, -2)},"msg":"caf\\u00e9"}\n`,
    );
    expect((await folder.search({ file: "text.log" }, { match: "café" })).matched).toBe(2);
    expect((await folder.search({ file: "text.log" }, { match: 'say "café"' })).matched).toBe(1);
    expect((await folder.search({ file: "text.log" }, { match: "CAFÉ" })).matched).toBe(0);
  });

  it("finds patterns, and says what is wrong with one", async () => {
    await write("pattern.log", jsonLine(0, { msg: "took 120 ms" }) + jsonLine(1, { msg: "took 9 ms" }));
    const matching = async (match: string) => (await folder.search({ file: "pattern.log" }, { match })).matched;
    expect(await matching(String.raw`/took \d{3} ms/`)).toBe(1);
    expect(await matching("/(?i)TOOK/")).toBe(2);
    expect(await matching("/took (120|9)/")).toBe(2);
    await expect(matching("/took (120/")).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining("missing closing )"),
      remedy: expect.stringContaining("Close every bracket"),
    });
    await expect(matching("/abc[z-a]/")).rejects.toThrow("at character 5: invalid character class range (z-a)");
    await expect(matching("/(?=x)y/")).rejects.toMatchObject({ remedy: expect.stringContaining("not supported") });
  });

  it("filters on fields: dotted, in lists, numbers, and all together", async () => {
    await write(
      "where.log",
      jsonLine(0, { reason_codes: ["PG.FLASH", "PG.SLOW"], http: { status: 500 }, user: "bo" }) +
        jsonLine(1, { reason_codes: ["PG.SLOW"], http: { status: 200 }, user: "bo" }) +
        jsonLine(2, { legs: [{ symbol: "BTC" }, { symbol: "ETH" }], user: "ana", ok: true }),
    );
    const where = async (...conditions: [string, string][]) =>
      (
        await folder.search({ file: "where.log" }, { where: conditions.map(([field, value]) => ({ field, value })) })
      ).lines.map((line) => (Number(line.at) - zero) / 1_000);
    expect(await where(["reason_codes", "PG.FLASH"])).toEqual([0]);
    expect(await where(["http.status", "500"])).toEqual([0]);
    expect(await where(["user", "bo"])).toEqual([1, 0]);
    expect(await where(["user", "bo"], ["reason_codes", "PG.FLASH"])).toEqual([0]);
    expect(await where(["legs.symbol", "ETH"])).toEqual([2]);
    expect(await where(["ok", "true"])).toEqual([2]);
    expect(await where(["user", "b"])).toEqual([]);
  });

  it("shows the message, and the fields asked for", async () => {
    await write("fields.log", jsonLine(0, { msg: "scored", latency_ms: 12.5, tags: ["a", "b"], ctx: { id: "r1" } }));
    const source = { file: "fields.log", message: "msg", show: ["latency_ms"] };
    expect((await folder.search(source)).lines[0]).toMatchObject({ text: "scored", fields: { latency_ms: "12.5" } });
    const asked = await folder.search(source, { fields: ["tags", "ctx.id", "absent"] });
    expect(asked.lines[0]?.fields).toEqual({ tags: "a, b", "ctx.id": "r1" });
  });

  it("counts broken lines and searches them as text at the time of the line before", async () => {
    await write("broken.log", `${jsonLine(0)}Traceback boom\n{"time":\n${jsonLine(120)}`);
    const all = await folder.search({ file: "broken.log" });
    expect(all).toMatchObject({ matched: 4, malformed: 2 });
    const boom = await folder.search({ file: "broken.log" }, { match: "boom", from: zero, to: zero + 60_000 });
    expect(boom.lines).toEqual([{ at: undefined, after: zero, text: "Traceback boom", origin: "broken.log" }]);
  });

  it("reads times as ISO text with any offset, and as numbers since 1970", async () => {
    const times = [
      '"2026-11-20T02:00:00+02:00"',
      '"2026-11-20 00:00:00,000"',
      zero / 1_000,
      zero,
      zero * 1_000,
      `"${zero}"`,
    ];
    await write("times.log", times.map((time) => `{"a":1,"time": ${time}}\r\n`).join(""));
    const found = await folder.search({ file: "times.log" });
    expect(found.lines.map((line) => line.at)).toEqual(times.map(() => zero));
    expect(found.lines[0]?.text).not.toContain("\r");
  });

  it("reads an empty file, one without a last line end and one with a byte order mark", async () => {
    await write("empty.log", "");
    expect(await folder.search({ file: "empty.log" })).toMatchObject({ lines: [], matched: 0, gaps: [] });
    await write("torn.log", `\uFEFF${jsonLine(0)}${jsonLine(1).trimEnd()}`);
    expect(await folder.search({ file: "torn.log" })).toMatchObject({ matched: 2, malformed: 0 });
  });

  it("reads letters split by the edges of what is read at once", async () => {
    // Two bytes a letter, at every distance from the edge: an edge inside a letter must occur.
    const lines = Array.from({ length: 400 }, (_, second) =>
      jsonLine(second, { msg: `${"é".repeat(4_000 + second)}!` }),
    );
    await write("split.log", lines.join(""));
    const found = await folder.search({ file: "split.log", message: "msg" }, { limit: 400 });
    expect(found).toMatchObject({ matched: 400, malformed: 0 });
    expect(found.lines.every((line) => /^é+!$/.test(line.text))).toBe(true);
  });

  it("cuts a line longer than 1 MiB and says so, and goes on after it", async () => {
    const long = `{"time":"2026-11-20T00:00:01Z","msg":"${"x".repeat(5 << 20)}"}\n`;
    await write("huge.log", jsonLine(0) + long + jsonLine(2, { msg: "after" }));
    const found = await folder.search({ file: "huge.log" });
    expect(found.matched).toBe(3);
    expect(found.lines[1]?.at).toBe(zero + 1_000);
    expect(found.lines[1]?.text.length).toBeLessThan((1 << 20) + 100);
    expect(found.lines[1]?.text).toMatch(/\[cut here: the line is longer than 1 MiB\]$/);
    expect((await folder.search({ file: "huge.log" }, { match: "after" })).matched).toBe(1);
  });

  it("reads a file that grows or shrinks between searches", async () => {
    await write("grow.log", jsonLine(0));
    await appendFile(join(folder.path, "grow.log"), jsonLine(1));
    expect((await folder.search({ file: "grow.log" })).matched).toBe(2);
    await truncate(join(folder.path, "grow.log"), jsonLine(0).length);
    expect((await folder.search({ file: "grow.log" })).matched).toBe(1);
  });

  it("refuses a range that ends before it begins, a level and a log there are not", async () => {
    await write("q.log", jsonLine(0));
    await expect(folder.search({ file: "q.log" }, { from: 2, to: 1 })).rejects.toThrow("ends before it begins");
    await expect(folder.search({ file: "q.log" }, { level: "loud" })).rejects.toMatchObject({
      message: 'There is no level "loud".',
      remedy: expect.stringContaining("warn"),
    });
    await expect(folder.search({ file: "q.log" }, { source: "other" })).rejects.toMatchObject({
      message: 'Shop has no log "other".',
      remedy: "Its logs are: app.",
    });
  });
});
