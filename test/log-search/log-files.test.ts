import { execFile } from "node:child_process";
import { chmod, link, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { jsonLine, useLogFolder, zero } from "./log-folder.ts";

describe("finding log files", () => {
  const folder = useLogFolder();
  const write = (name: string, text: string | Buffer) => writeFile(join(folder.path, name), text);

  it("reads rotated and compressed siblings, and nothing else that looks like one", async () => {
    await write("a.log", jsonLine(9));
    const siblings = ["a.log.1", "a.log.12", "a.log-20261119", "a.log.2026-11-18", "a.log.2026-11-18_13"];
    for (const [index, name] of siblings.entries()) await write(name, jsonLine(index));
    await write("a.log.2.gz", gzipSync(jsonLine(8)));
    for (const name of ["a.log.bak", "a.log~", "a.log.1.swp", "xa.log", "a.log.gz.part", "ab.log", "a-log"])
      await write(name, jsonLine(100));
    const found = await folder.search({ file: "a.log" });
    expect([...found.origins].toSorted()).toEqual(["a.log", "a.log.2.gz", ...siblings].toSorted());
    expect(found).toMatchObject({ matched: 7, gaps: [] });
    expect(found.lines[0]?.at).toBe(zero + 9_000);
  });

  it("follows a glob in the last part of the path only", async () => {
    await mkdir(join(folder.path, "svc"));
    await write("svc/api.log", jsonLine(1));
    await write("svc/worker.log", jsonLine(2));
    await write("svc/.hidden.log", jsonLine(3));
    const found = await folder.search({ file: "svc/*.log" });
    expect([...found.origins].toSorted()).toEqual(["svc/api.log", "svc/worker.log"]);
    expect((await folder.search({ file: "svc/?pi.log" })).origins).toEqual(["svc/api.log"]);
    await expect(folder.search({ file: "s*c/api.log" })).rejects.toThrow("only the last part");
    await expect(folder.search({ file: "svc/a(pi).log" })).rejects.toThrow("there is no file");
  });

  it("reads the file and its link once", async () => {
    await write("real.log", jsonLine(1));
    await symlink("real.log", join(folder.path, "real.log.1"));
    await link(join(folder.path, "real.log"), join(folder.path, "real.log.2"));
    expect(await folder.search({ file: "real.log" })).toMatchObject({ origins: ["real.log"], matched: 1 });
  });

  it("reads a file that is replaced by its successor", async () => {
    await write("r.log", jsonLine(1));
    await rename(join(folder.path, "r.log"), join(folder.path, "r.log.1"));
    await write("r.log", jsonLine(2));
    expect((await folder.search({ file: "r.log" })).matched).toBe(2);
  });

  it("reaches nothing outside its root", async () => {
    const outside = await mkdtemp(join(tmpdir(), "wardroom-outside-"));
    onTestFinished(() => rm(outside, { recursive: true, force: true }));
    await writeFile(join(outside, "secret.log"), jsonLine(1, { msg: "outside" }));
    await symlink(join(outside, "secret.log"), join(folder.path, "leak.log"));
    await symlink(outside, join(folder.path, "leaky"));
    const name = outside.split("/").at(-1) ?? "";
    for (const file of [`../${name}/secret.log`, join(outside, "secret.log"), "x/../../secret.log", "..", "a\0b"])
      await expect(folder.search({ file })).rejects.toMatchObject({ name: "BackendError", fault: "refused" });
    for (const file of ["leak.log", "leaky/secret.log", "leaky/*", "lea*.log"])
      await expect(folder.search({ file })).rejects.toMatchObject({ name: "BackendError", fault: "refused" });
  });

  it("skips a sibling that leads outside, reads the rest and says that it is not all", async () => {
    await write("mixed.log", jsonLine(1));
    await symlink("/etc/hostname", join(folder.path, "mixed.log.1"));
    expect(await folder.search({ file: "mixed.log" })).toMatchObject({
      matched: 1,
      origins: ["mixed.log"],
      gaps: [{ why: "trouble", origin: "mixed.log.1", detail: "leads out of its folder or is not a regular file" }],
    });
  });

  it("refuses pipes, devices and folders", async () => {
    await promisify(execFile)("mkfifo", [join(folder.path, "pipe.log")]);
    await symlink("/dev/zero", join(folder.path, "zero.log"));
    await mkdir(join(folder.path, "folder.log"));
    for (const file of ["pipe.log", "zero.log", "folder.log"])
      await expect(folder.search({ file })).rejects.toMatchObject({ name: "BackendError", fault: "refused" });
  });

  it("names what is missing", async () => {
    await expect(folder.search({ file: "none.log" })).rejects.toMatchObject({
      name: "BackendError",
      fault: "missing",
      message: "log app: there is no file none.log",
    });
    await expect(folder.search({ file: "nowhere/none.log" })).rejects.toMatchObject({ fault: "missing" });
    await expect(folder.search({ file: "a.log", root: "/nonexistent" })).rejects.toMatchObject({ fault: "missing" });
  });

  it.skipIf(process.getuid?.() === 0)("names what may not be read", async () => {
    await write("closed.log", jsonLine(1));
    await chmod(join(folder.path, "closed.log"), 0);
    await expect(folder.search({ file: "closed.log" })).rejects.toMatchObject({ fault: "unauthorised" });
  });

  it("reads what a damaged archive still holds and says that it is not all", async () => {
    const whole = gzipSync(
      Array.from({ length: 5_000 }, (_, second) => jsonLine(second, { n: Math.sqrt(second) })).join(""),
    );
    await write("d.log.1.gz", whole.subarray(0, Math.floor(whole.length / 2)));
    await write("d.log", jsonLine(5_001));
    const found = await folder.search({ file: "d.log" });
    expect(found.gaps).toEqual([{ why: "trouble", origin: "d.log.1.gz", detail: "could not be read to its end" }]);
    expect(found.matched).toBeGreaterThan(100);
    await write("e.log", gzipSync(jsonLine(1)));
    expect(await folder.search({ file: "e.log" })).toMatchObject({ malformed: 1 });
  });

  it("reads a file once while it stands beside the archive it is being made into", async () => {
    await write("z.log.1", jsonLine(1));
    await write("z.log.1.gz", gzipSync(jsonLine(1)));
    expect(await folder.search({ file: "z.log" })).toMatchObject({ matched: 1, origins: ["z.log.1"] });
  });

  it("reads an archive of several members and leaves no file open", async () => {
    await write("m.log.1.gz", Buffer.concat([gzipSync(jsonLine(1)), gzipSync(jsonLine(2))]));
    for (let round = 0; round < 20; round += 1) {
      expect(await folder.search({ file: "m.log" })).toMatchObject({ matched: 2, gaps: [] });
    }
  });
});
