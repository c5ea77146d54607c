import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { ofNoDemoSystem } from "./demo-files.ts";
import { bin, runWardroom } from "./house/wardroom.ts";

const beta = `id: beta
title: Beta
health:
  - { id: api, http: { base: "http://127.0.0.1:9", path: /health } }
`;

/** A real bot with a folder of files of its own, of which beta's can be written anew, and what it has logged. */
async function running() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-reload-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, "config");
  cpSync(fileURLToPath(new URL("../../demo/config", import.meta.url)), config, { recursive: true });
  for (const file of ["people.yaml", "wardroom.yaml"].map((name) => join(config, name))) {
    const ofDemo = readFileSync(file, "utf8");
    const anySystem = ofDemo.replaceAll(/systems: \[.*?\]/g, 'systems: "*"').replace(/onCall: .*/, "onCall: {}");
    writeFileSync(file, ofNoDemoSystem(anySystem));
  }
  mkdirSync(join(config, "systems"));
  const write = (text: string) => writeFileSync(join(config, "systems/beta.yaml"), text);
  write(beta);
  const state = join(folder, "state");
  const env = { PATH: process.env["PATH"] ?? "", WARDROOM_CONFIG: config, WARDROOM_STATE: state, PORT: "0" };
  const child = spawn(process.execPath, [bin, "start"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const heard = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    for (const each of heard) each();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  onTestFinished(() => void child.kill("SIGKILL"));
  /** Resolves once it has said all of this, each after the one before. */
  const says = (...words: readonly RegExp[]) =>
    new Promise<void>((resolve, reject) => {
      const pattern = new RegExp(words.map(({ source }) => source).join("[^]*"));
      const look = () => {
        if (!pattern.test(said)) return;
        heard.delete(look);
        resolve();
      };
      heard.add(look);
      child.once("exit", () => reject(new Error(`it ended and said: ${said}`)));
      look();
    });
  await says(/http:\/\/[\d.:]+/);
  const cli = (...args: readonly string[]) => runWardroom({ cwd: folder, env }, ...args);
  expect((await cli("enrol", "dana")).code).toBe(0);
  const token = join(state, "tokens", "dana.token");
  const status = async () => (await cli("ask", "status", "--token-file", token)).out;
  const people = join(config, "people.yaml");
  const editPeople = (part: string, by: string) => {
    writeFileSync(people, readFileSync(people, "utf8").replace(part, by));
  };
  return { child, write, editPeople, says, cli, status, state };
}

it("files that were changed are in use when wardroom reload has ended, or it says what is wrong and nothing changes", async () => {
  const { write, editPeople, cli, status } = await running();
  expect(await status()).toContain("beta");

  write(beta.replaceAll("beta", "gamma"));
  expect(await cli("reload")).toEqual({ code: 0, out: "The files are in use.\n" });
  expect(await status()).toContain("gamma");

  write(beta.replace("title: Beta", "titel: Beta"));
  const refused = await cli("reload");
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/systems\/beta\.yaml:2:1: .*titel/);
  expect(refused.out).toContain("Nothing of the files was taken: what was in use before stays in use.");
  expect(await status()).toContain("gamma");

  write(beta);
  expect((await cli("reload")).code).toBe(0);
  expect(await status()).toContain("beta");

  // People and rules wait for two of them, which is said before anything else.
  editPeople("role: viewer", "role: operator");
  const part = await cli("reload");
  expect(part.code).toBe(3);
  expect(part.out).toMatch(/^All but the people and rules of the files is in use\. /);
});

it("the signal SIGHUP has it read its files anew, and one that is wrong ends no bot", async () => {
  const { child, write, says, status } = await running();
  write("id: [");
  child.kill("SIGHUP");
  await says(/told to read the configuration again/, /cannot be used, so the one before it stays/);
  expect(await status()).toContain("beta");
  write(beta.replaceAll("beta", "gamma"));
  child.kill("SIGHUP");
  await says(/cannot be used/, /told to read the configuration again/, /was read again and is in use/);
  expect(await status()).toContain("gamma");
});

it("without a bot, with a door that others could have put there, or with anything behind it, it says so and ends with its own code", async () => {
  const { child, cli, state } = await running();
  expect(await cli("reload", "now")).toMatchObject({ code: 1, out: expect.stringContaining("reload takes nothing") });
  chmodSync(join(state, "door"), 0o755);
  expect(await cli("reload")).toMatchObject({ code: 2, out: expect.stringContaining("could learn your token") });
  chmodSync(join(state, "door"), 0o700);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  expect(await cli("reload")).toMatchObject({ code: 2, out: expect.stringContaining("No bot answers on the state") });
});
