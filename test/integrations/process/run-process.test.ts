import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProcess } from "../../../src/integrations/process/run-process.ts";
import { isRunning, scriptFolder } from "./scripts.ts";

type Call = Parameters<typeof runProcess>[0];

/** Long beside what any of these takes, and short beside what a test may take. */
const limits = { env: {}, timeoutMs: 20_000, mostBytes: 100_000 };

function node(source: string, more: Partial<Call> = {}): Call {
  const { cwd } = scriptFolder();
  return { ...limits, cwd, file: process.execPath, args: ["-e", source], ...more };
}

describe("a program that is run", () => {
  it("gets its arguments as they are, whatever stands in them", async () => {
    const odd = ["a b", `'"`, "$(touch hit)", "`id`", "; ls", "a\nb", "*", "", "--", "-x", "ä€😀", "${HOME}"];
    const end = await runProcess(
      node("console.log(JSON.stringify(process.argv.slice(1)))", {
        args: ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...odd],
      }),
    );
    expect(end).toMatchObject({ started: true, code: 0, signal: null, cut: false, timedOut: false, left: false });
    expect(end.started && JSON.parse(end.stdout)).toEqual(odd);
  });

  it("has the environment that it is given and nothing of the bot's own", async () => {
    const { cwd, write } = scriptFolder();
    const file = write("show", "#!/usr/bin/env -S /bin/cat /proc/self/environ\n");
    const end = await runProcess({ ...limits, cwd, file, args: [], env: { PATH: "/usr/bin:/bin", ONE: "1 ='$x" } });
    expect(
      end.started && end.stdout.split("\0").filter((each) => /^(?:PATH|ONE|HOME|USER|NODE\w*|VITEST\w*)=/.test(each)),
    ).toEqual(["PATH=/usr/bin:/bin", "ONE=1 ='$x"]);
  });

  it("runs in its folder, with what it is given as its input", async () => {
    const call = node(
      "process.stdin.pipe(process.stdout); process.stdin.on('end', () => console.log('|' + process.cwd()))",
      { input: "a\nb" },
    );
    expect(await runProcess(call)).toMatchObject({ stdout: `a\nb|${call.cwd}\n` });
  });

  it("reads nothing where it is given nothing, and need not read what it is given", async () => {
    expect(await runProcess(node("process.stdin.resume().on('end', () => console.log('end'))"))).toMatchObject({
      stdout: "end\n",
    });
    expect(await runProcess(node("process.exit(3)", { input: "x".repeat(4_000_000) }))).toMatchObject({ code: 3 });
  });

  it("tells its exit code, or the signal that ended it", async () => {
    expect(await runProcess(node("console.error('no'); process.exit(7)"))).toMatchObject({
      code: 7,
      signal: null,
      stderr: "no\n",
    });
    expect(await runProcess(node("process.kill(process.pid, 'SIGSEGV')"))).toMatchObject({
      code: null,
      signal: "SIGSEGV",
    });
  });
});

describe("a program that cannot be started", () => {
  it("is said to be missing, no program, or not to be executed", async () => {
    const { cwd, write } = scriptFolder();
    const plain = write("plain", "#!/bin/sh\n", 0o644);
    const orphan = write("orphan", "#!/no/such/interpreter\n");
    mkdirSync(join(cwd, "folder"));
    const why = async (file: string, more: Partial<Call> = {}) => {
      const end = await runProcess({ ...limits, cwd, file, args: [], ...more });
      return end.started ? "it started" : end.why;
    };
    expect(await why(join(cwd, "gone"))).toBe(`${join(cwd, "gone")} is not there: install it, or correct the path`);
    expect(await why("no-such-program", { env: { PATH: "/bin" } })).toMatch("no-such-program is not there");
    expect(await why(plain)).toBe(`${plain} may not be executed: give it that right, as chmod +x does`);
    expect(await why(join(cwd, "folder"))).toBe(`${join(cwd, "folder")} is a folder, not a program`);
    expect(await why(orphan)).toMatch("names in its first line is not there");
    expect(await why(process.execPath, { cwd: join(cwd, "away") })).toMatch(
      `the folder ${join(cwd, "away")} is not there`,
    );
    expect(await why(process.execPath, { args: ["a\0b"] })).toBe(
      "an argument holds a zero byte, which no program can be given",
    );
    expect(await why(process.execPath, { args: ["x".repeat(3_000_000)] })).toMatch("too long for this machine");
  });

  it("is not started when it has been stopped before", async () => {
    expect(await runProcess(node("", { signal: AbortSignal.abort() }))).toEqual({
      started: false,
      why: "it was stopped before it was started",
    });
  });

  it("runs as no user that is not there", async () => {
    expect(await runProcess(node("", { user: "no-such-user" }))).toMatchObject({
      why: "this machine has no user no-such-user: add it, or name another as user",
    });
  });
});

describe("the user that a program runs as", () => {
  const isRoot = process.getuid?.() === 0;
  const whoami = "console.log([process.getuid(), process.getgid(), ...process.getgroups()].join())";

  it.runIf(isRoot)("is the named one, without the bot's own groups", async () => {
    const end = await runProcess(node(whoami, { cwd: "/", user: "nobody" }));
    expect(end).toMatchObject({ started: true, stdout: "65534,65534,65534\n" });
  });

  it.runIf(isRoot)("is another one only where the bot is root", async () => {
    const source = `
      const { runProcess } = await import(${JSON.stringify(join(process.cwd(), "src/integrations/process/run-process.ts"))});
      process.setgid(65534);
      process.setuid(65534);
      const call = { file: "/bin/true", args: [], cwd: "/", env: {}, user: "root", timeoutMs: 5000, mostBytes: 10 };
      console.log(JSON.stringify(await runProcess(call)));`;
    const call = node("", { args: ["--input-type=module", "-e", source] });
    const end = await runProcess(call);
    expect(end).toMatchObject({ code: 0 });
    expect(end.started && JSON.parse(end.stdout)).toEqual({
      started: false,
      why: "only root may start something as root: run the bot as root, or leave user out",
    });
  });
});

describe("what a program writes", () => {
  it("is kept to its end, from a whole line on, and never makes it wait", async () => {
    const source = "let s = ''; for (let i = 0; i < 600000; i++) s += 'line ' + i + '\\n'; process.stdout.write(s)";
    const end = await runProcess(node(source, { mostBytes: 1_000 }));
    expect(end).toMatchObject({ code: 0, cut: true });
    expect(end.started && end.stdout).toMatch(/^line \d+\n(?:line \d+\n)+$/);
    expect(end.started && end.stdout.endsWith("line 599999\n")).toBe(true);
    expect(end.started && end.stdout.length <= 1_000).toBe(true);
  });

  it("is told line by line, of both outputs, also where a letter comes in two pieces", async () => {
    const lines: string[] = [];
    const source =
      "process.stdout.write(Buffer.from([0x61, 0xc3])); setTimeout(() => { process.stdout.write(Buffer.from([0xa4, 10])); process.stdout.write('rest'); console.error('err\\r') }, 50)";
    const end = await runProcess(node(source, { onLine: (line) => lines.push(line) }));
    expect(end).toMatchObject({ stdout: "aä\nrest", stderr: "err\r\n" });
    expect(lines.toSorted()).toEqual(["aä", "err", "rest"]);
  });

  it("is text also where its bytes are none", async () => {
    const end = await runProcess(node("process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x62]))"));
    expect(end).toMatchObject({ stdout: "a\uFFFD\uFFFDb" });
  });
});

/** Starts a child in the same session, one in a session of its own, and hangs; both ids are its first line. */
const family = `
  const { spawn } = require("node:child_process");
  const hang = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
  const start = (detached) => spawn(process.execPath, ["-e", hang], { detached, stdio: ["ignore", "pipe", "inherit"] });
  const all = [start(false), start(true)];
  Promise.all(all.map((each) => new Promise((resolve) => each.stdout.once("data", resolve)))).then(() => {
    console.log(all.map(({ pid }) => pid).join());
  });
  setInterval(() => {}, 1000);`;

describe("a program that does not end", () => {
  it("is ended at its timeout with all that it has started, also what does not want to", async () => {
    const end = await runProcess(node(family, { timeoutMs: 1_500 }));
    expect(end).toMatchObject({ started: true, code: null, signal: "SIGTERM", timedOut: true });
    const pids = (end.started ? end.stdout : "").trim().split(",").map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  it("may end in good order when it is asked to", async () => {
    const source =
      "process.on('SIGTERM', () => { console.log('bye'); process.exit(9) }); setInterval(() => {}, 1000); console.log('up')";
    const stop = new AbortController();
    const end = await runProcess(
      node(source, {
        signal: stop.signal,
        onLine: () => {
          stop.abort();
        },
      }),
    );
    expect(end).toMatchObject({ code: 9, signal: null, stdout: "up\nbye\n", timedOut: false });
  });

  it("leaves nothing behind that it has started in the background", async () => {
    const { cwd, write } = scriptFolder();
    const file = write("leave", "#!/bin/sh\nsleep 600 &\necho $!\n");
    const end = await runProcess({ ...limits, cwd, file, args: [], env: { PATH: "/usr/bin:/bin" } });
    expect(end).toMatchObject({ code: 0, left: true, timedOut: false });
    expect(isRunning(Number(end.started && end.stdout.trim()))).toBe(false);
  });
});
