import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request as requestOver } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bin, quiet, startForTest, startWardroom, stateFolder, wardroom } from "./house/wardroom.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));

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

describe("a running demo, asked from a terminal", () => {
  it("answers, keeps a request across a restart, and ends cleanly when told to", async () => {
    const env = { WARDROOM_STATE: stateFolder(), PORT: "0" };
    const first = await startForTest(env);
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

    await startForTest(env);
    const own = await wardroom(["ask", `confirm approve ${request.id}`, "--as", "ana"], env);
    expect(own).toMatchObject({ code: 1, out: expect.stringContaining("it takes somebody else") });
    const other = Answered.parse(
      JSON.parse((await wardroom(["ask", `confirm approve ${request.id}`, "--as", "boris", "--json"], env)).out),
    );
    expect(other.request.state).toBe("APPROVED");
  });
});

describe("one running demo, which none of these changes", () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-cli-"));
  const env = { WARDROOM_STATE: join(folder, "state"), PORT: "0" };
  let url: string;
  let kill = (): void => undefined;
  beforeAll(async () => {
    const running = await startWardroom(env, (end) => {
      kill = end;
    });
    url = running.url;
  });
  afterAll(() => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says nothing when whoever reads its answer reads no further", async () => {
    const child = spawn(process.execPath, [bin, "ask", "status", "--as", "ana"], {
      env: { ...quiet(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
    child.stdout.destroy();
    await once(child, "close");
    expect(told).toBe("");
  });

  it("has a health page, measurements, and a door that browsers cannot open", async () => {
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
    await wardroom(["ask", "status", "--as", "ana"], env);
    const open = readdirSync(env.WARDROOM_STATE, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(statSync(join(env.WARDROOM_STATE, "console.db")).mode & 0o777).toBe(0o600);
  });

  it("a second bot is refused with words that name the first, and changes nothing of it", async () => {
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

  it("a start whose port another Wardroom has ends, names it, and has changed nothing", async () => {
    const taken = { WARDROOM_STATE: stateFolder(), PORT: new URL(url).port };
    expect(await wardroom(["start"], taken)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`is taken by another Wardroom: ${url}`),
    });
    expect(readdirSync(taken.WARDROOM_STATE)).toEqual(["door"]);
  });
});

describe("one owner a state folder", () => {
  it.each([
    ["", ""],
    [", nor a socket elsewhere where the folder's path is too long for one", "a".repeat(90)],
  ])("a bot that was killed leaves nothing that keeps the next one out%s", async (_what, below) => {
    const env = { WARDROOM_STATE: join(stateFolder(), below), PORT: "0" };
    await startForTest(env);
    const killed = ownerOf(env.WARDROOM_STATE);
    expect(Buffer.byteLength(killed.door.at.socket)).toBeLessThan(104);
    process.kill(killed.pid, "SIGKILL");
    await startForTest(env);
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
