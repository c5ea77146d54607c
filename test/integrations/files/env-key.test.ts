import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBackends } from "../../../src/compose/world.ts";
import { serving } from "../../../src/domain/systems/backend.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { take } from "../../../src/integrations/wire/reading.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { openHttp } from "../backend.ts";
import { scriptFolder } from "../process/scripts.ts";
import { inTwoMinutes } from "./later.ts";

const text = `# modes: live, paper
export TRADING_MODE="live" # switched by hand
 SPACED = a b   # two words
EMPTY=
PLAIN=x#y
#TRADING_MODE=old
DB_PASSWORD='tulip-Value-0123456789'
URL='http://x/?a=1&b=#2'\r
LAST=1`;

function stepOn(content: string, envFile: Readonly<Record<string, unknown>>, value = "paper") {
  const { cwd, write } = scriptFolder();
  const file = write(".env", content, 0o640);
  const { steps } = planner.plan(
    OperationFile.parse({
      summary: "Set the mode",
      risk: "change",
      arguments: { mode: { type: "text", title: "Mode" } },
      steps: [{ id: "s", title: "S", envFile: { file, name: "TRADING_MODE", value: "{mode}", ...envFile } }],
    }),
    { mode: value },
  );
  const [step] = steps;
  if (!step) throw new Error("there is no step");
  const runner = createStepRunner(createBackends({ http: openHttp() }));
  return {
    cwd,
    file,
    step,
    now: () => readFileSync(file, "utf8"),
    run: () => runner.run(step, { key: "req/s", elapsedMs: 0 }),
    probe: (elapsedMs?: number) => runner.probe(step, "req/s", elapsedMs),
  };
}

/** Has the step asked in a process that may write the folder and not read it, which root always may. */
function lentTo({ cwd, file }: ReturnType<typeof stepOn>) {
  const isRoot = process.getuid?.() === 0;
  const nobody = 65_534;
  if (isRoot) for (const each of [cwd, file]) chownSync(each, nobody, nobody);
  chmodSync(cwd, 0o300);
  const step = JSON.stringify({ file, name: "TRADING_MODE", value: "paper", create: false });
  const module = new URL("../../../src/integrations/files/env-key.ts", import.meta.url).href;
  return {
    asks(what: "run" | "probe"): unknown {
      const code = `import { envKeyStep } from ${JSON.stringify(module)};
        console.log(JSON.stringify(await envKeyStep.${what}(${step}, { key: "k", elapsedMs: 0 })));`;
      const as = isRoot ? { uid: nobody, gid: nobody } : {};
      return JSON.parse(
        execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", ...as }),
      );
    },
    end: () => chmodSync(cwd, 0o700),
  };
}

describe("one key of a file of variables", () => {
  it("is set and read back, and everything else stays as it was", async () => {
    const at = stepOn(text, {});
    expect(at.step.description).toBe(`TRADING_MODE=paper in ${at.file}`);
    expect(await at.probe()).toMatchObject({ outcome: "unknown" });
    expect(await at.run()).toEqual({ outcome: "done", detail: `${at.file} holds TRADING_MODE=paper, read back` });
    expect(at.now()).toBe(text.replace('"live"', "paper"));
    expect(statSync(at.file).mode & 0o777).toBe(0o640);
    expect(readdirSync(at.cwd)).toEqual([".env"]);
    expect(await at.probe()).toMatchObject({ outcome: "done" });
    expect(await at.run()).toEqual({ outcome: "done", detail: `${at.file} held TRADING_MODE=paper already` });
  });

  it.each([
    ["SPACED", "c", " SPACED = a b ", " SPACED = c "],
    ["EMPTY", "c", "EMPTY=\n", "EMPTY=c\n"],
    ["PLAIN", "two words", "PLAIN=x#y", "PLAIN='two words'"],
    ["URL", "http://y", "'http://x/?a=1&b=#2'", "http://y"],
    ["LAST", "2", "LAST=1", "LAST=2"],
  ])("%s becomes %s in its place", async (key, value, was, is) => {
    const at = stepOn(text, { name: key }, value);
    expect((await at.run()).outcome).toBe("done");
    expect(at.now()).toBe(text.replace(was, is));
  });

  it("is not set where it is missing, twice there or not to be read; then nothing is changed", async () => {
    const refused = async (content: string, envFile = {}) => {
      const at = stepOn(content, envFile);
      const end = await at.run();
      expect(at.now()).toBe(content);
      return `${end.outcome}: ${end.detail.replace(at.file, "f")}`;
    };
    expect(await refused("A=1\n")).toMatch(/^refused: f: holds no TRADING_MODE: correct the key/);
    expect(await refused("TRADING_MODE=a\nTRADING_MODE=b\n")).toBe("refused: f: holds TRADING_MODE 2 times: keep one");
    expect(await refused('CERT="a\nTRADING_MODE=x\n"\n')).toMatch(/^refused: f: has a value of CERT that does not end/);
    expect(await refused("TRADING_MODE=a\u0000b'c\n\uFFFD", { file: "/no/such/file" })).toMatch(
      /^refused: \/no\/such\/file: is not there/,
    );
    expect(await refused("", { file: "/tmp" })).toBe("refused: /tmp: is no plain file");
  });

  it("that was written is never told as refused, also where its folder cannot be put on disk", async () => {
    const at = stepOn("TRADING_MODE=live\n", {});
    const lent = lentTo(at);
    try {
      // Who may write a folder and not read it may not sync it: the file is replaced by then.
      expect(lent.asks("run")).toEqual({
        outcome: "unknown",
        detail: `it is not known whether ${at.file} was written and is on disk`,
      });
      expect(lent.asks("probe")).toEqual({ outcome: "done", detail: `${at.file} holds TRADING_MODE=paper` });
    } finally {
      lent.end();
    }
    expect(at.now()).toBe("TRADING_MODE=paper\n");
    expect(readdirSync(at.cwd)).toEqual([".env"]);
  });

  it("is added only where the file says so", async () => {
    const at = stepOn("A=1", { create: true });
    expect((await at.run()).outcome).toBe("done");
    expect(at.now()).toBe("A=1\nTRADING_MODE=paper\n");
  });

  it("is set beside another one of the same file that is set at once", async () => {
    for (let round = 0; round < 40; round += 1) {
      const { write } = scriptFolder();
      const file = write(".env", "A_IMAGE=old\nB_IMAGE=old\n");
      const both = ["A_IMAGE", "B_IMAGE"].map((name) => stepOn("", { file, name }, "new").run());
      expect(await Promise.all(both)).toEqual([
        expect.objectContaining({ outcome: "done" }),
        expect.objectContaining({ outcome: "done" }),
      ]);
      expect(readFileSync(file, "utf8")).toBe("A_IMAGE=new\nB_IMAGE=new\n");
    }
  });

  it("that somebody changed since it was written is not told as never written", async () => {
    const at = stepOn("TRADING_MODE=live\n", {});
    expect(await at.probe(0)).toMatchObject({ outcome: "unknown" });
    await inTwoMinutes(async () => {
      expect(await at.probe(0)).toEqual({
        outcome: "refused",
        detail: `${at.file} holds TRADING_MODE=live, and nobody has written it since`,
      });
      expect(await at.probe(150_000)).toMatchObject({ outcome: "unknown" });
      expect(await at.probe()).toMatchObject({ outcome: "unknown" });
    });
    expect((await at.run()).outcome).toBe("done");
    writeFileSync(at.file, "TRADING_MODE=backtest\n");
    expect(await at.probe(5_000)).toEqual({
      outcome: "unknown",
      detail: `${at.file} holds TRADING_MODE=backtest; it may have been written since, and changed again`,
    });
  });

  it("takes away what a write that was killed has left, and nothing else", async () => {
    const at = stepOn("TRADING_MODE=live\n", {});
    const left = [".env.0123456789ab.tmp", "..env.0123456789ab"];
    const others = [".env.old.0123456789ab", ".env.0123456789abc.tmp", "x.env.0123456789ab.tmp"];
    const fresh = ".env.ba9876543210.tmp";
    for (const name of [...left, ...others, fresh]) writeFileSync(join(at.cwd, name), "DB_PASSWORD=x\n");
    for (const name of [...left, ...others]) utimesSync(join(at.cwd, name), 1, 1);
    expect((await at.run()).outcome).toBe("done");
    // One that is fresh may be another process's, which is still at it.
    expect(readdirSync(at.cwd).toSorted()).toEqual([".env", fresh, ...others].toSorted());
  });

  it("is set behind a link, which stays one", async () => {
    const { cwd, write } = scriptFolder();
    write("real", "TRADING_MODE=live\n");
    symlinkSync(join(cwd, "real"), join(cwd, "link"));
    expect((await stepOn("", { file: join(cwd, "link") }).run()).outcome).toBe("done");
    expect(readFileSync(join(cwd, "real"), "utf8")).toBe("TRADING_MODE=paper\n");
    expect(readdirSync(cwd).toSorted()).toEqual(["link", "real"]);
  });

  it("takes no line end, no quote and no secret", () => {
    expect(() => stepOn("", {}, "a\nB=1")).toThrow("takes no value with quotes, backslashes or line ends");
    expect(() => stepOn("", {}, "a'b")).toThrow("takes no value with quotes");
    expect(() => stepOn("", { name: "DB_PASSWORD" })).toThrow("its value is a secret");
    expect(() => stepOn("", { file: ".env" })).toThrow("a whole path");
  });

  it("may be named by an argument, which names no secret and nothing else", async () => {
    const at = stepOn("A_MODE=live\nB_MODE=live\n", { name: "{mode.upperAscii()}_MODE", value: "paper" }, "b");
    expect((await at.run()).outcome).toBe("done");
    expect(at.now()).toBe("A_MODE=live\nB_MODE=paper\n");
    for (const name of ["DB_PASSWORD", "a-b", "a=1", ""])
      expect(() => stepOn("", { name: "{mode}", value: "paper" }, name)).toThrow(
        "is no name of a variable that may be set",
      );
  });

  it("is read as a fact, and not where it looks like a secret", async () => {
    const { write } = scriptFolder();
    const file = write(".env", `${text}\nNOTE=https://ana:tulip-Value-0123456789@x/\n`);
    const fact = async (key: string) => {
      const served = serving(createBackends({ http: openHttp() }), "files", "fact");
      const look = { system: "a", deadlineMs: 1_000, round: {} };
      const reading = await take(async () => served.read({ envFile: { file, name: key } }, look));
      return reading.ok ? reading.value : reading.detail.replace(file, "f");
    };
    expect(await fact("TRADING_MODE")).toBe("live");
    expect(await fact("GONE")).toBe("f: holds no GONE");
    expect(await fact("NOTE")).toBe("f: holds what looks like a secret as NOTE, which is not shown");
  });
});
