import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { layDemoFiles } from "./demo-files.ts";
import { startForTest, stateFolder, wardroom } from "./house/wardroom.ts";

describe("for real", () => {
  let config: string;
  beforeAll(() => {
    config = mkdtempSync(join(tmpdir(), "wardroom-config-"));
    layDemoFiles(config);
    return () => rmSync(config, { recursive: true, force: true });
  });
  const systems = {
    ...demoVariables,
    ALPHAPULSE_URL: "http://127.0.0.1:9",
    ALPHAPULSE_MONITOR: "http://127.0.0.1:9",
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
    const running = await startForTest(env);
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
    const { url } = await startForTest(env);
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
  });
});
