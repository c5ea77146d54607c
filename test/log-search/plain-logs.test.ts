import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useLogFolder, zero } from "./log-folder.ts";

const python = { file: "app.log", format: "plain", time: "python" };

describe("plain logs", () => {
  const folder = useLogFolder();
  const write = (text: string, name = "app.log") => writeFile(join(folder.path, name), text);

  it("keeps a stack trace with the line before, whichever of its lines is looked for", async () => {
    await write(
      [
        "2026-11-20 00:00:00,100 INFO api: started",
        "2026-11-20 00:00:01,200 ERROR api: request failed",
        "Traceback (most recent call last):",
        '  File "app_2026-11-20 00:00:00.py", line 3',
        "ValueError: no price",
        "2026-11-20 00:00:02,300 INFO api: goes on",
        "",
      ].join("\n"),
    );
    const all = await folder.search(python);
    expect(all).toMatchObject({ matched: 3, malformed: 0 });
    for (const match of ["ValueError", "/no pr.ce/", "request failed"]) {
      const found = await folder.search(python, { match });
      expect(found.lines).toHaveLength(1);
      expect(found.lines[0]).toMatchObject({ at: zero + 1_200, level: "error" });
      expect(found.lines[0]?.text).toMatch(/^2026-11-20 00:00:01,200 ERROR[^]+ValueError: no price$/);
    }
  });

  it("reads the time behind a level or a container's name, and ISO times", async () => {
    await write(
      [
        "INFO 2026-11-20 00:00:00,000 first",
        "api-1  | 2026-11-20T00:00:01.5Z second",
        "[2026-11-20T00:00:02+00:00] third",
      ].join("\n"),
    );
    const found = await folder.search({ ...python, time: "iso" });
    expect(found.lines.map((line) => Number(line.at) - zero)).toEqual([2_000, 1_500, 0]);
  });

  it("goes by the time at the head of a line, also where the line tells another", async () => {
    await write(
      "Nov 20 00:00:05 host app[12]: 2026-11-20T00:00:03Z wrapped\nits order was placed at 2021-03-04 10:00:00 by hand\n",
      "wrapped.log",
    );
    const found = await folder.search({ ...python, file: "wrapped.log" });
    expect(found.lines.map(({ at, text }) => [Number(at) - zero, text.split("\n").length])).toEqual([[5_000, 2]]);
  });

  it("takes a level from where levels stand, not from prose", async () => {
    await write(
      [
        "2026-11-20 00:00:00,000 INFO nothing: no error here",
        "2026-11-20 00:00:01,000 user saw an error",
        "2026-11-20 00:00:02,000 [warn] disk",
        "2026-11-20 00:00:03,000 level=error msg=x",
        "2026-11-20 00:00:04,000 root - CRITICAL - down",
      ].join("\n"),
    );
    const levels = async (level: string) =>
      (await folder.search(python, { level })).lines.map((line) => line.level).toReversed();
    expect(await levels("warn")).toEqual(["warn", "error", "critical"]);
    expect((await folder.search(python)).lines.map((line) => line.level).toReversed()).toEqual([
      "info",
      undefined,
      "warn",
      "error",
      "critical",
    ]);
  });

  it("reads name=value pairs as fields", async () => {
    await write('2026-11-20 00:00:00,000 INFO user=ana path="/a b" status=500\n2026-11-20 00:00:01,000 INFO user=bo\n');
    const found = await folder.search(python, { where: [{ field: "user", value: "ana" }], fields: ["path", "status"] });
    expect(found.lines.map((line) => line.fields)).toEqual([{ path: "/a b", status: "500" }]);
  });

  it("shows lines before the first dated one, without a time", async () => {
    await write("banner\n=====\n2026-11-20 00:00:00,000 INFO up\n");
    const found = await folder.search(python, { from: zero, to: zero + 1 });
    expect(found.lines.map((line) => [line.at, line.text])).toEqual([
      [zero, "2026-11-20 00:00:00,000 INFO up"],
      [undefined, "====="],
      [undefined, "banner"],
    ]);
  });

  it("reads a file without any time in it as lines of no time", async () => {
    await write("one\ntwo\n", "untimed.log");
    const found = await folder.search({ ...python, file: "untimed.log" }, { to: Number.MAX_SAFE_INTEGER });
    expect(found.lines.map((line) => line.text)).toEqual(["two", "one"]);
  });

  it("survives bytes that are no UTF-8", async () => {
    await writeFile(
      join(folder.path, "bytes.log"),
      Buffer.from([...Buffer.from("2026-11-20 00:00:00 x"), 0xff, 0xfe, 0, 10]),
    );
    const found = await folder.search({ ...python, file: "bytes.log" });
    expect(found.lines[0]?.text).toBe("2026-11-20 00:00:00 x\uFFFD\uFFFD");
  });
});
