import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { promisify, stripVTControlCharacters } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { startFakeDiscord } from "../fakes/discord/discord.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";
import { bin, runWardroom, type Where } from "./house/wardroom.ts";

const run = promisify(execFile);

/** An empty folder beside two platforms; nothing is configured. */
async function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-init-"));
  const [slack, discord] = await Promise.all([startFakeSlack(), startFakeDiscord()]);
  onTestFinished(async () => {
    await Promise.all([slack.stop(), discord.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const env = { PATH: process.env["PATH"] ?? "", SLACK_API_URL: slack.apiUrl, DISCORD_API_URL: discord.apiUrl };
  const wardroom = async (...args: string[]) => runWardroom({ cwd: folder, env }, ...args);
  const text = (file: string): string => readFileSync(join(folder, file), "utf8");
  return { folder, slack, discord, env, wardroom, text };
}

/** Somebody at a wide terminal, who sees what is printed and types. `script` is the pseudoterminal. */
class Terminal {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly ended: Promise<number | null>;
  screen = "";
  #read = 0;

  constructor(command: string, where: Where) {
    this.#child = spawn("script", ["-qec", `stty cols 200; ${command}`, "/dev/null"], {
      ...where,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child.stdout.on("data", (data: Buffer) => {
      this.screen += data.toString();
    });
    this.ended = new Promise((resolve) => this.#child.once("close", resolve));
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** Types a line once it is asked for. */
  async answer(question: string, line: string): Promise<void> {
    await vi.waitUntil(() => stripVTControlCharacters(this.screen.slice(this.#read)).includes(question), 60_000);
    this.#read = this.screen.length;
    this.#child.stdin.write(`${line}\r`);
  }
}

describe("wardroom init asks for what was not given", () => {
  it("writes tokens into .env unseen, and says when an answer does not fit", async () => {
    const { folder, slack, env, text } = await emptyFolder();
    const terminal = new Terminal(`${process.execPath} ${bin} init --slack`, { cwd: folder, env });
    await terminal.answer("Your member id:", "ana");
    await terminal.answer("does not look like what is asked for", "U0123ABC");
    await terminal.answer("The channel's id:", "C0123ABC");
    await terminal.answer("Bot User OAuth Token:", slack.botToken);
    // Pasted as soon as it is spoken of, before there is a prompt.
    await terminal.answer("It begins with xapp-", slack.appToken);
    expect(await terminal.ended).toBe(0);
    expect(text(".env")).toContain(`SLACK_BOT_TOKEN=${slack.botToken}\nSLACK_APP_TOKEN=${slack.appToken}\n`);
    expect(statSync(join(folder, ".env")).mode & 0o077).toBe(0);
    expect(text("wardroom-config/people.yaml")).toContain("U0123ABC");
    expect(stripVTControlCharacters(terminal.screen)).toContain(
      `Written into .env: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, WARDROOM_CONFIG=${join(folder, "wardroom-config")}`,
    );
    for (const secret of [slack.botToken, slack.appToken])
      expect(stripVTControlCharacters(terminal.screen)).not.toContain(secret);
    expect(terminal.screen).toContain("✓ The app has every scope");
    expect(terminal.screen).toContain("Start the bot with: npm start");
  });

  it("registers with Discord and prints the link that invites the bot", async () => {
    const { folder, discord, env } = await emptyFolder();
    discord.removeMember(discord.botUserId);
    const options = `--discord-user ${discord.world.addUser({ name: "ana" })} --discord-channel 109301234567890123`;
    const terminal = new Terminal(`${process.execPath} ${bin} init ${options}`, { cwd: folder, env });
    await terminal.answer("The bot's token:", discord.token);
    await terminal.answer("The server's id:", discord.world.guild);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen).toContain("scope=bot+applications.commands");
    expect(stripVTControlCharacters(terminal.screen)).not.toContain(discord.token);
  });

  it("leaves nothing behind when the input ends too soon", async () => {
    const { folder, env } = await emptyFolder();
    const terminal = new Terminal(`${process.execPath} ${bin} init --slack`, { cwd: folder, env });
    await terminal.answer("Your member id:", "U0123ABC");
    await terminal.answer("The channel's id:", "\u0003");
    expect(await terminal.ended).toBe(130);
    expect(existsSync(join(folder, "wardroom-config"))).toBe(false);
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  it("says so in words when the terminal is closed, and writes nothing", async () => {
    const { folder, env } = await emptyFolder();
    const terminal = new Terminal(`${process.execPath} ${bin} init --slack`, { cwd: folder, env });
    await terminal.answer("Your member id:", "\u0004");
    expect(await terminal.ended).toBe(1);
    expect(terminal.screen).toContain("Nothing was set up: the input ended.");
    expect(terminal.screen).not.toMatch(/AbortError|\n\s+at /);
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  it("keeps what was typed where .env only names the variable, and where the config has the ids already", async () => {
    const { folder, slack, env, wardroom, text } = await emptyFolder();
    const ids = "--slack-user U0123ABC --slack-channel C0123ABC";
    await wardroom("init", ...ids.split(" "));
    writeFileSync(join(folder, ".env"), `${text(".env")}SLACK_BOT_TOKEN=""\nSLACK_APP_TOKEN= # put it here\n`);
    const terminal = new Terminal(`${process.execPath} ${bin} init ${ids}`, { cwd: folder, env });
    await terminal.answer("Bot User OAuth Token:", slack.botToken);
    await terminal.answer("App-level token:", slack.appToken);
    expect(await terminal.ended).toBe(0);
    expect((await wardroom("doctor")).out).toContain("Slack knows the bot");
  });

  it("works in a folder with a name that would begin a comment", async () => {
    const { folder, wardroom } = await emptyFolder();
    const begun = await wardroom("init", "my #1 config", "--slack-user", "U0123ABC", "--slack-channel", "C0123ABC");
    expect(begun.code).toBe(0);
    expect(readFileSync(join(folder, ".env"), "utf8")).toContain('my #1 config"');
    expect((await wardroom("check")).out).toContain("The config is good");
  });

  it("waits for nobody in a script, and says what is missing", async () => {
    const { wardroom } = await emptyFolder();
    expect(await wardroom("init")).toMatchObject({
      code: 1,
      out: expect.stringContaining("--slack, --discord or both"),
    });
    expect(await wardroom("init", "--slack")).toMatchObject({
      code: 1,
      out: expect.stringContaining("--slack-user is missing.\nIn Slack: your profile"),
    });
    const begun = await wardroom("init", "--slack-user", "U0123ABC", "--slack-channel", "C0123ABC");
    expect(begun).toMatchObject({
      code: 0,
      out: expect.stringContaining("Put into .env: SLACK_BOT_TOKEN=… and SLACK_APP_TOKEN=…"),
    });
  });
});

describe("wardroom init with a config that is there", () => {
  const slackIds = ["--slack-user", "U0123ABC", "--slack-channel", "C0123ABC"];
  const discordIds = ["--discord-user", "109301234567890123", "--discord-channel", "109301234567890124"];

  it("adds the other platform, and keeps what was written by hand", async () => {
    const { folder, wardroom, text } = await emptyFolder();
    await wardroom("init", ...slackIds);
    const people = join(folder, "wardroom-config/people.yaml");
    writeFileSync(people, `${text("wardroom-config/people.yaml")}  # Boris comes in May\n`);
    const added = await wardroom("init", ...discordIds);
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining("knows Discord now") });
    expect(text("wardroom-config/people.yaml")).toContain("# Boris comes in May");
    expect(text("wardroom-config/people.yaml")).toMatch(/slack:\s+- U0123ABC[^]*discord:\s+- "109301234567890123"/);
    expect(text("wardroom-config/wardroom.yaml")).toContain("id: discord-ops");
    expect(await wardroom("check")).toMatchObject({ code: 0, out: expect.stringContaining("The config is good") });
    expect(await wardroom("init", ...discordIds)).toMatchObject({
      code: 1,
      out: expect.stringContaining("is there already"),
    });
  });

  it("says where the bot looks for its config, and leaves that as it is", async () => {
    const { folder, wardroom, text } = await emptyFolder();
    const begun = await wardroom("init", ...slackIds);
    const first = join(folder, "wardroom-config");
    expect(begun.out).toContain(`Written into .env: WARDROOM_CONFIG=${first}\n`);
    const before = text(".env");
    const second = await wardroom("init", "other", ...slackIds);
    expect(second.out).toContain(`WARDROOM_CONFIG leads to ${first} and was left so`);
    expect(second.out).toContain(`Set WARDROOM_CONFIG=${join(folder, "other")} in .env`);
    expect(second.out).not.toContain("Written into .env");
    expect(text(".env")).toBe(before);
  });

  it("leaves a config as it was that it cannot be used with, and says what is wrong where", async () => {
    const { folder, wardroom, text } = await emptyFolder();
    await wardroom("init", ...slackIds);
    const files = ["wardroom-config/people.yaml", "wardroom-config/wardroom.yaml"];
    writeFileSync(join(folder, files[0] ?? ""), text(files[0] ?? "").replace("role: lead", "role: captain"));
    const before = files.map(text);
    const refused = await wardroom("init", ...discordIds);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/people\.yaml:\d+:\d+.*captain[^]*The files are as they were\./);
    expect(files.map(text)).toEqual(before);
  });

  it("asks whose account it is where there are several, and changes nothing until it knows", async () => {
    const { folder, wardroom, text } = await emptyFolder();
    await wardroom("init", ...slackIds);
    const file = "wardroom-config/people.yaml";
    const boris = "  - id: boris\n    name: Boris\n    grants: [{ role: approver, systems: '*' }]\n";
    writeFileSync(join(folder, file), text(file) + boris);
    const before = text("wardroom-config/wardroom.yaml");
    const unsaid = await wardroom("init", ...discordIds);
    expect(unsaid).toMatchObject({ code: 1, out: expect.stringContaining("--person owner or boris") });
    expect(text("wardroom-config/wardroom.yaml")).toBe(before);
    expect(await wardroom("init", ...discordIds, "--person", "boris")).toMatchObject({ code: 0 });
    expect(text(file)).toMatch(/id: boris[^]*discord:\s+- "109301234567890123"/);
    expect(
      await wardroom("init", "--discord-user", "109301234567890129", ...discordIds.slice(2), "--person", "nobody"),
    ).toMatchObject({
      code: 1,
      out: expect.stringContaining("nobody with the id nobody"),
    });
  });
});

it("slack manifest prints the manifest alone, and beside it the link that fills it in", async () => {
  const { folder, env } = await emptyFolder();
  const { stdout, stderr } = await run(process.execPath, [bin, "slack", "manifest"], { cwd: folder, env });
  const link = /https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=\S+/.exec(stderr)?.[0] ?? "";
  const manifest = z
    .object({ settings: z.object({ socket_mode_enabled: z.boolean() }) })
    .parse(JSON.parse(new URL(link).searchParams.get("manifest_json") ?? ""));
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(stdout).toMatch(/^display_information:/);
  expect(stdout).not.toContain("manifest_json");
});
