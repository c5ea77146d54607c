import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request as requestOver } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { demoVariables } from "../../demo/variables.ts";

const run = promisify(execFile);
const clone = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(clone, "bin/wardroom.js");

const Failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const Answered = z.object({
  outcome: z.literal("answered"),
  request: z.object({ id: z.string(), state: z.string() }),
  card: z.object({ title: z.string() }),
});
const Owner = z.object({
  pid: z.int(),
  door: z.object({ at: z.object({ socket: z.string() }), token: z.string() }),
});
const ownerOf = (state: string) => Owner.parse(JSON.parse(readFileSync(join(state, "door", "owner.json"), "utf8")));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function wardroom(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], {
      env: { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "error", ...env },
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Failed.parse(error);
    return { code, out: stdout, err: stderr };
  }
}

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the program and answers where it listens, once it says so. */
async function start(env: Readonly<Record<string, string>>): Promise<{ url: string; stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, [bin, "start"], {
    env: { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "error", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/[\d.:]+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(`it ended and said: ${said}`)));
  });
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", (code) => resolve(code));
        child.kill("SIGTERM");
      }),
  };
}

describe("a running demo, asked from a terminal", () => {
  it("answers, keeps a request across a restart, and ends cleanly when told to", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const first = await start(env);
    // Rates are known some seconds after the start, and until then nobody says that everything is up.
    expect((await wardroom(["ask", "status", "--as", "ana"], env)).out).toMatch(
      /4 systems asked just now|of 4 (?:need a look|not fully read)/,
    );
    const asked = await wardroom(
      ["ask", 'flatten alphapulse reason:"the exchange is halting"', "--as", "ana", "--json"],
      env,
    );
    expect(asked.code).toBe(0);
    const { request, card } = Answered.parse(JSON.parse(asked.out));
    expect(request.state).toBe("PENDING");
    expect(card.title).toContain("waiting for approval");
    expect(await first.stop()).toBe(0);

    await start(env);
    const own = await wardroom(["ask", `confirm approve ${request.id}`, "--as", "ana"], env);
    expect(own).toMatchObject({ code: 1, out: expect.stringContaining("it takes somebody else") });
    const other = Answered.parse(
      JSON.parse((await wardroom(["ask", `confirm approve ${request.id}`, "--as", "boris", "--json"], env)).out),
    );
    expect(other.request.state).toBe("APPROVED");
  });

  it("says nothing when whoever reads its answer reads no further", async () => {
    const env = { PATH: process.env["PATH"] ?? "", WARDROOM_STATE: stateFolder(), PORT: "0", LOG_LEVEL: "error" };
    const child = spawn(process.execPath, [bin, "ask", "help", "--as", "ana"], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
    child.stdout.destroy();
    await once(child, "close");
    expect(told).toBe("");
  });

  it("has a health page, measurements, and a door that browsers cannot open", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const { url } = await start(env);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await wardroom(["ask", "help", "--as", "ana"], env);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'wardroom_commands_total{command="help",outcome="answered"} 1',
    );
    const { door } = ownerOf(env.WARDROOM_STATE);
    const knock = (token: string, headers: Record<string, string> = {}) =>
      new Promise<number | undefined>((resolve, reject) => {
        const order = { socketPath: door.at.socket, path: "/terminal/ask", method: "POST", agent: false };
        const authorization = { "content-type": "application/json", authorization: `Bearer ${token}` };
        const asking = requestOver({ ...order, headers: { ...authorization, ...headers } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asking.on("error", reject);
        asking.end(JSON.stringify({ text: "help", as: "ana", delivery: "0123456789abcdef" }));
      });
    expect(await knock(door.token, { origin: "http://evil.example" })).toBe(403);
    expect(await knock("x".repeat(40))).toBe(401);
    expect(await knock(door.token)).toBe(200);
    const overTcp = { method: "POST", headers: { authorization: `Bearer ${door.token}` } };
    expect((await fetch(`${url}/terminal/ask`, overTcp)).status).toBe(404);
  });

  it("keeps every file of its state, and the folder of its door, from everybody else", async () => {
    const env = { WARDROOM_STATE: join(stateFolder(), "state"), PORT: "0" };
    await start(env);
    await wardroom(["ask", "status", "--as", "ana"], env);
    const open = readdirSync(env.WARDROOM_STATE, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(statSync(join(env.WARDROOM_STATE, "console.db")).mode & 0o777).toBe(0o600);
  });
});

describe("one owner a state folder", () => {
  it("a second bot is refused with words that name the first, and changes nothing of it", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const { url } = await start(env);
    const { pid } = ownerOf(env.WARDROOM_STATE);
    const file = (name: string) => readFileSync(join(env.WARDROOM_STATE, name), "utf8");
    const before = [file("door/owner.json"), file("demo-ports.json")];
    const second = await wardroom(["start"], env);
    expect(second.code).toBe(1);
    expect(second.err).toContain(`process ${pid}, ${url}, since `);
    expect(second.err).toContain("WARDROOM_STATE=…");
    expect([file("door/owner.json"), file("demo-ports.json")]).toEqual(before);
    const answer = await wardroom(["ask", "status", "--as", "ana"], env);
    expect(answer).toMatchObject({ code: 0, err: "" });
  });

  it.each([
    ["", ""],
    [", nor a socket elsewhere where the folder's path is too long for one", "a".repeat(90)],
  ])("a bot that was killed leaves nothing that keeps the next one out%s", async (_what, below) => {
    const env = { WARDROOM_STATE: join(stateFolder(), below), PORT: "0" };
    await start(env);
    const killed = ownerOf(env.WARDROOM_STATE);
    expect(Buffer.byteLength(killed.door.at.socket)).toBeLessThan(104);
    process.kill(killed.pid, "SIGKILL");
    await start(env);
    const { at } = ownerOf(env.WARDROOM_STATE).door;
    expect(existsSync(killed.door.at.socket)).toBe(killed.door.at.socket === at.socket);
    expect(await wardroom(["ask", "status", "--as", "ana"], env)).toMatchObject({ code: 0, err: "" });
  });

  it("a real bot does not run on the demo's state, whose people would rule it", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    await wardroom(["ask", "help", "--as", "ana"], env);
    const config = join(stateFolder(), "config");
    cpSync(join(clone, "demo/config"), config, { recursive: true });
    cpSync(join(clone, "systems"), join(config, "systems"), { recursive: true });
    expect(await wardroom(["start"], { ...env, WARDROOM_CONFIG: config })).toMatchObject({
      code: 1,
      err: expect.stringContaining("the demo's people rule there"),
    });
  });

  it("two questions at once without a bot are both answered", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const both = await Promise.all(["ana", "boris"].map((as) => wardroom(["ask", "help", "--as", as], env)));
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }]);
  });

  it("a start whose port another Wardroom has ends, names it, and has changed nothing", async () => {
    const { url } = await start({ WARDROOM_STATE: stateFolder() });
    const env = { WARDROOM_STATE: stateFolder(), PORT: new URL(url).port };
    expect(await wardroom(["start"], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`is taken by another Wardroom: ${url}`),
    });
    expect(readdirSync(env.WARDROOM_STATE)).toEqual(["door"]);
  });
});

describe("without a running bot", () => {
  it("a demo is started for the question, which its first line says; JSON stays JSON", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const { out } = await wardroom(["ask", "stop alphapulse", "--as", "chen"], env);
    expect(out).toMatch(/^THROWAWAY DEMO: no bot runs on .* Nothing real and nothing that runs is asked or changed\./);
    const json = await wardroom(["ask", "portfolio alphapulse", "--as", "dana", "--json"], env);
    expect(JSON.parse(json.out)).toMatchObject({ outcome: "answered" });
    expect(json.err).toMatch(/^THROWAWAY DEMO: /);
  });

  it.each([["check"], ["check", "demo/config"]])(
    "%s %s says what is looked at, and what was found",
    async (...words) => {
      const { code, out } = await wardroom(words, { WARDROOM_STATE: join(stateFolder(), "never"), PORT: "0" });
      const lines = out.trimEnd().split("\n");
      expect(code).toBe(0);
      expect(lines[0]).toMatch(
        /^Checking wardroom\.yaml and people\.yaml in .*demo\/config, and the systems in .*systems, with/,
      );
      expect(lines.at(-1)).toMatch(/^The config is good: \d+ systems, /);
    },
  );

  it("whoever asks how is told, and nothing is started", async () => {
    const told = await wardroom(["ask", "--help"], { WARDROOM_STATE: join(stateFolder(), "never"), PORT: "0" });
    expect(told).toMatchObject({ code: 0, out: expect.stringContaining('ask "<command>"') });
  });

  it.each([
    ["start", "start"],
    ["ask", "--token-file <file>"],
    ["check", "--without-env"],
    ["route", "--at <time>"],
    ["reload", "exit code 1"],
    ["audit", "--head <hash>"],
    ["policy", "--offline"],
    ["init", "--discord-channel <id>"],
    ["slack", "--url <url>"],
    ["discord", "register"],
    ["doctor", "doctor"],
    ["enrol", "--revoke"],
  ])("%s --help tells its own flags and one example, and does nothing", async (name, flag) => {
    const env = { WARDROOM_STATE: join(stateFolder(), "never"), PORT: "0" };
    const told = await wardroom([name, "--help"], env);
    expect(told).toMatchObject({ code: 0, err: "", out: expect.stringMatching(`^Usage: wardroom ${name}`) });
    expect(told.out).toContain(flag);
    expect(told.out).toContain(`For example: npx --no wardroom ${name}`);
    expect(existsSync(env.WARDROOM_STATE)).toBe(false);
  });

  it("a mistake on the command line is told with what to do", async () => {
    const env = { WARDROOM_STATE: stateFolder() };
    expect(await wardroom(["frobnicate"], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("There is no command frobnicate"),
    });
    expect(await wardroom(["ask"], env)).toMatchObject({ code: 1, err: expect.stringContaining("nothing to ask") });
    expect(await wardroom(["ask", "status", "--token-file", "boris.token"], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("--token-file is for a real bot"),
    });
    expect(await wardroom(["start"], { ...env, PORT: "many" })).toMatchObject({
      code: 1,
      err: expect.stringContaining("PORT is not a whole number"),
    });
  });
});

describe("for real", () => {
  let config: string;
  beforeAll(() => {
    config = mkdtempSync(join(tmpdir(), "wardroom-config-"));
    cpSync(join(clone, "demo/config"), config, { recursive: true });
    cpSync(join(clone, "systems"), join(config, "systems"), { recursive: true });
    return () => rmSync(config, { recursive: true, force: true });
  });
  const systems = {
    ...demoVariables,
    ALPHAPULSE_URL: "http://127.0.0.1:9",
    ALPHAPULSE_MONITOR: "http://127.0.0.1:9",
    PULSEGUARD_1: "http://127.0.0.1:9",
    PULSEGUARD_2: "http://127.0.0.1:9",
    PULSEGUARD_3: "http://127.0.0.1:9",
  };

  it("enrols nobody where no bot has started yet, and says what to do", async () => {
    const early = await wardroom(["enrol", "boris"], { WARDROOM_STATE: stateFolder() });
    expect(early.code).toBe(1);
    expect(early.err).toContain("Nobody is in force in this store yet.");
    expect(early.err).toContain("Start the bot once");
    expect(early.err).not.toMatch(/^\s+at /m);
  });

  it("there is no console and no --as, and a personal token opens the terminal", async () => {
    const env = { WARDROOM_STATE: stateFolder(), WARDROOM_CONFIG: config, ...systems };
    const running = await start(env);
    const { url } = running;
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/session`)).status).toBe(404);
    expect(await wardroom(["ask", "status", "--as", "ana"], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("--as is for the demo"),
    });
    const enrolled = await wardroom(["enrol", "dana"], env);
    expect(enrolled.code).toBe(0);
    const token = join(env.WARDROOM_STATE, "tokens", "dana.token");
    expect(statSync(token).mode & 0o077).toBe(0);
    const ask = () => wardroom(["ask", "status", "--token-file", token], env);
    const answer = await ask();
    expect(answer.out).toContain("alphapulse");
    expect(answer.out).toContain("down");
    expect((await wardroom(["audit", "verify"], env)).code).toBe(0);

    // Somebody who loosens the folder could put a listener of their own there: no token is given to it.
    chmodSync(join(env.WARDROOM_STATE, "door"), 0o755);
    expect(await ask()).toMatchObject({ code: 1, err: expect.stringContaining("could learn your token") });
    chmodSync(join(env.WARDROOM_STATE, "door"), 0o700);
    expect((await ask()).code).toBe(0);

    const before = readFileSync(token);
    await wardroom(["enrol", "dana"], env);
    const old = join(env.WARDROOM_STATE, "old.token");
    writeFileSync(old, before);
    expect(await wardroom(["ask", "status", "--token-file", old], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("not known here"),
    });
    const renewed = readFileSync(token);
    expect((await wardroom(["enrol", "--revoke", "dana"], env)).code).toBe(0);
    writeFileSync(token, renewed);
    expect(await ask()).toMatchObject({ code: 1, err: expect.stringContaining("not known here") });
    expect(await wardroom(["enrol", "--revoke", "dana"], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining("dana has no terminal token"),
    });

    await running.stop();
    expect(await ask()).toMatchObject({ code: 1, err: expect.stringContaining("No bot answers on the state folder") });
    const demo = { WARDROOM_STATE: env.WARDROOM_STATE, PORT: "0" };
    expect(await wardroom(["ask", "status"], demo)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("holds the state of a real bot"),
    });
    expect(await wardroom(["start"], demo)).toMatchObject({
      code: 1,
      err: expect.stringContaining("the demo may not run on it"),
    });
  });

  it("the terminal goes over the port where that is asked for", async () => {
    const env = { WARDROOM_STATE: stateFolder(), WARDROOM_CONFIG: config, WARDROOM_TERMINAL: "tcp", ...systems };
    const { url } = await start(env);
    await wardroom(["enrol", "dana"], env);
    const token = join(env.WARDROOM_STATE, "tokens", "dana.token");
    const ask = (port: string) => wardroom(["ask", "help", "--token-file", token], { ...env, PORT: port });
    expect((await ask(new URL(url).port)).code).toBe(0);
    expect(await ask("9")).toMatchObject({ code: 1, err: expect.stringContaining("No bot answers on port 9") });
  });

  it("a config that is wrong does not start, and says where", async () => {
    const env = { WARDROOM_STATE: stateFolder(), WARDROOM_CONFIG: config };
    const where = /alphapulse\.yaml:\d+:\d+: .*ALPHAPULSE_URL/;
    const [ended, checked] = [await wardroom(["start"], { ...env, PORT: "0" }), await wardroom(["check", config], env)];
    expect([ended.code, checked.code]).toEqual([1, 1]);
    expect([ended.err, checked.out]).toEqual([expect.stringMatching(where), expect.stringMatching(where)]);
    expect((await wardroom(["check", config, "--without-env"], env)).code).toBe(0);
  }, 180_000);
});
